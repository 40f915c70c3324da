"""What each strategy does, stage by stage: the data it moves and the matmuls it runs.

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
from ..strategies.gemm_col2im import plan_gemm_col2im
from ..strategies.matmul import plan_matmul
from ..strategies.sub_pixel import Block, plan_sub_pixel
from ..strategies.zero_insert import plan_zero_insert


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


def stages_of(workload: Workload, strategy: str) -> tuple[Stage, ...]:
    """The stages of a strategy, in order; the last one writes the result.

    Requires: a strategy that takes the geometry.
    """
    makers = {
        "zero-insert": _zero_insert,
        "sub-pixel": _sub_pixel,
        "gemm-col2im": _gemm_col2im,
        "matmul": _matmul,
    }
    return tuple(makers[strategy](workload))


def _cut(
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


def _contract(
    contraction: Contraction, pixels: int, workload: Workload, result_bytes: int
) -> Stage:
    """A stage that reads `pixels` input elements and the weights."""
    weights = contraction.count * contraction.n * contraction.k
    written = contraction.count * contraction.m * contraction.n * result_bytes
    read = (pixels + weights) * workload.element_bytes
    return Stage("contraction", read, written, contraction)


def _zero_insert(workload: Workload) -> Iterator[Stage]:
    geometry, size = workload.geometry, workload.element_bytes
    plan = plan_zero_insert(geometry)
    height, width = geometry.height, geometry.width
    dilated = (geometry.batch, height.dilated_size, width.dilated_size, geometry.in_channels)
    if set(plan.strides) != {1}:
        yield Stage("dilate-insert", prod(geometry.input_shape) * size, prod(dilated) * size)
    yield from _cut(dilated, (plan.height, plan.width), size)
    contraction = Contraction(
        geometry.groups,
        prod(geometry.output_shape[:3]),
        geometry.out_channels_per_group,
        height.kernel * width.kernel * geometry.in_channels_per_group,
        runs=geometry.batch * height.output_size,
    )
    yield _contract(contraction, prod(plan.padded_shape), workload, size)


def _sub_pixel(workload: Workload) -> Iterator[Stage]:
    geometry, size = workload.geometry, workload.element_bytes
    plan = plan_sub_pixel(geometry)
    for windows in dict.fromkeys(block.windows for block in plan.blocks):
        yield from _cut(geometry.input_shape, windows, size)
    convolved = 0
    for block in plan.blocks:
        stage = _block(block, workload)
        convolved += stage.bytes_written
        yield stage
    if (geometry.height.stride, geometry.width.stride) != (1, 1):
        yield Stage("interleave", convolved, prod(geometry.output_shape) * size)


def _block(block: Block, workload: Workload) -> Stage:
    geometry = workload.geometry
    contraction = Contraction(
        geometry.groups,
        geometry.batch * prod(block.size),
        block.phase_count * geometry.out_channels_per_group,
        prod(block.taps) * geometry.in_channels_per_group,
        runs=geometry.batch * block.size[0],
    )
    cut = geometry.batch * geometry.in_channels * prod(window.size for window in block.windows)
    return _contract(contraction, cut, workload, workload.element_bytes)


def _products(workload: Workload) -> Iterator[Stage]:
    """Every pixel times every tap; with groups, their channels are brought together first."""
    geometry = workload.geometry
    pixels = prod(geometry.input_shape)
    if geometry.groups > 1:
        moved = pixels * workload.element_bytes
        yield Stage("permute", moved, moved)
    contraction = Contraction(
        geometry.groups,
        prod(geometry.input_shape[:3]),
        prod(geometry.weight_shape[1:]),
        geometry.in_channels_per_group,
    )
    yield _contract(contraction, pixels, workload, workload.sum_bytes)


def _finish(workload: Workload) -> Iterator[Stage]:
    if workload.is_finished:
        outputs = prod(workload.geometry.output_shape)
        yield Stage("finish", outputs * workload.sum_bytes, outputs * workload.element_bytes)


def _gemm_col2im(workload: Workload) -> Iterator[Stage]:
    geometry, size = workload.geometry, workload.sum_bytes
    yield from _products(workload)
    landed = plan_gemm_col2im(geometry).landed_products
    yield Stage("col2im", landed * size, prod(geometry.output_shape) * size)
    yield from _finish(workload)


def _matmul(workload: Workload) -> Iterator[Stage]:
    geometry, size = workload.geometry, workload.sum_bytes
    plan = plan_matmul(geometry)
    yield from _products(workload)
    pixels = prod(geometry.input_shape[:3]) * geometry.out_channels
    axes = (geometry.height, geometry.width)
    products = pixels * prod(axis.kernel for axis in axes) * size
    dilated = pixels * prod(axis.kernel_extent for axis in axes) * size
    places = pixels * prod(axis.stride for axis in axes) * size
    yield Stage("permute", products, products)
    if any(axis.dilation > 1 for axis in axes):
        yield Stage("dilate-insert", products, dilated)
    if places != dilated:
        yield Stage("pad", dilated, places)
    yield from _cut(plan.landing_shape, (plan.height, plan.width), size)
    yield from _finish(workload)
