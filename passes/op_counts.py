"""How many ops a transposed convolution becomes: counted from its geometry, before there are any.

Only phases and taps make many: sub-pixel has a slice of the kernel and an insert for each phase,
and convolutions for sets of them; col2im, below the decomposed floor, a slice for each tap and a
sum for each phase. The numbers are estimates, good to a factor of two: what few ops stand around a
convolution depends on more than its shapes. Ops in regions count as well.
"""

from __future__ import annotations

from ..dialect.geometry.phases import count_filled_phases, count_reaching_taps
from ..dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from .cost.stages import Workload
from .strategies.sub_pixel import plan_sub_pixel

FLOORS = ("decomposed", "linalg")
"""Floors whose ops are counted; loops multiply those of linalg by little."""

_FEW = 30
"""Ops of a strategy whose number does not grow with its geometry."""


def count_strategy_ops(workload: Workload, strategy: str, floor: str, at_most: int) -> int:
    """About how many ops a strategy makes of an op, on its way to a floor.

    What is over `at_most` is not counted to the end: the result then says only that it is over.
    Requires: a strategy that takes the geometry.
    Example: kernel 257 and stride 256 on both axes are 65,536 phases, 196,608 ops of linalg and
    more.
    """
    height, width = workload.geometry.height, workload.geometry.width
    is_lowered = floor != "decomposed"
    if strategy == "gemm-col2im" and is_lowered:
        return _FEW + count_col2im_ops(height, width)
    if strategy != "sub-pixel":
        return _FEW
    phases = count_phase_pairs(height, width)
    each = _FEW + phases + (count_interleave_ops(phases) if is_lowered else 0)
    if each > at_most:
        return each
    return each + len(plan_sub_pixel(workload.geometry).blocks) * _ops_of_block(workload, floor)


def what_makes_many(geometry: ConvTranspose2dGeometry, strategy: str) -> str:
    """What the ops of a strategy are for, as errors print it: `65536 phases`."""
    height, width = geometry.height, geometry.width
    if strategy == "sub-pixel":
        return f"{count_phase_pairs(height, width)} phases"
    if strategy == "gemm-col2im":
        return f"{count_tap_pairs(height, width)} taps"
    return "a few values"


def count_tap_pairs(height: TransposedAxis, width: TransposedAxis) -> int:
    """Taps of an image that belong to a phase which holds outputs."""
    return count_reaching_taps(height) * count_reaching_taps(width)


def count_phase_pairs(height: TransposedAxis, width: TransposedAxis) -> int:
    """Phases of an image that hold outputs which taps reach."""
    return count_filled_phases(height) * count_filled_phases(width)


def count_col2im_ops(height: TransposedAxis, width: TransposedAxis) -> int:
    """About how many ops of linalg a col2im becomes.

    Each tap is a slice and a reshape, each phase an insert. Where several taps of a phase are added
    up, each is padded as well, which takes three ops, and a generic of as many ops adds them.
    """
    taps = count_tap_pairs(height, width)
    phases = count_phase_pairs(height, width)
    added = taps - phases
    padded, summed = min(taps, 2 * added), min(phases, added)
    return 2 * taps + phases + 3 * padded + added + 3 * summed


def count_interleave_ops(phases: int) -> int:
    """About how many ops of linalg an interleave becomes: a slice and an insert for each phase."""
    return 2 * phases


def _ops_of_block(workload: Workload, floor: str) -> int:
    """Ops around one convolution of sub-pixel: its cut, reshapes, conversions, bias."""
    if floor == "decomposed":
        return 4
    is_narrow = workload.element_bytes < workload.sum_bytes
    return 12 + 8 * is_narrow + 6 * workload.is_finished
