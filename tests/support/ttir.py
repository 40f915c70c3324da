"""IR text with `ttir.conv_transpose2d` in it, as tt-mlir's tools print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .cases import Case
from .ir import function_ir, generic_op, i32, i32_array, tensor
from .references import Array, input_shape, output_shape, pads, weight_shape

ORDERS = ("NHWC", "NCHW", "WCHN", "HNCW")
"""Orders of dimensions that tests use; the last two permute all four."""


def i64(value: int) -> str:
    return f"{value} : i64"


def in_order(shape: Sequence[int], order: str) -> tuple[int, ...]:
    """An (N, H, W, C) shape in another order."""
    return tuple(shape["NHWC".index(letter)] for letter in order)


def to_order(array: Array, order: str) -> Array:
    """An (N, H, W, C) array in another order."""
    return np.ascontiguousarray(array.transpose(["NHWC".index(letter) for letter in order]))


def _number_or_list(values: Sequence[int], compact: bool) -> str:
    return i32(values[0]) if compact and len(set(values)) == 1 else i32_array(values)


def ttir_properties(
    case: Case, order: str = "NHWC", compact: bool = False
) -> dict[str, str | None]:
    """The properties of `ttir.conv_transpose2d` for a case.

    `compact` writes one number where all of a list are equal, two paddings where sides are equal,
    and leaves the default order of dimensions out; else everything is written out.
    """
    top, bottom, left, right = pads(case)
    padding = [top, left, bottom, right]
    if compact and (top, left) == (bottom, right):
        padding = [top, left]
    properties: dict[str, str | None] = {
        "stride": _number_or_list((case["sh"], case["sw"]), compact),
        "padding": _number_or_list(padding, compact),
        "output_padding": _number_or_list((case["oph"], case["opw"]), compact),
        "dilation": _number_or_list((case["dh"], case["dw"]), compact),
        "groups": i32(case["groups"]),
    }
    if not (compact and order == "NHWC"):
        names = ("batch_dim", "height_dim", "width_dim", "channel_dim")
        for name, letter in zip(names, "NHWC", strict=True):
            properties[name] = i64(order.index(letter))
    return properties


def ttir_conv_transpose2d_ir(
    case: Case,
    element_type: str = "f32",
    *,
    order: str = "NHWC",
    compact: bool = False,
    destination: str | None = None,
    properties: Mapping[str, str | None] | None = None,
    types: Mapping[str, str] | None = None,
) -> str:
    """A function `main` that is one `ttir.conv_transpose2d`: arguments x, w and, with a bias, b.

    `destination` names the op that makes a destination: "ttir.empty" or "tensor.empty".
    """
    sizes = tuple(max(size, 0) for size in output_shape(case))
    all_types = {
        "x": tensor(in_order(input_shape(case), order), element_type),
        "w": tensor(weight_shape(case), element_type),
        "b": tensor(in_order((1, 1, 1, case["o"]), order), element_type),
        "y": tensor(in_order(sizes, order), element_type),
    } | dict(types or {})
    arguments = [(value, all_types[value]) for value in ("x", "w", "b")[: 3 if case["bias"] else 2]]
    operands, lines = list(arguments), list[str]()
    if destination is not None:
        lines.append(f"%d = {destination}() : {all_types['y']}")
        operands.append(("d", all_types["y"]))
    all_properties = ttir_properties(case, order, compact) | dict(properties or {})
    op = generic_op("ttir.conv_transpose2d", operands, all_properties, [all_types["y"]])
    body = "\n".join((*lines, f"%y = {op}"))
    return function_ir("main", arguments, body, [("y", all_types["y"])])
