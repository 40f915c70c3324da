"""The largest number that a strategy writes into an attribute of TTNN, which has 32 bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from ....dialect.geometry.transposed import ConvTranspose2dGeometry
from ...cost.stages import Workload
from ..matmul import plan_matmul
from ..sub_pixel import plan_sub_pixel
from ..zero_insert import plan_zero_insert


@dataclass(frozen=True, order=True)
class Number:
    """A number, and what it counts."""

    value: int
    what: str


def largest_number(workload: Workload, strategy: str) -> Number:
    """The largest number in the attributes of the ops that a strategy becomes.

    Requires: a strategy that takes the geometry; few phases.
    Example: 3x3 pixels, kernel 4 and stride 2 by zero-insert: 121 padded pixels.
    """
    makers = {
        "zero-insert": _zero_insert,
        "sub-pixel": _sub_pixel,
        "gemm-col2im": _gemm_col2im,
        "matmul": _matmul,
    }
    return max(makers[strategy](workload))


def _zero_insert(workload: Workload) -> Iterator[Number]:
    """The sizes of the cropped and padded input, which are at least those of the output."""
    plan, geometry = plan_zero_insert(workload.geometry), workload.geometry
    windows = ((plan.height, geometry.height), (plan.width, geometry.width))
    if any(window.crops(axis.dilated_size) for window, axis in windows):
        yield from (Number(window.stop, "inputs and zeros of an axis") for window, _ in windows)
    yield from (Number(window.size, "padded inputs of an axis") for window, _ in windows)
    yield Number(prod(plan.padded_shape[:3]), "padded pixels")


def _sub_pixel(workload: Workload) -> Iterator[Number]:
    """The sizes of each cut of the input, and the channels of its phases."""
    geometry = workload.geometry
    yield Number(0, "nothing")
    for block in plan_sub_pixel(geometry).blocks:
        height, width = (window.size for window in block.windows)
        yield from (Number(size, "padded inputs of an axis") for size in (height, width))
        yield Number(geometry.batch * height * width, "padded pixels")
        yield Number(block.phase_count * geometry.out_channels, "channels of phases")
    yield from _result(workload)


def _products(geometry: ConvTranspose2dGeometry) -> Iterator[Number]:
    yield Number(prod(geometry.input_shape[:3]), "pixels")
    yield Number(prod(geometry.weight_shape[1:]), "products of a pixel")


def _gemm_col2im(workload: Workload) -> Iterator[Number]:
    yield from _products(workload.geometry)
    yield from _result(workload)


def _matmul(workload: Workload) -> Iterator[Number]:
    """The places that products land on, and what is cut out of them."""
    plan = plan_matmul(workload.geometry)
    yield from _products(workload.geometry)
    yield from (Number(size, "places of an axis") for size in plan.landing_shape[1:3])
    for window in (plan.height, plan.width):
        yield from (Number(pad, "zeros") for pad in (window.pad_low, window.pad_high))
    yield from _result(workload)


def _result(workload: Workload) -> Iterator[Number]:
    """What a reshape to the declared form of the result writes down."""
    _, height, width, _ = workload.geometry.output_shape
    if workload.is_flattened:
        yield Number(prod(workload.geometry.output_shape[:3]), "outputs")
    elif not workload.is_bare:
        yield from (Number(size, "outputs of an axis") for size in (height, width))
