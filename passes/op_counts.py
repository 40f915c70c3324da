"""How many ops a transposed convolution becomes: counted from its geometry, before there are any.

Only phases and taps make many: sub-pixel has a slice of the kernel and an insert for each phase,
and convolutions for sets of them; col2im, below the decomposed floor, a slice for each tap and a
sum for each phase. The numbers are estimates, good to a factor of two: what few ops stand around a
convolution depends on more than its shapes. Ops in regions count as well.
"""

from __future__ import annotations

from ..dialect.geometry.phases import count_filled_phases, count_reaching_taps
from ..dialect.geometry.transposed import TransposedAxis

FLOORS = ("decomposed", "linalg")
"""Floors whose ops are counted; loops multiply those of linalg by little."""

FEW_OPS = 30
"""Ops of a strategy whose number does not grow with its geometry."""


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
