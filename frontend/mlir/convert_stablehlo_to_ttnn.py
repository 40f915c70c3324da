"""From `stablehlo`, as JAX prints it, to `ttnn`."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from ...dialect.guards import check_raw, refuse
from ...dialect.stablehlo.convolution import ConvolutionOp
from ...dialect.tensor_types import element_type_of, is_static, shape_of, shape_text
from ...dialect.ttnn.element_types import element_types_combine
from .conversion import convert_all, say_what_is_kept, walk_known
from .stablehlo_convolutions import build_plain, build_transposed, plan_transposed
from .stablehlo_reading import PLANAR
from .stablehlo_tensor_ops import TENSOR_CONVERSIONS, has_counterpart


def _is_transposed(op: ConvolutionOp) -> bool:
    """Whether there are zeros between the inputs, in one or two spatial dimensions."""
    return op.dimensions.spatial_rank in PLANAR and max(op.lhs_dilations) > 1


def _is_plain(op: ConvolutionOp) -> bool:
    """Whether `ttnn.conv2d` takes a convolution that is not transposed."""
    values = (op.lhs, op.rhs, op.result)
    if op.dimensions.spatial_rank not in PLANAR or _is_transposed(op) or op.group_counts[1] > 1:
        return False
    if not all(is_static(shape_of(value)) for value in values):
        return False
    return element_types_combine([element_type_of(value) for value in values])


def _check(op: ConvolutionOp) -> None:
    """Refuse a transposed convolution that `ttnn.conv_transpose2d` cannot say.

    Raises: PassFailedException.
    """
    if max(op.strides) > 1:
        got = ", ".join(map(str, op.strides))
        refuse(op, f"expected window strides of 1 beside an lhs_dilate above 1, got {got}")
    if op.group_counts[1] > 1:
        refuse(
            op,
            "expected batch_group_count = 1 beside an lhs_dilate above 1, "
            f"got {op.group_counts[1]}",
        )
    for value in (op.lhs, op.rhs, op.result):
        if not is_static(shape_of(value)):
            refuse(op, f"expected tensors of known shape, got {shape_text(shape_of(value))}")
    check_raw(op, op.rhs)
    types = [element_type_of(value) for value in (op.lhs, op.rhs, op.result)]
    if not element_types_combine(types):
        got = ", ".join(map(str, types))
        refuse(op, f"expected element types all floats or all the same integer, got {got}")


def _is_convolution(op: Operation) -> bool:
    return isinstance(op, ConvolutionOp)


def _counterpart(op: Operation, device: SSAValue | None) -> SSAValue:
    if not isinstance(op, ConvolutionOp):
        return TENSOR_CONVERSIONS[type(op)](op)
    assert device is not None
    if _is_transposed(op):
        return build_transposed(op, plan_transposed(op), device)
    return build_plain(op, device)


@dataclass(frozen=True)
class ConvertStableHLOToTTNNPass(ModulePass):
    """Rewrite `stablehlo.convolution`, transposed or plain, and what is around it, into `ttnn`.

    A convolution with an lhs_dilate above 1 is a transposed convolution. Where its kernel comes
    from a `stablehlo.reverse` of exactly the spatial dimensions (or the window is reversed in
    both), the op takes what is reversed, and mirrors it; else `mirror_kernel = false`. A reverse of
    other dimensions is a value like any other. Zeros around become padding and output padding,
    neither ever negative; zeros in front that no tap reaches are put in front of the result. With
    every lhs_dilate 1 it is a plain convolution, and becomes `ttnn.conv2d`. Over one spatial
    dimension both are of images of height 1.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<3x3x3x2xf32>) -> tensor<1x9x9x3xf32> {
      %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f],
        window = {pad = [[2, 2], [1, 1]], lhs_dilate = [2, 2]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
        : (tensor<1x4x5x2xf32>, tensor<3x3x3x2xf32>) -> tensor<1x9x9x3xf32>
      return %0 : tensor<1x9x9x3xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<3x3x3x2xf32>) -> tensor<1x9x9x3xf32> {
      %device = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
      %weight = "ttnn.permute"(%w) <{permutation = array<i64: 3, 2, 0, 1>}>
        : (tensor<3x3x3x2xf32>) -> tensor<2x3x3x3xf32>
      %upsampled = "ttnn.conv_transpose2d"(%x, %weight, %device) <{batch_size = 1 : i32,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
        mirror_kernel = false, out_channels = 3 : i32, output_padding = array<i32: 0, 0>,
        padding = array<i32: 0, 1>, stride = array<i32: 2, 2>}>
        : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x9x9x3xf32>
      return %upsampled : tensor<1x9x9x3xf32>
    }
    ```
    Requires: nothing. Ensures: the values of the module stay; `stablehlo` ops without a counterpart
    stay too, convolutions over three dimensions among them, and a remark names them.
    Refuses: an lhs_dilate above 1 together with window strides above 1, a batch_group_count above
    1, unknown shapes, element types that do not combine, weights that a prepare op of `ttnn` makes.
    """

    name = "convert-stablehlo-to-ttnn"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        found: list[Operation] = []
        for inner in walk_known(op):
            if isinstance(inner, ConvolutionOp) and _is_transposed(inner):
                _check(inner)
                found.append(inner)
            elif (isinstance(inner, ConvolutionOp) and _is_plain(inner)) or has_counterpart(inner):
                found.append(inner)
        convert_all(found, _counterpart, _is_convolution)
        say_what_is_kept(op, "stablehlo", self.name)
