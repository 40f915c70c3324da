"""What a strategy costs: figures that hold on any machine, and an estimate of time for a target.

Every stage of a strategy (passes/cost/stages.py) takes

    launch_overhead + max(multiply_adds(padded to tiles) * slowdown / peak, bytes / bandwidth)

seconds, and the estimate is the sum. The bandwidth is the cache's where the stage's bytes fit into
it, else the memory's. Multiply-adds are padded to the target's tile, along the image rows of a
convolution one by one unless tile_spans_rows; slowdown is the target's aliasing_slowdown for
weights whose rows are a multiple of aliasing_bytes long, else 1. Data movement has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ...dialect.geometry.phases import useful_multiply_adds
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ..strategies.registry import find
from .stages import Contraction, Stage, Workload
from .targets import Target

TILE = (32, 32, 32)
"""The (m, n, k) of the tile matmuls that are counted."""

_CACHED = 4096


@dataclass(frozen=True)
class Figures:
    """What a strategy does for one op, in elements and bytes, on whatever machine."""

    useful_multiply_adds: int
    """Those whose input and output positions both exist; the same for every strategy."""

    multiply_adds: int
    """Those that are executed."""

    cropped_multiply_adds: int
    """Those of products that land outside of the output and are dropped."""

    bytes_read: int
    bytes_written: int

    largest_temporary_bytes: int
    """The largest value between two stages; neither the input nor the result."""

    tile_matmuls: int
    """32x32x32 matmuls, padding included."""


@dataclass(frozen=True)
class Estimate:
    """Seconds on a target, by what bounds the stages."""

    multiply_add_seconds: float
    """Of stages bound by arithmetic."""

    movement_seconds: float
    """Of stages bound by the bytes they move."""

    launch_seconds: float

    stages: int

    @property
    def seconds(self) -> float:
        return self.multiply_add_seconds + self.movement_seconds + self.launch_seconds


def flops(geometry: ConvTranspose2dGeometry) -> int:
    """Floating-point operations of an op before it is decomposed, as tt-mlir counts them.

    2 * input elements * O/G * KH * KW: every input element meets every tap, whether or not the
    product lands. Example: 1x4x4x8 input, 8 output channels, kernel 4x4, one group: 32,768.
    Source: tt-mlir's convention for ttnn.conv_transpose2d.
    """
    return 2 * geometry.multiply_adds


def has_cost(workload: Workload, strategy: str) -> bool:
    """Whether a strategy says what its stages are. Requires: one that takes the geometry."""
    return find(strategy).stages(workload) is not None


def stages_of(workload: Workload, strategy: str) -> tuple[Stage, ...]:
    """The stages of a strategy, in order; the last one writes the result.

    Requires: a strategy that takes the geometry and has a cost.
    """
    stages = find(strategy).stages(workload)
    assert stages is not None
    return stages


@lru_cache(maxsize=_CACHED)
def figures(workload: Workload, strategy: str) -> Figures:
    """Count what a strategy does.

    Requires: a strategy that takes the geometry and has a cost.
    Example: 4x4x1 pixels, 1 output channel, kernel 4, stride 2, pads 1: 196 useful multiply-adds;
    sub-pixel and gemm-col2im execute 256, zero-insert 8 * 8 * 16 = 1024.
    """
    stages = stages_of(workload, strategy)
    contractions = [stage.contraction for stage in stages if stage.contraction is not None]
    return Figures(
        useful_multiply_adds=useful_multiply_adds(workload.geometry),
        multiply_adds=sum(contraction.multiply_adds for contraction in contractions),
        cropped_multiply_adds=find(strategy).cropped_multiply_adds(workload.geometry),
        bytes_read=sum(stage.bytes_read for stage in stages),
        bytes_written=sum(stage.bytes_written for stage in stages),
        largest_temporary_bytes=max((stage.bytes_written for stage in stages[:-1]), default=0),
        tile_matmuls=sum(contraction.tiles(TILE) for contraction in contractions),
    )


@lru_cache(maxsize=_CACHED)
def estimate(workload: Workload, strategy: str, target: Target) -> Estimate:
    """The time a strategy takes on a target, by the formula above.

    Requires: a strategy that takes the geometry and has a cost.
    Example: a stage of 10^9 multiply-adds that moves 1 MB, at 10^11 multiply-adds/s and 10^10
    bytes/s: 10 ms, bound by its arithmetic.
    """
    stages = stages_of(workload, strategy)
    arithmetic = movement = 0.0
    for stage in stages:
        compute_seconds = _multiply_add_seconds(stage.contraction, workload, target)
        moving_seconds = _moving_seconds(stage, target)
        if compute_seconds >= moving_seconds:
            arithmetic += compute_seconds
        else:
            movement += moving_seconds
    launch_seconds = len(stages) * target.launch_overhead_seconds
    return Estimate(arithmetic, movement, launch_seconds, len(stages))


def _multiply_add_seconds(
    contraction: Contraction | None, workload: Workload, target: Target
) -> float:
    if contraction is None:
        return 0.0
    m, n, k = target.tile
    padded = contraction.tiles(target.tile, target.tile_spans_rows) * m * n * k
    row_bytes = contraction.n * workload.sum_bytes
    is_aliased = target.aliasing_bytes > 0 and row_bytes % target.aliasing_bytes == 0
    slowdown = target.aliasing_slowdown if is_aliased else 1.0
    return padded * slowdown / target.peak_multiply_adds_per_second


def _moving_seconds(stage: Stage, target: Target) -> float:
    moved = stage.bytes_read + stage.bytes_written
    if moved <= target.cache_bytes:
        return moved / target.cache_bandwidth_bytes_per_second
    return moved / target.bandwidth_bytes_per_second
