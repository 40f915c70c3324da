"""What `auto_pad` and `output_shape` stand for: (low, high) of one axis."""

from __future__ import annotations

from ...dialect.geometry.plain import ConvAxis
from ...dialect.geometry.transposed import TransposedAxis

SAME = ("SAME_UPPER", "SAME_LOWER")
AUTO_PADS = ("NOTSET", "VALID", *SAME)


def split_padding(total: int, auto_pad: str) -> tuple[int, int]:
    """(low, high) that add up to `total`; of an odd one SAME_UPPER puts more behind.

    All other kinds put more in front, those that are computed from `output_shape` included.
    Example: split_padding(3, "SAME_UPPER") is (1, 2), split_padding(3, "NOTSET") is (2, 1).
    """
    less, more = total // 2, total - total // 2
    return (less, more) if auto_pad == "SAME_UPPER" else (more, less)


def same_padding(axis: ConvAxis, auto_pad: str) -> tuple[int, int]:
    """The padding of a convolution or a pooling that gives ceil(size / stride) elements.

    `axis` has none. Example: size 5, kernel 4, stride 2 needs 3 more elements for 3 windows.
    """
    windows = -(-axis.size // axis.stride)
    total = (windows - 1) * axis.stride + axis.kernel_extent - axis.size
    return split_padding(max(total, 0), auto_pad)


def transposed_padding(
    axis: TransposedAxis, auto_pad: str, output_size: int | None
) -> tuple[int, int]:
    """The padding of a transposed convolution that gives `output_size`, or size * stride.

    `axis` has none. Where there is nothing to cut off, an `output_size` that is larger yet means
    more elements behind, whatever `auto_pad` says, and SAME without one means no padding: so does
    onnxruntime. ONNX's reference splits negative amounts instead.

    Source: ONNX, ConvTranspose. Example: size 3, kernel 3, stride 2 gives 7; for 8 it is (0, -1).
    """
    wanted = axis.size * axis.stride if output_size is None else output_size
    total = axis.output_size - wanted
    if total >= 0:
        return split_padding(total, auto_pad)
    return (0, 0) if output_size is None else (0, total)
