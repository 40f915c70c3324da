"""The phases of a transposed convolution: which outputs which taps reach, one axis at a time.

With stride s, dilation d and g = gcd(s, d), tap k reaches output y exactly when
d*k = y + pad_low (mod s). So outputs fall into s phases y = offset + s*q, each a stride-1
correlation of the input with every (s/g)-th tap, its inputs d/g apart. Nothing is inserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from .geometry import Axis, ConvTranspose2dGeometry, Window, crop_and_pad


@dataclass(frozen=True)
class Phase:
    """The outputs offset + stride*q of one axis, and the taps that reach them.

    `taps` lists them in the order in which the correlation reads its input, that is from the last
    to the first; `window` is the cut of the input it slides over, in steps of `input_step`
    elements from tap to tap. A phase without taps has no window: its outputs hold the bias.
    """

    offset: int
    size: int
    taps: tuple[int, ...]
    input_step: int
    window: Window | None

    @property
    def is_empty(self) -> bool:
        return not self.taps

    def tap_window(self, place: int, input_size: int) -> Window:
        """The cut of the input that taps[place] reads, one element for each output.

        Example: kernel 4, stride 2, pads 1, size 4: in phase 0, tap 3 reads one zero in front and
        then [0, 3), tap 1 reads [0, 4).
        """
        assert self.window is not None
        first = self.window.start - self.window.pad_low + place * self.input_step
        return crop_and_pad(input_size, -first, first + self.size - input_size)


def phase(axis: Axis, offset: int) -> Phase:
    """The phase of the outputs `offset`, `offset + stride`, ...; `offset` is below the stride.

    Example: kernel 4, stride 2, pads 1, size 4: phase 0 has taps (3, 1) and pads one zero in front.
    """
    common = gcd(axis.stride, axis.dilation)
    input_step = axis.dilation // common
    size = max(0, -((offset - axis.output_size) // axis.stride))
    landing = offset + axis.pad_low
    ascending = [
        tap for tap in range(axis.kernel) if (landing - axis.dilation * tap) % axis.stride == 0
    ]
    if not ascending or size == 0:
        return Phase(offset, size, (), input_step, None)
    first_input = (landing - axis.dilation * ascending[-1]) // axis.stride
    span = size + (len(ascending) - 1) * input_step
    window = crop_and_pad(axis.size, -first_input, span - axis.size + first_input)
    return Phase(offset, size, tuple(reversed(ascending)), input_step, window)


def phases(axis: Axis) -> tuple[Phase, ...]:
    """All phases of an axis that hold outputs, by offset."""
    found = (phase(axis, offset) for offset in range(axis.stride))
    return tuple(found_phase for found_phase in found if found_phase.size)


def merge_phases(axis_phases: tuple[Phase, ...]) -> tuple[tuple[Phase, ...], ...]:
    """Phases that slide over the same window with as many taps: one convolution serves them all.

    Example: kernel 8, stride 4, pads 2: phases 0 and 1 share a window, 2 and 3 another one.
    """
    groups: dict[tuple[int, Window | None, int], list[Phase]] = {}
    for member in axis_phases:
        key = (len(member.taps), member.window, member.size)
        groups.setdefault(key, []).append(member)
    return tuple(tuple(group) for group in groups.values())


def useful_pairs(axis: Axis) -> int:
    """(input, tap) pairs of one axis that reach an output that exists.

    Tap k takes position p to stride*p + dilation*k - pad_low; those in [0, output size) count.
    Example: size 4, kernel 4, stride 2, pads 1 (output size 8): 14 of the 16 pairs.
    """
    pairs = 0
    for tap in range(axis.kernel):
        landing = tap * axis.dilation - axis.pad_low
        first = max(0, -(landing // axis.stride))
        last = min(axis.size - 1, (axis.output_size - 1 - landing) // axis.stride)
        pairs += max(0, last - first + 1)
    return pairs


def useful_multiply_adds(geometry: ConvTranspose2dGeometry) -> int:
    """Multiply-adds whose input and output positions both exist; any strategy needs these.

    Example: 4x4x1 pixels, 1 output channel, kernel 4, stride 2, pads 1: 14 * 14 = 196 of 256.
    """
    pairs = useful_pairs(geometry.height) * useful_pairs(geometry.width)
    return geometry.batch * pairs * geometry.in_channels * geometry.out_channels_per_group
