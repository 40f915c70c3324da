"""StableHLO's convolution: IR text, and what it means, worked out one product at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .cases import Case
from .ir import function_ir, tensor
from .references import Array, pads

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A convolution of two spatial dimensions; labels such as `b01f`, `01oi`, `b01f`."""

    sizes: Pair
    taps: Pair
    batch: int = 1
    inputs: int = 1
    outputs: int = 1
    groups: int = 1
    strides: Pair = (1, 1)
    pads: tuple[Pair, Pair] = ((0, 0), (0, 0))
    lhs: Pair = (1, 1)
    rhs: Pair = (1, 1)
    reversal: tuple[bool, bool] = (False, False)
    labels: tuple[str, str, str] = ("b01f", "01oi", "b01f")

    @property
    def output_sizes(self) -> Pair:
        """Padded and dilated size, without the extent of the kernel, in steps of the stride."""
        height, width = (
            ((size - 1) * lhs + sum(pair) - rhs * (taps - 1)) // stride + 1
            if (size - 1) * lhs + 1 + sum(pair) > rhs * (taps - 1)
            else 0
            for size, lhs, pair, rhs, taps, stride in zip(
                self.sizes, self.lhs, self.pads, self.rhs, self.taps, self.strides, strict=True
            )
        )
        return (height, width)

    def _shape(self, labels: str, **named: int) -> tuple[int, ...]:
        return tuple(named[f"d{label}" if label.isdigit() else label] for label in labels)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of input, kernel and result."""
        (h, w), (kh, kw), (oh, ow) = self.sizes, self.taps, self.output_sizes
        return (
            self._shape(self.labels[0], b=self.batch, f=self.inputs, d0=h, d1=w),
            self._shape(self.labels[1], i=self.inputs // self.groups, o=self.outputs, d0=kh, d1=kw),
            self._shape(self.labels[2], b=self.batch, f=self.outputs, d0=oh, d1=ow),
        )

    def arrays(self, seed: int = 0) -> dict[str, Array]:
        """x and w, of small whole numbers."""
        random = np.random.default_rng(seed)
        shapes = zip("xw", self.shapes[:2], strict=True)
        return {name: random.integers(-4, 5, shape).astype(np.float32) for name, shape in shapes}

    def evaluate(self, x: Array, w: Array) -> Array:
        """Each result from its definition: taps times the elements of the dilated, padded input."""
        image = _ordered(x, self.labels[0], "b01f")
        kernel = _ordered(w, self.labels[1], "01io")
        per_group = self.outputs // self.groups
        inner = self.inputs // self.groups
        oh, ow = self.output_sizes
        out = np.zeros((self.batch, oh, ow, self.outputs), np.float64)
        for y, z, k, m in product(range(oh), range(ow), *map(range, self.taps)):
            row = self._source(0, y, k)
            column = self._source(1, z, m)
            if row is None or column is None:
                continue
            tap = (
                self.taps[0] - 1 - k if self.reversal[0] else k,
                self.taps[1] - 1 - m if self.reversal[1] else m,
            )
            for group in range(self.groups):
                given = image[:, row, column, group * inner : (group + 1) * inner]
                places = slice(group * per_group, (group + 1) * per_group)
                out[:, y, z, places] += given @ kernel[tap][:, places]
        return _ordered(out, "b01f", self.labels[2]).astype(np.float32)

    def _source(self, axis: int, index: int, tap: int) -> int | None:
        """The input element that a tap meets, or None where there is a zero."""
        low = self.pads[axis][0]
        place = index * self.strides[axis] + tap * self.rhs[axis] - low
        source, between = divmod(place, self.lhs[axis])
        return source if between == 0 and 0 <= source < self.sizes[axis] else None

    def text(self, x: str = "x", w: str = "w", batch_groups: int = 1) -> str:
        """`stablehlo.convolution` in the custom form."""
        dims = [f"[{', '.join(labels)}]" for labels in self.labels]
        window = ", ".join(
            (
                f"stride = {list(self.strides)}",
                f"pad = {[list(pair) for pair in self.pads]}",
                f"lhs_dilate = {list(self.lhs)}",
                f"rhs_dilate = {list(self.rhs)}",
                f"reverse = [{', '.join(str(flag).lower() for flag in self.reversal)}]",
            )
        )
        counts = (
            f"{{batch_group_count = {batch_groups} : i64, feature_group_count = {self.groups} : i64"
            ", precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]}"
        )
        types = [tensor(shape) for shape in self.shapes]
        return (
            f"stablehlo.convolution(%{x}, %{w}) dim_numbers = {dims[0]}x{dims[1]}->{dims[2]}, "
            f"window = {{{window}}} {counts} : ({types[0]}, {types[1]}) -> {types[2]}"
        )

    def ir(self, reverse: Sequence[int] | None = None) -> str:
        """A function `main` of x and w that convolves, with w reversed along dimensions first."""
        given, kernel, made = (tensor(shape) for shape in self.shapes)
        lines: list[str] = []
        if reverse is not None:
            lines.append(f"%r = stablehlo.reverse %w, dims = {list(reverse)} : {kernel}")
        lines.append(f"%y = {self.text(w='w' if reverse is None else 'r')}")
        arguments = [("x", given), ("w", kernel)]
        return function_ir("main", arguments, "\n".join(lines), [("y", made)])


def _ordered(array: Array, labels: str, wanted: str) -> Array:
    return array.transpose([labels.index(label) for label in wanted])


def reversed_kernel(window: Window, w: Array) -> Array:
    """The kernel with both its spatial dimensions reversed."""
    spatial = tuple(window.labels[1].index(label) for label in "01")
    return np.flip(w, spatial)


def window_of(case: Case, labels: tuple[str, str, str] = ("b01f", "01oi", "b01f")) -> Window:
    """The convolution that a transposed convolution is: zeros around of d*(k-1) - padding."""
    top, bottom, left, right = pads(case)
    reach = [case[f"d{axis}"] * (case[f"k{axis}"] - 1) for axis in "hw"]
    return Window(
        sizes=(case["h"], case["w"]),
        taps=(case["kh"], case["kw"]),
        batch=case["n"],
        inputs=case["c"],
        outputs=case["o"],
        groups=case["groups"],
        pads=(
            (reach[0] - top, reach[0] - bottom + case["oph"]),
            (reach[1] - left, reach[1] - right + case["opw"]),
        ),
        lhs=(case["sh"], case["sw"]),
        rhs=(case["dh"], case["dw"]),
        labels=labels,
    )


def kernel_of(case: Case, w: Array, window: Window) -> Array:
    """The weight (C, O/G, KH, KW) of a case as the kernel of that convolution, not yet reversed."""
    groups, inner = case["groups"], case["c"] // case["groups"]
    split = w.reshape(groups, inner, *w.shape[1:])
    joined = np.concatenate([split[group] for group in range(groups)], axis=1)
    return np.ascontiguousarray(_ordered(joined, "io01", window.labels[1]))


def image_of(x: Array, labels: str) -> Array:
    """An (N, H, W, C) array with its dimensions as labels say."""
    return np.ascontiguousarray(_ordered(x, "b01f", labels))


def made_ops(module: Any, name: str) -> list[Any]:
    """The ops of a name in a module."""
    return [op for op in module.walk() if op.name == name]
