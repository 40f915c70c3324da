"""From the weight of a transposed convolution to the kernel of the convolution that replaces it."""

from __future__ import annotations

from xdsl.dialects.builtin import AnyFloat
from xdsl.ir import SSAValue

from ....dialect import build, ttnn
from ....dialect.geometry.transposed import ConvTranspose2dGeometry
from ....dialect.guards import refuse
from ....dialect.numerics import weight_precision
from ....dialect.remarks import remark
from ....dialect.tensor_types import element_type_of, shape_of, shape_text

Convolution = ttnn.ConvTranspose2dOp | ttnn.Conv2dOp


def convolution_weight(op: ttnn.ConvTranspose2dOp) -> SSAValue:
    """Build the (O, C/G, KH, KW) kernel that `op` convolves its dilated input with.

    A raw weight is flipped where the op mirrors it; a prepared one has been.
    Raises: PassFailedException when a prepared weight has another shape than this project's.
    """
    geometry = op.geometry()
    if op.has_prepared_weight():
        return _from_prepared(op, geometry)
    flipped = build.flip(op.weight, (2, 3), "flipped") if op.mirrors_kernel else op.weight
    return _swap_channels(flipped, geometry)


def check_prepared_shape(op: ttnn.ConvTranspose2dOp) -> None:
    """Refuse a weight that something else prepared."""
    expected, got = op.geometry().prepared_weight_shape, shape_of(op.weight)
    if op.has_prepared_weight() and got != expected:
        refuse(
            op,
            f"expected a prepared weight of shape {shape_text(expected)}, got {shape_text(got)}",
        )


def precision_of(op: Convolution | ttnn.PrepareConvTranspose2dWeightsOp) -> AnyFloat | None:
    """The float type that the weight of `op` is rounded to first; None where that changes nothing.

    Raises: PassFailedException for a data type that is no float.
    """
    name = op.weights_dtype()
    if name is not None and name.startswith("bfp_"):
        remark(f"weights_dtype {name} is treated as bf16", op)
    weight = op.weight if isinstance(op, Convolution) else op.weight_tensor
    try:
        return weight_precision(element_type_of(weight), name)
    except ValueError as error:
        refuse(op, str(error))


def _swap_channels(weight: SSAValue, geometry: ConvTranspose2dGeometry) -> SSAValue:
    # C,O/G,KH,KW -> G,C/G,O/G,KH,KW -> G,O/G,C/G,KH,KW -> O,C/G,KH,KW
    kernel = (geometry.height.kernel, geometry.width.kernel)
    inner, outer = geometry.in_channels_per_group, geometry.out_channels_per_group
    if geometry.groups == 1:
        return build.permute(weight, (1, 0, 2, 3), "kernel")
    grouped = build.reshape(weight, (geometry.groups, inner, outer, *kernel), "grouped_weight")
    if inner != 1 and outer != 1:
        grouped = build.permute(grouped, (0, 2, 1, 3, 4), "swapped_weight")
    return build.reshape(grouped, (geometry.out_channels, inner, *kernel), "kernel")


def _from_prepared(op: ttnn.ConvTranspose2dOp, geometry: ConvTranspose2dGeometry) -> SSAValue:
    # 1,1,KH*KW*C/G,O -> KH,KW,C/G,O -> O,C/G,KH,KW
    kernel = (geometry.height.kernel, geometry.width.kernel)
    shape = (*kernel, geometry.in_channels_per_group, geometry.out_channels)
    taps = build.reshape(op.weight, shape, "taps")
    return build.permute(taps, (3, 2, 0, 1), "kernel")


def prepared_weight(op: ttnn.PrepareConvTranspose2dWeightsOp) -> SSAValue:
    """Build the prepared weight (1, 1, KH*KW*C/G, O), rounded as the op is configured.

    Raises: PassFailedException for a data type of weights that is no float.
    """
    geometry = op.geometry()
    weight = op.weight_tensor
    flipped = build.flip(weight, (2, 3), "flipped") if op.mirrors_kernel else weight
    kernel = _swap_channels(flipped, geometry)
    taps = build.permute(kernel, (2, 3, 1, 0), "taps")
    prepared = build.reshape(taps, geometry.prepared_weight_shape, "prepared")
    precision = precision_of(op)
    return prepared if precision is None else build.typecast(prepared, precision, "rounded")
