"""StableHLO's convolution over one spatial dimension: IR text, and what it means, by scattering."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .ir import tensor
from .references import Array

LABELS = (
    ("b0f", "0io", "b0f"),
    ("bf0", "oi0", "bf0"),
    ("b0f", "0oi", "b0f"),
    ("0bf", "i0o", "f0b"),
    ("f0b", "o0i", "0fb"),
)
"""Of inputs, kernels and results: what lax and flax write first, then what else there is."""


@dataclass(frozen=True)
class Signal:
    """A convolution of one spatial dimension; labels such as `b0f`, `0io`, `b0f`."""

    size: int
    taps: int
    batch: int = 1
    inputs: int = 1
    outputs: int = 1
    groups: int = 1
    stride: int = 1
    low: int = 0
    high: int = 0
    lhs: int = 1
    rhs: int = 1
    reversal: bool = False
    labels: tuple[str, str, str] = LABELS[0]

    @property
    def output_size(self) -> int:
        padded = (self.size - 1) * self.lhs + 1 + self.low + self.high
        return max((padded - self.rhs * (self.taps - 1) - 1) // self.stride + 1, 0)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of input, kernel and result."""
        sizes = (
            {"b": self.batch, "f": self.inputs, "0": self.size},
            {"i": self.inputs // self.groups, "o": self.outputs, "0": self.taps},
            {"b": self.batch, "f": self.outputs, "0": self.output_size},
        )
        return tuple(
            tuple(named[label] for label in labels)
            for named, labels in zip(sizes, self.labels, strict=True)
        )

    def arrays(self, seed: int = 0) -> dict[str, Array]:
        """x and w, of small whole numbers."""
        generator = np.random.default_rng(seed)
        shapes = zip("xw", self.shapes[:2], strict=True)
        return {name: generator.integers(-4, 5, shape).astype(np.float32) for name, shape in shapes}

    def scatter(self, x: Array, w: Array) -> Array:
        """Each input times each tap, added where it lands: at low + i*lhs - rhs*k, in strides."""
        signal = _ordered(x, self.labels[0], "b0f").astype(np.float64)
        kernel = _ordered(w, self.labels[1], "0io").astype(np.float64)
        kernel = kernel[::-1] if self.reversal else kernel
        inner, outer = self.inputs // self.groups, self.outputs // self.groups
        out = np.zeros((self.batch, self.output_size, self.outputs))
        for i, k, group in np.ndindex(self.size, self.taps, self.groups):
            place, between = divmod(self.low + i * self.lhs - self.rhs * k, self.stride)
            if between or not 0 <= place < self.output_size:
                continue
            given = signal[:, i, group * inner : (group + 1) * inner]
            made = slice(group * outer, (group + 1) * outer)
            out[:, place, made] += given @ kernel[k][:, made]
        return np.ascontiguousarray(_ordered(out, "b0f", self.labels[2])).astype(np.float32)

    def ir(self, name: str = "main", reverse: Sequence[int] | None = None) -> str:
        """A function of x and w that convolves, with w reversed along dimensions first."""
        given, kernel, made = (tensor(shape) for shape in self.shapes)
        dims = [f"[{', '.join(labels)}]" for labels in self.labels]
        window = (
            f"stride = [{self.stride}], pad = [[{self.low}, {self.high}]], lhs_dilate = "
            f"[{self.lhs}], rhs_dilate = [{self.rhs}], reverse = [{str(self.reversal).lower()}]"
        )
        taken = "%w"
        line = ""
        if reverse is not None:
            line, taken = f"%r = stablehlo.reverse %w, dims = {list(reverse)} : {kernel}", "%r"
        return f"""
        func.func @{name}(%x: {given}, %w: {kernel}) -> {made} {{
          {line}
          %y = stablehlo.convolution(%x, {taken}) dim_numbers = {dims[0]}x{dims[1]}->{dims[2]},
            window = {{{window}}}
            {{batch_group_count = 1 : i64, feature_group_count = {self.groups} : i64}}
            : ({given}, {kernel}) -> {made}
          return %y : {made}
        }}"""


def _ordered(array: Array, labels: str, wanted: str) -> Array:
    return array.transpose([labels.index(label) for label in wanted])


def random_signal(seed: int, *, transposed: bool) -> Signal:
    """Any signal of some result: stride and groups, negative padding, every layout."""
    draw = random.Random(seed).randint
    groups = draw(1, 2)
    size, taps, rhs = draw(1, 5), draw(1, 4), draw(1, 3)
    lhs, stride = (draw(2, 3), 1) if transposed else (1, draw(1, 3))
    low, high = draw(-2, 7), draw(-2, 7)
    missing = rhs * (taps - 1) - (size - 1) * lhs - low - high
    return Signal(
        size,
        taps,
        batch=draw(1, 2),
        inputs=groups * draw(1, 3),
        outputs=groups * draw(1, 3),
        groups=groups,
        stride=stride,
        low=low,
        high=high + max(missing, 0),
        lhs=lhs,
        rhs=rhs,
        reversal=bool(draw(0, 1)),
        labels=LABELS[seed % len(LABELS)],
    )
