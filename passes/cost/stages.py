"""What a strategy does, stage by stage: the data it moves and the matmuls it runs.

A stage is an op of the decomposed floor that touches data for every call: reshapes are free, and
what is done to weights is done once. Everything is counted in elements and follows from the plans
of the strategies; nothing here looks at IR.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.geometry.windows import Window


@dataclass(frozen=True)
class Workload:
    """One transposed convolution, as far as its cost depends on it.

    `element_bytes` is the size of an element of input, weight and result, `sum_bytes` that of the
    type sums are kept in; `is_finished` says whether a bias, an activation or a rounding follows,
    `is_flattened` and `is_bare` what the result's type is: (1, 1, N*H*W, O), without an encoding.
    """

    geometry: ConvTranspose2dGeometry
    element_bytes: int = 4
    sum_bytes: int = 4
    is_finished: bool = False
    is_flattened: bool = False
    is_bare: bool = True


@dataclass(frozen=True)
class Contraction:
    """`count` independent matmuls (m, k) x (k, n); a convolution has k = taps * channels.

    `runs` is how many pieces of equal length m falls into: image rows of a convolution, whose
    windows jump from one to the next.
    """

    count: int
    m: int
    n: int
    k: int
    runs: int = 1

    @property
    def multiply_adds(self) -> int:
        return self.count * self.m * self.n * self.k

    def tiles(self, tile: tuple[int, int, int], spans_runs: bool = True) -> int:
        """Matmuls of the tile's size that cover it, padding included.

        Example: m 33, n 32, k 1 takes 2 tiles of 32x32x32; 3 where m is 3 runs of 11 and no tile
        spans two.
        """
        runs = 1 if spans_runs else max(1, self.runs)
        covered = zip((self.m // runs, self.n, self.k), tile, strict=True)
        return self.count * runs * prod(-(-size // step) for size, step in covered)


@dataclass(frozen=True)
class Stage:
    """One op of the decomposed floor. The weights a contraction reads count, a bias does not."""

    name: str
    bytes_read: int
    bytes_written: int
    contraction: Contraction | None = None


def cut_stages(
    image: tuple[int, int, int, int], windows: tuple[Window, Window], element_bytes: int
) -> Iterator[Stage]:
    """Crop and pad the spatial axes of (N, H, W, C); what changes nothing is no stage."""
    batch, *sizes, channels = image
    kept = batch * channels * prod(window.stop - window.start for window in windows)
    if any(window.crops(size) for window, size in zip(windows, sizes, strict=True)):
        yield Stage("crop", kept * element_bytes, kept * element_bytes)
    if any(window.pads for window in windows):
        padded = batch * channels * prod(window.size for window in windows)
        yield Stage("pad", kept * element_bytes, padded * element_bytes)


def contraction_stage(
    contraction: Contraction, pixels: int, workload: Workload, result_bytes: int
) -> Stage:
    """A stage that reads `pixels` input elements and the weights."""
    weights = contraction.count * contraction.n * contraction.k
    written = contraction.count * contraction.m * contraction.n * result_bytes
    read = (pixels + weights) * workload.element_bytes
    return Stage("contraction", read, written, contraction)


def finish_stages(workload: Workload) -> Iterator[Stage]:
    """Bias, activation and rounding of sums; no stage where there is none of them."""
    if workload.is_finished:
        outputs = prod(workload.geometry.output_shape)
        yield Stage("finish", outputs * workload.sum_bytes, outputs * workload.element_bytes)
