"""One matmul of every input pixel with every tap, its stages and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from xdsl.dialects.builtin import BoolAttr, TensorType
from xdsl.ir import Attribute, SSAValue

from ....dialect import build, ttnn
from ....dialect.geometry.phases import useful_pairs
from ....dialect.geometry.transposed import ConvTranspose2dGeometry
from ....dialect.numerics import accumulator_of
from ....dialect.tensor_types import shape_of
from ...cost.stages import Contraction, Stage, Workload, contraction_stage
from .numbers import Number
from .weight import precision_of


def taps_matrix(op: ttnn.ConvTranspose2dOp) -> SSAValue:
    """The weight as (G, C/G, KH*KW*O/G): column (kh, kw, o) is the tap the definition calls so.

    Raises: PassFailedException for a data type of weights that is no float.
    """
    geometry = op.geometry()
    groups, inner = geometry.groups, geometry.in_channels_per_group
    outer = geometry.out_channels_per_group
    kernel = (geometry.height.kernel, geometry.width.kernel)
    if op.has_prepared_weight():
        # 1,1,KH*KW*C/G,O -> KH,KW,C/G,G,O/G -> G,C/G,KH,KW,O/G
        split = build.reshape(op.weight, (*kernel, inner, groups, outer), "split_weight")
        taps = build.permute(build.flip(split, (0, 1), "flipped"), (3, 2, 0, 1, 4), "taps")
    else:
        # C,O/G,KH,KW -> G,C/G,O/G,KH,KW -> G,C/G,KH,KW,O/G
        weight = op.weight if op.mirrors_kernel else build.flip(op.weight, (2, 3), "flipped")
        split = build.reshape(weight, (groups, inner, outer, *kernel), "split_weight")
        taps = build.permute(split, (0, 1, 3, 4, 2), "taps")
    matrix = build.reshape(taps, (groups, inner, prod(kernel) * outer), "taps_matrix")
    precision = precision_of(op)
    return matrix if precision is None else build.typecast(matrix, precision, "taps_matrix")


def pixel_matrix(op: ttnn.ConvTranspose2dOp, geometry: ConvTranspose2dGeometry) -> SSAValue:
    """The input as (G, N*H*W, C/G)."""
    pixels = prod(geometry.input_shape[:3])
    shape = (pixels, geometry.groups, geometry.in_channels_per_group)
    if geometry.groups == 1:
        return build.reshape(op.input, (1, pixels, geometry.in_channels), "pixels")
    return build.permute(build.reshape(op.input, shape, "grouped"), (1, 0, 2), "pixels")


def build_products(op: ttnn.ConvTranspose2dOp) -> SSAValue:
    """Every pixel times every tap, (G, N*H*W, KH*KW*O/G), in the type sums are kept in."""
    geometry = op.geometry()
    pixels, taps = pixel_matrix(op, geometry), taps_matrix(op)
    shape = (*shape_of(pixels)[:2], shape_of(taps)[2])
    properties: dict[str, Attribute] = {
        "transpose_a": BoolAttr.from_bool(False),
        "transpose_b": BoolAttr.from_bool(False),
    }
    if op.compute_config is not None:
        properties["compute_config"] = op.compute_config
    result_type = TensorType(accumulator_of(op), shape)
    return build.create(ttnn.MatmulOp, [pixels, taps], properties, result_type, "products")


def product_stages(workload: Workload) -> Iterator[Stage]:
    """The matmul; with groups, their channels are brought together first."""
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
    yield contraction_stage(contraction, pixels, workload, workload.sum_bytes)


def product_numbers(geometry: ConvTranspose2dGeometry) -> Iterator[Number]:
    """The sides of the products."""
    yield Number(prod(geometry.input_shape[:3]), "pixels")
    yield Number(prod(geometry.weight_shape[1:]), "products of a pixel")


def cropped_multiply_adds(geometry: ConvTranspose2dGeometry) -> int:
    """What products cost that have no place in the output.

    Example: 4x4 pixels, kernel 4, stride 2, pads 1, one channel: 16*16 - 14*14 = 60.
    """
    landed = landed_products(geometry) * geometry.in_channels_per_group
    return geometry.multiply_adds - landed


def landed_products(geometry: ConvTranspose2dGeometry) -> int:
    """Products with a place in the output.

    Example: 4x4 pixels, kernel 4, stride 2, pads 1, one channel: 14 * 14 of the 16 * 16.
    """
    pairs = useful_pairs(geometry.height) * useful_pairs(geometry.width)
    return geometry.batch * pairs * geometry.out_channels
