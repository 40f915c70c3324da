"""IR text in the generic form that TTNN pipelines print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from .cases import Case

DEVICE = "!ttnn.device"


def tensor(shape: Iterable[int | str], element_type: str = "f32", encoding: str = "") -> str:
    """A tensor type. Example: tensor((1, "?"), "bf16") is `tensor<1x?xbf16>`."""
    encoded = f", {encoding}" if encoding else ""
    return f"tensor<{'x'.join([*map(str, shape), element_type])}{encoded}>"


def i32(value: int) -> str:
    return f"{value} : i32"


def i32_array(values: Iterable[int]) -> str:
    return f"array<i32: {', '.join(map(str, values))}>".replace(": >", ">")


def generic_op(
    name: str,
    operands: Sequence[tuple[str, str]],
    properties: Mapping[str, str | None],
    result_types: Sequence[str],
) -> str:
    """An op in the generic form; operands are (name, type), a property None is left out."""
    names = ", ".join(f"%{operand}" for operand, _ in operands)
    types = ", ".join(type_ for _, type_ in operands)
    pairs = ", ".join(f"{key} = {value}" for key, value in properties.items() if value is not None)
    listed = f" <{{{pairs}}}>" if pairs else ""
    return f'"{name}"({names}){listed} : ({types}) -> ({", ".join(result_types)})'


def function_ir(
    name: str,
    arguments: Sequence[tuple[str, str]],
    body: str,
    returns: Sequence[tuple[str, str]],
) -> str:
    """A function whose body defines what it returns; arguments and returns are (name, type)."""
    listed = ", ".join(f"%{argument}: {type_}" for argument, type_ in arguments)
    result_types = ", ".join(type_ for _, type_ in returns)
    lines = ["    " + line for line in body.strip().splitlines()]
    if returns:
        names = ", ".join(f"%{value}" for value, _ in returns)
        lines.append(f"    func.return {names} : {result_types}")
    else:
        lines.append("    func.return")
    return "\n".join((f"  func.func @{name}({listed}) -> ({result_types}) {{", *lines, "  }"))


def conv_properties(case: Case) -> dict[str, str | None]:
    """The properties of `ttnn.conv_transpose2d` that a case states."""
    mirror = case["mirror_kernel"]
    return {
        "in_channels": i32(case["c"]),
        "out_channels": i32(case["o"]),
        "batch_size": i32(case["n"]),
        "input_height": i32(case["h"]),
        "input_width": i32(case["w"]),
        "kernel_size": i32_array((case["kh"], case["kw"])),
        "stride": i32_array((case["sh"], case["sw"])),
        "padding": i32_array(case["padding"]),
        "output_padding": i32_array((case["oph"], case["opw"])),
        "dilation": i32_array((case["dh"], case["dw"])),
        "groups": i32(case["groups"]),
        "mirror_kernel": None if mirror is None else str(mirror).lower(),
    }


def with_property(case: Case, name: str, value: str | None) -> dict[str, str | None]:
    """The properties of a case with one of them set to other text, or left out."""
    return conv_properties(case) | {name: value}


def _form(shape: Sequence[int], is_flattened: bool) -> Sequence[int]:
    return (1, 1, prod(shape[:3]), shape[3]) if is_flattened else shape


def conv_transpose2d_ir(
    case: Case,
    element_type: str = "f32",
    *,
    flattened_input: bool = False,
    flattened_output: bool = False,
    name: str = "main",
    properties: Mapping[str, str | None] | None = None,
    types: Mapping[str, str] | None = None,
    **changed: Any,
) -> str:
    """A function `name` that is one `ttnn.conv_transpose2d`: arguments x, w and, with a bias, b.

    `properties` adds to the case's own (text; None takes one away), for instance
    `conv2d_config="#ttnn.conv2d_config<activation = <op_type = relu>>"`. `types` replaces the types
    of `x`, `w`, `b` and `y`, the result. What else is given changes fields of the case itself.
    """
    case = case | changed
    groups = max(case["groups"], 1)
    input_shape = (case["n"], case["h"], case["w"], case["c"])
    # No type can state a negative size; the op is refused whatever its result claims to be.
    output_shape = (case["n"], max(case["hout"], 0), max(case["wout"], 0), case["o"])
    all_types = {
        "x": tensor(_form(input_shape, flattened_input), element_type),
        "w": tensor((case["c"], case["o"] // groups, case["kh"], case["kw"]), element_type),
        "b": tensor((1, 1, 1, case["o"]), element_type),
        "y": tensor(_form(output_shape, flattened_output), element_type),
    } | dict(types or {})
    arguments = [(value, all_types[value]) for value in ("x", "w", "b")[: 3 if case["bias"] else 2]]
    op = generic_op(
        "ttnn.conv_transpose2d",
        [*arguments, ("device", DEVICE)],
        conv_properties(case) | dict(properties or {}),
        [all_types["y"]],
    )
    body = f'%device = "ttnn.get_device"() : () -> {DEVICE}\n%y = {op}'
    return function_ir(name, arguments, body, [("y", all_types["y"])])
