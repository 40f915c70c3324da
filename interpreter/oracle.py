"""What a transposed convolution means: every input element scatters its taps into the output.

This is the definition every decomposition is judged by; nothing here is used to lower one.
NumPy alone, tap by tap. Layouts: input and output (N, H, W, C), weights (C, O/G, KH, KW).
"""

from __future__ import annotations

import numpy as np

from ..dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from ..dialect.numpy_types import Array
from .contraction import matmul
from .errors import fail


def conv_transpose2d(
    values: Array, taps: Array, bias: Array | None, geometry: ConvTranspose2dGeometry
) -> Array:
    """out[n, y, x, o] = bias[o] + sum of in[n, i, j, c] * taps[c, o mod O/G, kh, kw] over all
    (i, j, c, kh, kw) with y = i*stride - pad_top + dilation*kh, x alike, and c in o's group.

    Everything is in one element type, which sums are held in. `taps` is what `read_taps` gives.

    Example: input [[1]] of one channel with 2x2 taps and stride 2 gives the taps.
    """
    batch, height, width, channels = values.shape
    groups = geometry.groups
    scattered = np.zeros(scattered_shape(geometry), values.dtype)
    rows = values.reshape(batch * height * width, groups, channels // groups).transpose(1, 0, 2)
    by_group = taps.reshape(groups, channels // groups, *taps.shape[1:])
    for kernel_row in range(geometry.height.kernel):
        for kernel_column in range(geometry.width.kernel):
            tap = by_group[..., kernel_row, kernel_column]
            product = matmul(rows, tap).transpose(1, 0, 2)
            landing = (
                slice(None),
                _landing(geometry.height, kernel_row),
                _landing(geometry.width, kernel_column),
            )
            scattered[landing] += product.reshape(batch, height, width, groups, _outputs(geometry))
    whole = scattered.reshape(*scattered.shape[:3], geometry.out_channels)
    result = whole[:, _kept(geometry.height), _kept(geometry.width)]
    return result if bias is None else result + bias


def scattered_shape(geometry: ConvTranspose2dGeometry) -> tuple[int, int, int, int, int]:
    """(N, H, W, G, O/G) of the buffer that taps are scattered into, before it is cropped."""
    height, width = _extent(geometry.height), _extent(geometry.width)
    return (geometry.batch, height, width, geometry.groups, _outputs(geometry))


def _outputs(geometry: ConvTranspose2dGeometry) -> int:
    return geometry.out_channels // geometry.groups


def _extent(axis: TransposedAxis) -> int:
    """Rows of the buffer that is scattered into: all landings, and all rows that are kept."""
    landings = (axis.size - 1) * axis.stride + axis.dilation * (axis.kernel - 1) + 1
    return max(landings, _kept(axis).stop)


def _landing(axis: TransposedAxis, tap: int) -> slice:
    """Where the elements of an axis land through one tap, before padding is cropped."""
    first = tap * axis.dilation
    return slice(first, first + (axis.size - 1) * axis.stride + 1, axis.stride)


def _kept(axis: TransposedAxis) -> slice:
    """What padding crops off both ends, and output_padding adds at the far one."""
    size = (
        (axis.size - 1) * axis.stride
        - (axis.pad_low + axis.pad_high)
        + axis.dilation * (axis.kernel - 1)
        + axis.output_padding
        + 1
    )
    return slice(axis.pad_low, axis.pad_low + size)


def read_taps(
    weight: Array, geometry: ConvTranspose2dGeometry, *, mirror: bool, prepared: bool
) -> Array:
    """The weight as (C, O/G, KH, KW) taps in the order in which the definition counts them.

    A raw weight is that when it is mirrored, and is read in reverse when not. A prepared one holds
    the kernel of the convolution, in which either comes out reversed once.

    Raises: ExecutionError when the shape is not the geometry's.
    """
    expected = geometry.prepared_weight_shape if prepared else geometry.weight_shape
    if weight.shape != expected:
        kind = "prepared" if prepared else "raw"
        fail(f"expected a {kind} weight of shape {expected}, got {weight.shape}")
    if not prepared:
        return weight if mirror else weight[:, :, ::-1, ::-1]
    return _unprepare(weight, geometry)[:, :, ::-1, ::-1]


def prepare_weight(weight: Array, geometry: ConvTranspose2dGeometry, *, mirror: bool) -> Array:
    """1 x 1 x (KH*KW*C/G) x O: rows (kh, kw, c in the group) of the convolution kernel, columns o.

    That kernel is the weight flipped along both axes, or as it stands where `mirror` is false.
    """
    kernel = weight[:, :, ::-1, ::-1] if mirror else weight
    groups = geometry.groups
    by_group = kernel.reshape(groups, -1, *kernel.shape[1:])
    rows_first = by_group.transpose(3, 4, 1, 0, 2)
    return rows_first.reshape(geometry.prepared_weight_shape)


def _unprepare(weight: Array, geometry: ConvTranspose2dGeometry) -> Array:
    """The kernel (C, O/G, KH, KW) that `prepare_weight` laid out."""
    height, width = geometry.height.kernel, geometry.width.kernel
    by_row = weight.reshape(height, width, -1, geometry.groups, _outputs(geometry))
    return by_row.transpose(3, 2, 4, 0, 1).reshape(geometry.weight_shape)
