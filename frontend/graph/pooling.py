"""Poolings of windows, and pixels repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import (
    BoolAttr,
    TensorType,
)
from xdsl.ir import Attribute

from ...dialect import i32, ttnn
from ...dialect.geometry.plain import ConvAxis, Pool2dGeometry, with_ceil_mode
from ...dialect.geometry.shapes import flattened, upsample_shape
from .convolutions import Convolutions, spatial_axes
from .names import value_name
from .sliding import ONE_BY_ONE, Sliding, height_and_width
from .values import Tensor, Value, extents


@dataclass(frozen=True)
class Windows:
    """The windows of a pooling: taps along each spatial axis, and how they move.

    With `ceil_mode` a last window may reach behind the padding.
    """

    kernel: tuple[int, ...]
    sliding: Sliding = ONE_BY_ONE
    ceil_mode: bool = False


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
        return self._pool(ttnn.MaxPool2dOp, x, Windows(kernel, sliding, ceil_mode), name)

    def avg_pool(
        self,
        x: Value,
        kernel: tuple[int, ...],
        sliding: Sliding = ONE_BY_ONE,
        *,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        name: str = "avg_pool",
    ) -> Tensor:
        """The average of each window of a signal or an image, of its padding too if that counts.

        Raises: ValueError for what does not fit together.
        """
        counts: dict[str, Attribute] = {"count_include_pad": BoolAttr.from_bool(count_include_pad)}
        return self._pool(ttnn.AvgPool2dOp, x, Windows(kernel, sliding, ceil_mode), name, counts)

    def global_avg_pool(self, x: Value, *, name: str = "global_avg_pool") -> Tensor:
        """The average of each channel of a signal or an image; spatial axes stay, of size 1."""
        sizes = extents(x.shape)
        type_ = TensorType(x.element_type, (sizes.batch, 1, 1, sizes.channels))
        result = self.create(ttnn.GlobalAvgPool2dOp, [self.image(x)], {}, type_, name)
        shape = (*x.shape[:2], *[1] * (len(x.shape) - 2))
        return self.from_image(result, shape, value_name(f"{name}_pixels"))

    def _pool(
        self,
        kind: type[ttnn.Pool2dOp],
        x: Value,
        windows: Windows,
        name: str,
        more: Mapping[str, Attribute] | None = None,
    ) -> Tensor:
        """A pooling, on flattened pixels; `more` are properties of its kind alone."""
        axes, sizes = len(x.shape) - 2, extents(x.shape)
        at = windows.sliding.of_rank_2(axes)
        taps = height_and_width(windows.kernel, axes, 1, "kernel")
        height, width = (ConvAxis(*axis) for axis in spatial_axes(sizes, taps, at))
        rows, columns = height, width
        if windows.ceil_mode:
            rows, columns = with_ceil_mode(height), with_ceil_mode(width)
        geometry = Pool2dGeometry(sizes.batch, sizes.channels, rows, columns)
        lists = {
            "dilation": (height.dilation, width.dilation),
            "kernel_size": taps,
            "padding": ttnn.write_pool_padding(*at.padding),
            "stride": (height.stride, width.stride),
        }
        properties: dict[str, Attribute] = {
            "batch_size": i32.i32_attr("batch_size", sizes.batch, i32.SI32),
            "ceil_mode": BoolAttr.from_bool(windows.ceil_mode),
            "channels": i32.i32_attr("channels", sizes.channels, i32.SI32),
            "input_height": i32.i32_attr("input_height", sizes.height, i32.SI32),
            "input_width": i32.i32_attr("input_width", sizes.width, i32.SI32),
            **i32.properties(lists),
            **(more or {}),
        }
        _, *spatial, _ = geometry.output_shape
        type_ = TensorType(x.element_type, flattened(geometry.output_shape))
        result = self.create(kind, [self.pixels(x)], properties, type_, name)
        shape = (*x.shape[:2], *spatial[-(len(x.shape) - 2) :])
        return Tensor(result, shape, True)

    def upsample_nearest(
        self, x: Value, factors: tuple[int, ...], *, name: str = "upsample"
    ) -> Tensor:
        """Every element of a signal or an image so many times along each spatial axis.

        Raises: ValueError for factors below 1.
        """
        sizes, axes = extents(x.shape), len(x.shape) - 2
        height, width = height_and_width(factors, axes, 1, "factors")
        image = upsample_shape(sizes.nhwc, (height, width))
        properties = i32.properties({"scale_factor": (height, width)})
        type_ = TensorType(x.element_type, image)
        result = self.create(ttnn.UpsampleOp, [self.image(x)], properties, type_, name)
        _, *spatial, _ = image
        shape = (*x.shape[:2], *spatial[-(len(x.shape) - 2) :])
        return self.from_image(result, shape, value_name(f"{name}_pixels"))
