"""The phases of a transposed convolution: which outputs which taps reach, one axis at a time.

With stride s, dilation d and g = gcd(s, d), tap k reaches output y exactly when
d*k = y + pad_low (mod s). So outputs fall into s phases y = offset + s*q, each a stride-1
correlation of the input with every (s/g)-th tap, its inputs d/g apart. Nothing is inserted.

Phases that read the same cut of the input with as many taps read alike: one convolution serves
them all. Strides and kernels go up to 2^31 - 1. Counting is closed formulas; what lists phases
lists those that taps reach, and its callers look at their number first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

from .transposed import ConvTranspose2dGeometry, TransposedAxis
from .windows import Window, crop_and_pad


@dataclass(frozen=True)
class Phase:
    """The outputs offset + stride*q of one axis, and the taps that reach them.

    `taps` lists them in the order in which the correlation reads its input, that is from the last
    to the first; `window` is the cut of the input it slides over, in steps of `input_step`
    elements from tap to tap. A phase without taps has no window: its outputs hold the bias.
    """

    offset: int
    size: int
    taps: range
    input_step: int
    window: Window | None

    def tap_window(self, place: int, input_size: int) -> Window:
        """The cut of the input that taps[place] reads, one element for each output.

        Example: kernel 4, stride 2, pads 1, size 4: in phase 0, tap 3 reads one zero in front and
        then [0, 3), tap 1 reads [0, 4).
        """
        assert self.window is not None
        first = self.window.start - self.window.pad_low + place * self.input_step
        return crop_and_pad(input_size, -first, first + self.size - input_size)


def phase(axis: TransposedAxis, offset: int) -> Phase:
    """The phase of the outputs `offset`, `offset + stride`, ...; `offset` is below the stride.

    Its taps are first, first + stride/g, ... with dilation/g * first = (offset + pad_low)/g modulo
    stride/g, where g = gcd(stride, dilation) divides; else there are none.
    Example: kernel 4, stride 2, pads 1, size 4: phase 0 has taps (3, 1) and pads one zero in front.
    """
    common = gcd(axis.stride, axis.dilation)
    step, input_step = axis.stride // common, axis.dilation // common
    size = max(0, -((offset - axis.output_size) // axis.stride))
    landing = offset + axis.pad_low
    first = landing // common * pow(input_step, -1, step) % step
    if landing % common or first >= axis.kernel or size == 0:
        return Phase(offset, size, range(0), input_step, None)
    ascending = range(first, axis.kernel, step)
    first_input = (landing - axis.dilation * ascending[-1]) // axis.stride
    span = size + (len(ascending) - 1) * input_step
    window = crop_and_pad(axis.size, -first_input, span - axis.size + first_input)
    return Phase(offset, size, ascending[::-1], input_step, window)


def filled_phases(axis: TransposedAxis) -> tuple[Phase, ...]:
    """The phases of an axis that hold outputs which taps reach, by offset.

    There are `count_filled_phases(axis)` of them.
    """
    return tuple(phase(axis, offset) for offset in sorted(_filled_offsets(axis)))


def filled_phase_pairs(
    height: TransposedAxis, width: TransposedAxis
) -> tuple[tuple[Phase, ...], tuple[Phase, ...]]:
    """The filled (rows, columns) of an image; none of both where either axis has none.

    They pair up to `count_filled_phases(height) * count_filled_phases(width)` phases.
    """
    if count_filled_phases(height) == 0 or count_filled_phases(width) == 0:
        return (), ()
    return filled_phases(height), filled_phases(width)


def _filled_offsets(axis: TransposedAxis) -> Iterator[int]:
    """The offset of each filled phase, in about as many steps as there are.

    The first stride/g taps have phases of their own, at dilation*tap - pad_low - stride*turn below
    the stride, and below the output size where that is less. There few turns leave a tap: those
    with stride*turn <= dilation*tap - pad_low < stride*turn + output size.
    """
    stride, dilation, pad_low = axis.stride, axis.dilation, axis.pad_low
    taps = min(axis.kernel, stride // gcd(stride, dilation))
    turns = range(-pad_low // stride, (dilation * (taps - 1) - pad_low) // stride + 1)
    if taps <= len(turns) or axis.output_size >= stride:
        offsets = ((dilation * tap - pad_low) % stride for tap in range(taps))
        yield from (offset for offset in offsets if offset < axis.output_size)
        return
    for turn in turns:
        start = stride * turn + pad_low
        first, stop = -(-start // dilation), -(-(start + axis.output_size) // dilation)
        for tap in range(max(first, 0), min(stop, taps)):
            yield dilation * tap - start


def count_filled_phases(axis: TransposedAxis) -> int:
    """How many phases hold outputs which taps reach.

    Example: kernel 3 and stride 5 have 3, and 2 empty ones.
    """
    step = axis.stride // gcd(axis.stride, axis.dilation)
    return _count_reaching(axis, min(axis.kernel, step))


def count_phases(axis: TransposedAxis) -> int:
    """How many phases hold outputs, empty ones among them."""
    return max(0, min(axis.stride, axis.output_size))


def count_reaching_taps(axis: TransposedAxis) -> int:
    """How many taps belong to a phase that holds outputs: all, but where the output is shorter
    than the stride.
    """
    return _count_reaching(axis, axis.kernel)


def _count_reaching(axis: TransposedAxis, taps: int) -> int:
    """Of the first taps those with (dilation * tap - pad_low) mod stride below the output size.

    x mod s < m exactly where x div s and (x - m) div s differ, by one, for 0 <= m <= s.
    """
    below, stride, dilation = count_phases(axis), axis.stride, axis.dilation
    return floor_sum(taps, stride, dilation, -axis.pad_low) - floor_sum(
        taps, stride, dilation, -axis.pad_low - below
    )


def floor_sum(count: int, divisor: int, factor: int, start: int) -> int:
    """The sum of (factor * i + start) div divisor for i in [0, count), in O(log) steps.

    As in Euclid's algorithm: whole multiples of the divisor are summed as a series, and what is
    left counts the points below a line, which are as well those beside it.
    Source: the AtCoder library's floor_sum. Example: floor_sum(4, 3, 2, 1) is 0 + 1 + 1 + 2 = 4.
    """
    total = 0
    while count > 0:
        total += factor // divisor * (count * (count - 1) // 2) + start // divisor * count
        factor, start = factor % divisor, start % divisor
        count, start = divmod(factor * count + start, divisor)
        divisor, factor = factor, divisor
    return total


def merge_phases(axis_phases: tuple[Phase, ...]) -> tuple[tuple[Phase, ...], ...]:
    """Phases that slide over the same window with as many taps: one convolution serves them all.

    Example: kernel 8, stride 4, pads 2: phases 0 and 1 share a window, 2 and 3 another one.
    """
    groups: dict[tuple[int, Window | None, int], list[Phase]] = {}
    for member in axis_phases:
        key = (len(member.taps), member.window, member.size)
        groups.setdefault(key, []).append(member)
    return tuple(tuple(group) for group in groups.values())


def useful_pairs(axis: TransposedAxis) -> int:
    """(input, tap) pairs of one axis that reach an output that exists.

    Tap k takes position p to stride*p + dilation*k - pad_low; those in [0, output size) count.
    Example: size 4, kernel 4, stride 2, pads 1 (output size 8): 14 of the 16 pairs.
    """
    return _pairs_below(axis, axis.pad_low + axis.output_size) - _pairs_below(axis, axis.pad_low)


def _pairs_below(axis: TransposedAxis, end: int) -> int:
    """(position, tap) pairs with stride*position + dilation*tap below `end`, which is at least 0.

    The first taps go with every position, the next ones with (end - 1 - dilation*tap) div stride
    + 1 of them, summed from the last one down, the rest with none.
    """
    last = end - 1
    whole = min(max((last - axis.stride * (axis.size - 1)) // axis.dilation + 1, 0), axis.kernel)
    some = min(max(last // axis.dilation + 1, 0), axis.kernel) - whole
    nearest = last - axis.dilation * (whole + some - 1)
    return whole * axis.size + some + floor_sum(some, axis.stride, axis.dilation, nearest)


def useful_multiply_adds(geometry: ConvTranspose2dGeometry) -> int:
    """Multiply-adds whose input and output positions both exist; any strategy needs these.

    Example: 4x4x1 pixels, 1 output channel, kernel 4, stride 2, pads 1: 14 * 14 = 196 of 256.
    """
    pairs = useful_pairs(geometry.height) * useful_pairs(geometry.width)
    return geometry.batch * pairs * geometry.in_channels * geometry.out_channels_per_group
