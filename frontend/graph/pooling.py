"""Poolings of windows, and pixels repeated."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    BoolAttr,
    IntegerAttr,
    IntegerType,
    Signedness,
    TensorType,
)
from xdsl.ir import Attribute

from ...dialect import ttnn
from ...dialect.geometry import ConvAxis, Pool2dGeometry, flattened, with_ceil_mode
from ...dialect.tensor_shapes import upsample_shape
from ...passes import build
from .convolutions import ONE_BY_ONE, Convolutions, Sliding, spatial_axes
from .names import value_name
from .values import Tensor, Value, extents

SI32 = IntegerType(32, Signedness.SIGNED)


class Pooling(Convolutions):
    """Ops on the pixels of each channel by itself."""

    def max_pool(
        self,
        x: Value,
        kernel: tuple[int, ...],
        sliding: Sliding = ONE_BY_ONE,
        *,
        ceil_mode: bool = False,
        name: str = "max_pool",
    ) -> Tensor:
        """The largest element of each window of a signal or an image.

        With `ceil_mode` a last window may reach behind the padding.
        Raises: ValueError for what does not fit together.
        """
        at, sizes = sliding.of_rank_2(), extents(x.shape)
        taps = (1, *kernel)[-2:]
        height, width = (ConvAxis(*axis) for axis in spatial_axes(sizes, taps, at))
        rows, columns = height, width
        if ceil_mode:
            rows, columns = with_ceil_mode(height), with_ceil_mode(width)
        geometry = Pool2dGeometry(sizes.batch, sizes.channels, rows, columns)
        properties: dict[str, Attribute] = {
            "batch_size": IntegerAttr(sizes.batch, SI32),
            "ceil_mode": BoolAttr.from_bool(ceil_mode),
            "channels": IntegerAttr(sizes.channels, SI32),
            "dilation": build.i32_array((height.dilation, width.dilation)),
            "input_height": IntegerAttr(sizes.height, SI32),
            "input_width": IntegerAttr(sizes.width, SI32),
            "kernel_size": build.i32_array(taps),
            "padding": build.i32_array(ttnn.write_pool_padding(*at.padding)),
            "stride": build.i32_array((height.stride, width.stride)),
        }
        _, *spatial, _ = geometry.output_shape
        type_ = TensorType(x.element_type, flattened(geometry.output_shape))
        result = self.create(ttnn.MaxPool2dOp, [self.pixels(x)], properties, type_, name)
        shape = (*x.shape[:2], *spatial[-(len(x.shape) - 2) :])
        return Tensor(result, shape, True)

    def upsample_nearest(
        self, x: Value, factors: tuple[int, ...], *, name: str = "upsample"
    ) -> Tensor:
        """Every element of a signal or an image so many times along each spatial axis.

        Raises: ValueError for factors below 1.
        """
        height, width = (1, *factors)[-2:]
        image = upsample_shape(extents(x.shape).nhwc, (height, width))
        properties = {"scale_factor": build.i32_array((height, width))}
        type_ = TensorType(x.element_type, image)
        result = self.create(ttnn.UpsampleOp, [self.image(x)], properties, type_, name)
        _, *spatial, _ = image
        shape = (*x.shape[:2], *spatial[-(len(x.shape) - 2) :])
        return self.from_image(result, shape, value_name(f"{name}_pixels"))
