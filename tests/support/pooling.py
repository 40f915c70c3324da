"""Poolings as test cases: their IR, and what they give, one window at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray

from .ir import function_ir, generic_op, i32_array, tensor

Array = NDArray[Any]


def si32(value: int) -> str:
    return f"{value} : si32"


@dataclass(frozen=True)
class Pool:
    """One `ttnn.max_pool2d`, or `ttnn.avg_pool2d` where `average` says so.

    Pairs are (height, width), padding is (top, left, bottom, right).
    """

    size: tuple[int, int]
    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: tuple[int, int] = (1, 1)
    ceil_mode: bool = False
    batch: int = 2
    channels: int = 3
    average: bool = False
    count_include_pad: bool = True
    changed: dict[str, str | None] = field(default_factory=dict[str, str | None])

    @property
    def input_shape(self) -> tuple[int, ...]:
        return (self.batch, *self.size, self.channels)

    def outputs(self, axis: int) -> int:
        """Windows along an axis, as PyTorch documents it."""
        low, high = self.padding[axis], self.padding[axis + 2]
        extent = self.dilation[axis] * (self.kernel[axis] - 1) + 1
        steps = (self.size[axis] + low + high - extent) / self.stride[axis]
        if not self.ceil_mode:
            return floor(steps) + 1
        count = ceil(steps) + 1
        starts_inside = (count - 1) * self.stride[axis] < self.size[axis] + low
        return count if starts_inside else count - 1

    @property
    def output_shape(self) -> tuple[int, ...]:
        return (self.batch, self.outputs(0), self.outputs(1), self.channels)

    @property
    def properties(self) -> dict[str, str | None]:
        top, left, bottom, right = self.padding
        is_pair = (top, left) == (bottom, right)
        stated = {
            "batch_size": si32(self.batch),
            "ceil_mode": str(self.ceil_mode).lower(),
            "channels": si32(self.channels),
            "dilation": i32_array(self.dilation),
            "input_height": si32(self.size[0]),
            "input_width": si32(self.size[1]),
            "kernel_size": i32_array(self.kernel),
            "padding": i32_array((top, left) if is_pair else self.padding),
            "stride": i32_array(self.stride),
        }
        if self.average:
            stated["count_include_pad"] = str(self.count_include_pad).lower()
        return stated | self.changed

    @property
    def name(self) -> str:
        return "ttnn.avg_pool2d" if self.average else "ttnn.max_pool2d"

    def op(self, operand: str, types: tuple[str, str]) -> str:
        return generic_op(self.name, [(operand, types[0])], self.properties, [types[1]])

    def ir(
        self,
        element_type: str = "f32",
        types: tuple[str, str] | None = None,
        name: str = "main",
    ) -> str:
        """A function of the op alone; `types` are those of operand and result."""
        batch, height, width, channels = self.output_shape
        before, after = types or (
            tensor((1, 1, self.batch * self.size[0] * self.size[1], self.channels), element_type),
            tensor((1, 1, batch * max(height, 0) * max(width, 0), channels), element_type),
        )
        body = f"%y = {self.op('x', (before, after))}"
        return function_ir(name, [("x", before)], body, [("y", after)])

    def averages(self, x: Array) -> Array:
        """The average of each window of (N, H, W, C) in f64, in the flattened form."""
        image = x.reshape(self.input_shape).astype(np.float64)
        top, left, bottom, right = self.padding
        sums = np.zeros(self.output_shape)
        counts = np.zeros(self.output_shape[1:3])
        for row, column, kh, kw in np.ndindex(*self.output_shape[1:3], *self.kernel):
            i = row * self.stride[0] - top + kh * self.dilation[0]
            j = column * self.stride[1] - left + kw * self.dilation[1]
            inside = 0 <= i < self.size[0] and 0 <= j < self.size[1]
            padded = -top <= i < self.size[0] + bottom and -left <= j < self.size[1] + right
            counts[row, column] += padded if self.count_include_pad else inside
            if inside:
                sums[:, row, column] += image[:, i, j]
        with np.errstate(invalid="ignore"):
            return (sums / counts[..., None]).reshape(1, 1, -1, self.channels)

    def expected(self, x: Array) -> Array:
        """The largest element of each window of (N, H, W, C), in the flattened form."""
        image = x.reshape(self.input_shape)
        out = np.full(self.output_shape, _nothing(x.dtype), x.dtype)
        for row, column, kh, kw in np.ndindex(*self.output_shape[1:3], *self.kernel):
            i = row * self.stride[0] - self.padding[0] + kh * self.dilation[0]
            j = column * self.stride[1] - self.padding[1] + kw * self.dilation[1]
            if 0 <= i < self.size[0] and 0 <= j < self.size[1]:
                for n, c in np.ndindex(self.batch, self.channels):
                    seen, best = image[n, i, j, c], out[n, row, column, c]
                    if not best >= seen and best == best:  # NaN is never exceeded, and stays
                        out[n, row, column, c] = seen
        return out.reshape(1, 1, -1, self.channels)


def _nothing(dtype: Any) -> Any:
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


@st.composite
def pools(draw: st.DrawFn, average: bool = False) -> Pool:
    """Any pooling with an output: windows in the padding and larger than the input included."""

    def pair(low: int, high: int) -> tuple[int, int]:
        return (draw(st.integers(low, high)), draw(st.integers(low, high)))

    kernel, dilation = pair(1, 4), pair(1, 3)
    pads = [
        draw(st.integers(0, d * (k - 1))) for k, d in (*zip(kernel, dilation, strict=True),) * 2
    ]
    pool = Pool(
        pair(1, 8),
        kernel,
        pair(1, 4),
        (pads[0], pads[1], pads[2], pads[3]),
        dilation,
        draw(st.booleans()),
        draw(st.integers(1, 2)),
        draw(st.integers(1, 3)),
        average,
        draw(st.booleans()),
    )
    fits = all(
        kernel[axis] <= pool.size[axis] + pads[axis] + pads[axis + 2] and pool.outputs(axis) >= 1
        for axis in (0, 1)
    )
    assume(fits)
    return pool


def upsample_ir(
    shape: tuple[int, ...],
    factors: tuple[int, int],
    mode: str = "nearest",
    element_type: str = "f32",
    name: str = "main",
    result_type: str | None = None,
) -> str:
    """A function that is one `ttnn.upsample`; equal factors are stated as one."""
    n, h, w, c = shape
    before = tensor(shape, element_type)
    after = tensor((n, h * factors[0], w * factors[1], c), result_type or element_type)
    factor = si32(factors[0]) if factors[0] == factors[1] else i32_array(factors)
    properties = {"scale_factor": factor, "mode": f'"{mode}"'}
    op = generic_op("ttnn.upsample", [("x", before)], properties, [after])
    return function_ir(name, [("x", before)], f"%y = {op}", [("y", after)])


def global_average_ir(shape: tuple[int, ...], element_type: str = "f32", name: str = "main") -> str:
    """A function that is one `ttnn.global_avg_pool2d`."""
    before, after = (tensor(s, element_type) for s in (shape, (shape[0], 1, 1, shape[3])))
    op = generic_op("ttnn.global_avg_pool2d", [("x", before)], {}, [after])
    return function_ir(name, [("x", before)], f"%y = {op}", [("y", after)])
