"""Conv, ConvTranspose, BatchNormalization, Gemm and MatMul."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...dialect.geometry.onnx_padding import read_onnx_padding
from ...dialect.geometry.plain import ConvAxis
from ...dialect.geometry.transposed import TransposedAxis
from ...dialect.numpy_types import Array, convert
from ..graph import BatchNorm, Constant, Sliding, Value, array_type
from ..graph.values import check_ranks
from .node import Node, Unsupported, converts, spatial_rank
from .padding import AUTO_PADS, SAME, same_padding, transposed_padding


def _kernel(node: Node, weight: Value) -> tuple[int, ...]:
    """Taps along each spatial axis, as the weight has them and `kernel_shape` repeats."""
    kernel = weight.shape[2:]
    stated = node.integers("kernel_shape")
    if stated is not None and stated != kernel:
        raise ValueError(
            f"expected 'kernel_shape' {list(kernel)} of the weight, got {list(stated)}"
        )
    check_ranks(node.value(0), weight)
    return kernel


def explicit_padding(node: Node, axes: int, auto_pad: str) -> tuple[tuple[int, int], ...]:
    """The attribute `pads`, which stands alone. Raises: ValueError where it does not."""
    pads = node.integers("pads")
    if pads is None:
        return ((0, 0),) * axes
    if auto_pad != "NOTSET" and any(pads):
        raise ValueError(f"expected no 'pads' beside auto_pad {auto_pad}, got {list(pads)}")
    padding = read_onnx_padding(pads)
    if len(padding) != axes:
        raise ValueError(f"expected 'pads' of {2 * axes} values, got {len(pads)}")
    return padding


def window_padding(
    node: Node, sizes: Sequence[int], kernel: Sequence[int], sliding: Sliding
) -> tuple[tuple[int, int], ...]:
    """The padding of a convolution or a pooling, (low, high) of each axis."""
    auto_pad = node.one_of("auto_pad", "NOTSET", AUTO_PADS)
    explicit = explicit_padding(node, len(kernel), auto_pad)
    if auto_pad not in SAME:
        return explicit
    rows = zip(sizes, kernel, sliding.stride, sliding.dilation, strict=True)
    return tuple(
        same_padding(ConvAxis(size, taps, stride, dilation=dilation), auto_pad)
        for size, taps, stride, dilation in rows
    )


@converts("Conv")
def convert_conv(node: Node) -> Value:
    x, weight = node.value(0), node.value(1)
    axes = spatial_rank(x.shape)
    kernel = _kernel(node, weight)
    sliding = Sliding(
        node.positive("strides", axes),
        (),
        node.positive("dilations", axes),
        groups=node.integer("group", 1),
    )
    padding = window_padding(node, x.shape[2:], kernel, sliding)
    sliding = Sliding(sliding.stride, padding, sliding.dilation, groups=sliding.groups)
    return node.builder.conv(x, weight, node.given(2), sliding, name=node.result)


@converts("ConvTranspose")
def convert_conv_transpose(node: Node) -> Value:
    x, weight = node.value(0), node.value(1)
    axes = spatial_rank(x.shape)
    kernel = _kernel(node, weight)
    strides, dilations = node.positive("strides", axes), node.positive("dilations", axes)
    extra = node.per_axis("output_padding", axes, 0)
    rows = zip(x.shape[2:], kernel, strides, dilations, extra, strict=True)
    bare = [
        TransposedAxis(size, taps, stride, dilation=dilation, output_padding=more)
        for size, taps, stride, dilation, more in rows
    ]
    padding = _transposed_padding(node, bare)
    sliding = Sliding(strides, padding, dilations, extra, node.integer("group", 1))
    return node.builder.conv_transpose(x, weight, node.given(2), sliding, name=node.result)


def _transposed_padding(node: Node, axes: Sequence[TransposedAxis]) -> tuple[tuple[int, int], ...]:
    """What `output_shape`, `auto_pad` and `pads` say, in this order of precedence."""
    auto_pad = node.one_of("auto_pad", "NOTSET", AUTO_PADS)
    explicit = explicit_padding(node, len(axes), auto_pad)
    wanted = node.integers("output_shape")
    if wanted is not None:
        if len(wanted) != len(axes):
            raise ValueError(f"expected 'output_shape' of {len(axes)} values, got {len(wanted)}")
        pairs = zip(axes, wanted, strict=True)
        return tuple(transposed_padding(axis, auto_pad, size) for axis, size in pairs)
    if auto_pad in SAME:
        return tuple(transposed_padding(axis, auto_pad, None) for axis in axes)
    return explicit


@converts("BatchNormalization")
def convert_batch_normalization(node: Node) -> Value:
    trains = node.integer("training_mode", 0) or (node.opset < 14 and node.is_read(1))
    if trains:
        raise Unsupported("expected inference, got training_mode 1")
    if not node.integer("spatial", 1):
        raise Unsupported("expected statistics of whole channels, got spatial 0")
    x = node.value(0)
    if len(x.shape) < 2:
        raise Unsupported(f"expected channels in dimension 1, got rank {len(x.shape)}")
    names = ("a scale", "a bias", "a mean", "a variance")
    statistics: list[Array] = []
    for index, name in enumerate(names, 1):
        array = node.known(index, name)
        if array is None or array.size != x.shape[1]:
            got = "none" if array is None else str(array.size)
            raise ValueError(f"expected {name} of {x.shape[1]} channels, got {got}")
        statistics.append(array.reshape(-1))
    scale, bias, mean, variance = statistics
    norm = BatchNorm(scale, bias, mean, variance, node.number("epsilon", 1e-5))
    return node.builder.batch_norm(x, norm, name=node.result)


@converts("MatMul")
def convert_matmul(node: Node) -> Value:
    a, b = node.value(0), node.value(1)
    if len(a.shape) == len(b.shape) == 1:
        raise Unsupported("expected a matrix, got two vectors")
    return node.builder.matmul(a, b, name=node.result)


@converts("Gemm")
def convert_gemm(node: Node) -> Value:
    a, b, c = node.value(0), node.value(1), node.given(2)
    b = _scaled(node, b, node.number("alpha", 1.0))
    product = node.builder.matmul(
        a,
        b,
        transpose_a=bool(node.integer("transA", 0)),
        transpose_b=bool(node.integer("transB", 0)),
        name=node.result,
    )
    if c is None or node.number("beta", 1.0) == 0:
        return product
    return node.builder.add(product, _scaled(node, c, node.number("beta", 1.0)), name=node.result)


def _scaled(node: Node, value: Value, factor: float) -> Value:
    """value * factor, worked out here where the value is known."""
    if factor == 1:
        return value
    if isinstance(value, Constant):
        wide = value.array.astype(np.float64) * factor
        return Constant(convert(wide, value.array.dtype), value.name)
    scalar = np.asarray(factor)
    dtype = array_type(value)
    return node.builder.multiply(value, node.builder.constant(convert(scalar, dtype), "factor"))
