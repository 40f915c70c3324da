"""From `ttir`, the floor above, to `ttnn`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter

from ...dialect import build, ttir
from ...dialect.guards import check_raw, refuse
from ...dialect.tensor_types import is_static, shape_of, shape_text, tensor_type
from ...dialect.ttir.convolution import EMPTY_OPS
from .conversion import convert_all, say_what_is_kept, walk_known
from .convolutions import conv2d, conv_transpose2d, permute_to, permuted_type
from .ttir_tensor_ops import TENSOR_CONVERSIONS, drops_elements, has_counterpart


def _is_convertible(op: Operation) -> bool:
    return isinstance(op, ttir.Convolution) or has_counterpart(op)


def _check(op: Operation) -> None:
    """Refuse what `ttnn` could not say: sizes that nobody knows, a weight that was prepared.

    Raises: PassFailedException.
    """
    if isinstance(op, ttir.Convolution):
        what, values = "an input and a weight", (op.input, op.weight)
        check_raw(op, op.weight)
    elif isinstance(op, ttir.Pool2dOp) or drops_elements(op):
        what, values = "an input", op.operands[:1]
    else:
        return
    for value in values:
        if not is_static(shape_of(value)):
            refuse(op, f"expected {what} of known shape, got {shape_text(shape_of(value))}")


def _convolved(op: ttir.Convolution, device: SSAValue) -> SSAValue:
    """The convolution on (N, H, W, C), between permutes where `op` has another order."""
    order = op.order
    declared = tensor_type(op.result)
    channels = op.geometry().out_channels
    image_type = permuted_type(tensor_type(op.input), order.to_nhwc)
    operands = [permute_to(op.input, order.to_nhwc, image_type, "image"), op.weight]
    if op.bias is not None:
        operands.append(build.reshape(op.bias, (1, 1, 1, channels), "bias"))
    operands.append(device)
    result_type = permuted_type(declared, order.to_nhwc)
    if isinstance(op, ttir.ConvTranspose2dOp):
        result = conv_transpose2d(op.geometry(), operands, result_type)
    else:
        assert isinstance(op, ttir.Conv2dOp)
        result = conv2d(op.geometry(), operands, result_type)
    return permute_to(result, order.from_nhwc, declared, "result")


def _is_convolution(op: Operation) -> bool:
    return isinstance(op, ttir.Convolution)


def _counterpart(op: Operation, device: SSAValue | None) -> SSAValue:
    if isinstance(op, ttir.Convolution):
        assert device is not None
        return _convolved(op, device)
    assert isinstance(op, ttir.TensorOp)
    return TENSOR_CONVERSIONS[type(op)](op)


def _read_by(op: Operation) -> Sequence[SSAValue]:
    """The operands whose values count: all but the destination."""
    if isinstance(op, ttir.Convolution):
        return [op.input, op.weight] if op.bias is None else [op.input, op.weight, op.bias]
    assert isinstance(op, ttir.TensorOp)
    return op.inputs


def _fill_what_is_read(found: Sequence[Operation]) -> None:
    """Zeros take the place of a `ttir.empty` that an op reads; TTIR says nothing of its values."""
    zeros: dict[Operation, SSAValue] = {}
    for op in found:
        for value in _read_by(op):
            empty = value.owner
            if not isinstance(empty, ttir.EmptyOp) or not is_static(shape_of(value)):
                continue
            if empty not in zeros:
                with build.rewriting(empty, PatternRewriter(empty)):
                    zeros[empty] = build.splat(tensor_type(value), 0, "zeros")
            op.operands = [zeros[empty] if each is value else each for each in op.operands]


def _erase_unused(ops: Sequence[Operation]) -> None:
    for op in ops:
        if not op.results[0].uses:
            PatternRewriter(op).erase(op)


@dataclass(frozen=True)
class ConvertTTIRToTTNNPass(ModulePass):
    """Rewrite `ttir.conv_transpose2d`, and the plain ops around it, into `ttnn`.

    A convolution whose dimensions stand in another order than (N, H, W, C) gets permutes around it;
    its bias becomes (1, 1, 1, O), its padding [height, width] or [top, bottom, left, right]. One
    `ttnn.get_device` a function serves all of them. `ttir.reverse` becomes `deconv.flip`, since
    TTNN has no such op. Destinations of the older form go when nothing uses them any more; a
    `ttir.empty` that is read, whose values TTIR leaves open, becomes zeros.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x2x4x5xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x3x9x9xf32> {
      %0 = ttir.empty() : tensor<1x3x9x9xf32>
      %1 = "ttir.conv_transpose2d"(%x, %w, %0) <{batch_dim = 0 : i64, channel_dim = 1 : i64,
        dilation = 1 : i32, groups = 1 : i32, height_dim = 2 : i64, output_padding = 0 : i32,
        padding = array<i32: 0, 1, 0, 1>, stride = array<i32: 2, 2>, width_dim = 3 : i64}>
        : (tensor<1x2x4x5xf32>, tensor<2x3x3x3xf32>, tensor<1x3x9x9xf32>) -> tensor<1x3x9x9xf32>
      return %1 : tensor<1x3x9x9xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x2x4x5xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x3x9x9xf32> {
      %device = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
      %image = "ttnn.permute"(%x) <{permutation = array<i64: 0, 2, 3, 1>}>
        : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
      %upsampled = "ttnn.conv_transpose2d"(%image, %w, %device) <{batch_size = 1 : i32,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
        out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1>,
        stride = array<i32: 2, 2>}>
        : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x9x9x3xf32>
      %result = "ttnn.permute"(%upsampled) <{permutation = array<i64: 0, 3, 1, 2>}>
        : (tensor<1x9x9x3xf32>) -> tensor<1x3x9x9xf32>
      return %result : tensor<1x3x9x9xf32>
    }
    ```
    Requires: nothing. Ensures: the values of the module stay; `ttir` ops without a counterpart
    stay too, and a remark names them.
    Refuses: convolutions, poolings and pads with negative amounts, if of unknown shape; weights
    that a prepare op of `ttnn` makes.
    """

    name = "convert-ttir-to-ttnn"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        found = [inner for inner in walk_known(op) if _is_convertible(inner)]
        empties = [inner for inner in walk_known(op) if inner.name in EMPTY_OPS]
        for inner in found:
            _check(inner)
        _fill_what_is_read(found)
        convert_all(found, _counterpart, _is_convolution)
        _erase_unused(empties)
        say_what_is_kept(op, "ttir", self.name)
