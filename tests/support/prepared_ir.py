"""IR in which a weight and a bias are prepared before `ttnn.conv_transpose2d` consumes them."""

from __future__ import annotations

from collections.abc import Mapping

from .cases import Case
from .ir import DEVICE, conv_properties, function_ir, generic_op, tensor

COMMON = {
    "input_memory_config": "#ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>",
    "input_tensor_layout": "#ttnn.layout<tile>",
    "input_dtype": "#ttcore.supportedDataTypes<f32>",
}

GET_DEVICE = f'%device = "ttnn.get_device"() : () -> {DEVICE}'


def prepare_weights_properties(case: Case) -> dict[str, str | None]:
    has_bias = str(case["bias"]).lower()
    return conv_properties(case) | COMMON | {"weights_format": '"IOHW"', "has_bias": has_bias}


def prepare_bias_properties(case: Case) -> dict[str, str | None]:
    not_of_bias = {"output_padding": None, "mirror_kernel": None}
    return conv_properties(case) | COMMON | not_of_bias


def weight_types(case: Case, element_type: str = "f32") -> tuple[str, str]:
    """The type of the raw weight and of the prepared one."""
    per_group, rows = case["o"] // case["groups"], case["c"] // case["groups"]
    raw = (case["c"], per_group, case["kh"], case["kw"])
    prepared = (1, 1, case["kh"] * case["kw"] * rows, case["o"])
    return tensor(raw, element_type), tensor(prepared, element_type)


def prepare_weights_op(
    case: Case, properties: Mapping[str, str | None], element_type: str = "f32"
) -> str:
    """`%prepared = ...` from the raw weight `%w`."""
    raw, prepared = weight_types(case, element_type)
    all_properties = prepare_weights_properties(case) | dict(properties)
    operands = [("w", raw), ("device", DEVICE)]
    name = "ttnn.prepare_conv_transpose2d_weights"
    return f"%prepared = {generic_op(name, operands, all_properties, [prepared])}"


def prepared_conv_transpose2d_ir(
    case: Case,
    element_type: str = "f32",
    *,
    cached: bool = False,
    prepare: Mapping[str, str | None] | None = None,
    conv: Mapping[str, str | None] | None = None,
) -> str:
    """A function `main` of x and w, the raw weight, that prepares w and convolves with it.

    `cached`: a function of its own prepares, called through `ttcore.load_cached`. `prepare` and
    `conv` change the properties of the two ops. The case has no bias.
    """
    raw, prepared = weight_types(case, element_type)
    x = ("x", tensor((case["n"], case["h"], case["w"], case["c"]), element_type))
    y = tensor((case["n"], case["hout"], case["wout"], case["o"]), element_type)
    preparation = prepare_weights_op(case, prepare or {}, element_type)
    functions: list[str] = []
    if cached:
        body = f"{GET_DEVICE}\n{preparation}"
        functions.append(function_ir("prepare", [("w", raw)], body, [("prepared", prepared)]))
        preparation = f"%prepared = ttcore.load_cached(@prepare, [%w]) : ({raw}) -> {prepared}"
    operands = [x, ("prepared", prepared), ("device", DEVICE)]
    properties = conv_properties(case) | dict(conv or {})
    convolution = generic_op("ttnn.conv_transpose2d", operands, properties, [y])
    body = "\n".join((GET_DEVICE, preparation, f"%y = {convolution}"))
    functions.append(function_ir("main", [x, ("w", raw)], body, [("y", y)]))
    return "\n".join(functions)
