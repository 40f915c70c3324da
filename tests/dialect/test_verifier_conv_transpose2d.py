"""Every check of `ttnn.conv_transpose2d`, triggered from IR text, with its exact message."""

from typing import Any

import pytest

from support import (
    Case,
    case_id,
    conv_transpose2d_ir,
    diagnostic,
    i32,
    i32_array,
    is_rejected,
    load_cases,
    make_case,
    tensor,
    verify_ir,
)

BASE = make_case(
    n=2,
    h=5,
    w=7,
    c=6,
    o=4,
    kh=3,
    kw=2,
    sh=2,
    sw=3,
    padding=[1, 2, 0, 0],
    oph=1,
    dh=2,
    groups=2,
    bias=True,
)
"""2x5x7x6 -> 2x11x20x4, weight 6x2x3x2."""


def message(**changes: Any) -> str:
    return diagnostic(conv_transpose2d_ir(BASE, **changes))


def prefixed(text: str) -> str:
    return f"'ttnn.conv_transpose2d' op {text}"


RANKS = [
    ("x", "Input must be a 4D tensor"),
    ("y", "Output must be a 4D tensor"),
    ("w", "Weight must be a 4D tensor"),
    ("b", "Bias must be a 4D tensor"),
]


@pytest.mark.parametrize(("name", "text"), RANKS)
@pytest.mark.parametrize("shape", [(6,), (2, 5, 6), (1, 2, 5, 7, 6), ()])
def test_rank_is_not_4(name: str, text: str, shape: tuple[int, ...]):
    assert message(types={name: tensor(shape)}) == prefixed(text)


TT_MLIR_ROWS: list[tuple[dict[str, Any], str]] = [
    (
        {"properties": {"in_channels": i32(8)}},
        "Input channels attribute must match the last dimension of the input tensor",
    ),
    (
        {"properties": {"out_channels": i32(8)}},
        "Output channels attribute match the last dimension of the output tensor",
    ),
    (
        {"properties": {"batch_size": i32(1)}},
        "Batch size attribute must match the first dimension of the input tensor",
    ),
    (
        {"properties": {"input_height": i32(6)}},
        "Input height attribute must match the second dimension of the input tensor",
    ),
    (
        {"properties": {"input_width": i32(6)}},
        "Input width attribute must match the third dimension of the input tensor",
    ),
    ({"sh": 0}, "Attribute 'stride' contains a value less than: 1"),
    ({"sw": 0}, "Attribute 'stride' contains a value less than: 1"),
    ({"sw": -2}, "Attribute 'stride' contains a value less than: 1"),
    ({"padding": [-1, 0]}, "Attribute 'padding' contains a value less than: 0"),
    ({"padding": [1, 2, 0, -1]}, "Attribute 'padding' contains a value less than: 0"),
    ({"oph": -1}, "Attribute 'output padding' contains a value less than: 0"),
    ({"opw": -1}, "Attribute 'output padding' contains a value less than: 0"),
    ({"dh": 0}, "Attribute 'dilation' contains a value less than: 1"),
    ({"dw": -2}, "Attribute 'dilation' contains a value less than: 1"),
    (
        {"groups": 4},
        "Number of input channels from input tensor must be divisible by the number of groups. "
        "Got 6 input channels and 4 groups.",
    ),
    (
        {"groups": 3},
        "Number of output channels from output tensor must be divisible by the number of groups. "
        "Got 4 output channels and 3 groups.",
    ),
    (
        {"types": {"w": tensor((7, 2, 3, 2))}},
        "Number of input channels from input tensor must match the first dimension of the weight "
        "tensor. Got 6 input channels and 7 in the weight tensor.",
    ),
    (
        {"types": {"w": tensor((6, 4, 3, 2))}},
        "Number of output channels per group must match the second dimension of the weight "
        "tensor. Got 2 output channels per group and 4 in the weight tensor.",
    ),
    (
        {"types": {"b": tensor((1, 1, 1, 2))}},
        "Mismatch in bias tensor dimensions. Bias tensor has 2 channels, but the output tensor "
        "has 4 channels.",
    ),
    (
        {"padding": [20, 0]},
        "Given input size per channel: (5 x 7). Calculated output size per channel: (-26 x 20). "
        "Output size is too small",
    ),
    (
        {"padding": [0, 0, 5, 15]},
        "Given input size per channel: (5 x 7). Calculated output size per channel: (14 x 0). "
        "Output size is too small",
    ),
    (
        {"hout": 12},
        "Mismatch between expected output size per channel and got output tensor dimensions. "
        "Expected: (11 x 20), got: (12 x 20).",
    ),
    (
        {"wout": 19},
        "Mismatch between expected output size per channel and got output tensor dimensions. "
        "Expected: (11 x 20), got: (11 x 19).",
    ),
    (
        {"types": {"y": tensor((1, 1, 439, 4))}},
        "Mismatch between expected output size per channel and got output tensor dimensions. "
        "Expected: (11 x 20), got: (1 x 439).",
    ),
]


@pytest.mark.parametrize(("changes", "text"), TT_MLIR_ROWS)
def test_wording_of_tt_mlir(changes: dict[str, Any], text: str):
    assert message(**changes) == prefixed(text)


OWN_ROWS: list[tuple[dict[str, Any], str]] = [
    ({"groups": 0}, "expected 'groups' of at least 1, got 0"),
    ({"groups": -2}, "expected 'groups' of at least 1, got -2"),
    (
        {"properties": {"kernel_size": i32_array((0, 2))}},
        "expected 'kernel_size' of at least 1, got 0, 2",
    ),
    (
        {"properties": {"kernel_size": i32_array((3, -1))}},
        "expected 'kernel_size' of at least 1, got 3, -1",
    ),
    ({"h": 0}, "expected 'input_height' of at least 1, got 0"),
    ({"w": 0}, "expected 'input_width' of at least 1, got 0"),
    (
        {"properties": {"kernel_size": i32_array((3, 4))}},
        "expected kernel_size (3, 2) of the weight tensor, got (3, 4)",
    ),
    (
        {"types": {"w": tensor((6, 2, 2, 3))}},
        "expected kernel_size (2, 3) of the weight tensor, got (3, 2)",
    ),
    (
        {"types": {"y": tensor((3, 11, 20, 4))}},
        "expected a batch of 2 in the output tensor, got 3",
    ),
    (
        {"types": {"x": tensor((2, 1, 70, 6))}},
        "expected the first two dimensions of a flattened input to be (1, 1), got (2, 1)",
    ),
    (
        {"types": {"x": tensor((1, 5, 70, 6))}},
        "expected the first two dimensions of a flattened input to be (1, 1), got (1, 5)",
    ),
    (
        {"types": {"y": tensor((2, 1, 440, 4))}},
        "expected the first two dimensions of a flattened output to be (1, 1), got (2, 1)",
    ),
    (
        {"types": {"y": tensor((1, 11, 440, 4))}},
        "expected the first two dimensions of a flattened output to be (1, 1), got (1, 11)",
    ),
    (
        {"types": {"b": tensor((1, 2, 1, 4))}},
        "expected a bias of shape (1, 1, 1, O), got (1, 2, 1, 4)",
    ),
]


@pytest.mark.parametrize(("changes", "text"), OWN_ROWS)
def test_own_wording(changes: dict[str, Any], text: str):
    assert message(**changes) == prefixed(text)


@pytest.mark.parametrize("values", [(), (1,), (1, 1, 1), (1, 1, 1, 1)])
@pytest.mark.parametrize("name", ["kernel_size", "stride", "dilation", "output_padding"])
def test_lists_have_two_values(name: str, values: tuple[int, ...]):
    expected = prefixed(f"expected 2 values in '{name}', got {len(values)}")
    assert message(properties={name: i32_array(values)}) == expected


@pytest.mark.parametrize("values", [(), (1,), (1, 1, 1), (1, 1, 1, 1, 1)])
def test_padding_has_two_or_four_values(values: tuple[int, ...]):
    expected = prefixed(f"expected 2 or 4 values in 'padding', got {len(values)}")
    assert message(properties={"padding": i32_array(values)}) == expected


ELEMENT_TYPES: list[tuple[str, dict[str, str]]] = [
    ("f32", {"x": "i32"}),
    ("i32", {"x": "i16"}),
    ("i32", {"w": "si32"}),
    ("i32", {"b": "f32"}),
    ("i8", {"y": "i32"}),
    ("f32", {"w": "complex<f32>"}),
    ("f32", {"y": "index"}),
]


@pytest.mark.parametrize(("common", "changed"), ELEMENT_TYPES)
def test_element_types_that_cannot_be_combined(common: str, changed: dict[str, str]):
    shapes = {"x": (2, 5, 7, 6), "w": (6, 2, 3, 2), "b": (1, 1, 1, 4), "y": (2, 11, 20, 4)}
    types = {name: tensor(shapes[name], changed[name]) for name in changed}
    names = {"x": "input", "w": "weight", "y": "result", "b": "bias"}
    listed = ", ".join(f"{names[key]} {changed.get(key, common)}" for key in names)
    expected = "expected element types that are all floats or all the same integer, got " + listed
    assert message(element_type=common, types=types) == prefixed(expected)


@pytest.mark.parametrize("element_type", ["f32", "f16", "bf16", "f64", "i8", "si32", "ui16"])
def test_element_types_that_can_be_combined(element_type: str):
    verify_ir(conv_transpose2d_ir(BASE, element_type))


def test_floats_of_different_width_can_be_combined():
    types = {"x": tensor((2, 5, 7, 6), "bf16"), "y": tensor((2, 11, 20, 4), "f16")}
    verify_ir(conv_transpose2d_ir(BASE, "f32", types=types))


@pytest.mark.parametrize(
    ("word", "is_float"), [("bfp_bf8", True), ("bf16", True), ("u32", False), ("si32", False)]
)
def test_tiles_of_floats_are_floats(word: str, is_float: bool):
    types = {"w": tensor((6, 2, 3, 2), f"!ttcore.tile<32x32, {word}>")}
    ir = conv_transpose2d_ir(BASE, "bf16", types=types)
    if is_float:
        verify_ir(ir)
    else:
        assert f"weight !ttcore.tile<32x32, {word}>" in diagnostic(ir)


def with_dtype(word: str) -> dict[str, str]:
    return {"dtype": f"#ttcore.supportedDataTypes<{word}>"}


@pytest.mark.parametrize(
    ("element_type", "word"),
    [("f32", "f32"), ("bf16", "bf16"), ("i32", "si32"), ("si32", "si32"), ("ui16", "u16")],
)
def test_dtype_that_names_the_result(element_type: str, word: str):
    verify_ir(conv_transpose2d_ir(BASE, element_type, properties=with_dtype(word)))


@pytest.mark.parametrize(("element_type", "word"), [("f32", "bf16"), ("bf16", "f32")])
def test_dtype_that_names_another_type(element_type: str, word: str):
    expected = f"expected a result of element type {word} as 'dtype' says, got {element_type}"
    got = message(element_type=element_type, properties=with_dtype(word))
    assert got == prefixed(expected)


@pytest.mark.parametrize("name", ["conv_config", "output_dtype", "padding_mode"])
def test_unknown_property_is_named(name: str):
    text = message(properties={name: "1 : i32"})
    assert text.startswith(f"property '{name}' is not defined by ")
    assert "'ttnn.conv_transpose2d'" in text


MANDATORY = [
    "in_channels",
    "out_channels",
    "batch_size",
    "input_height",
    "input_width",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
]


@pytest.mark.parametrize("name", MANDATORY)
def test_missing_property_is_named(name: str):
    text = message(properties={name: None})
    assert text == f"property '{name}' expected in operation 'ttnn.conv_transpose2d'"


def test_missing_output_padding_is_named():
    text = message(properties={"output_padding": None})
    assert text == prefixed("expected property 'output_padding', got none")


@pytest.mark.parametrize(
    ("has_bias", "text"),
    [(False, "Expected 3 or 4 operands, but got 2"), (True, "operand 'device' at position 2 does")],
)
def test_a_missing_device_is_noticed(has_bias: bool, text: str):
    ir = conv_transpose2d_ir(BASE, bias=has_bias)
    ir = ir.replace(", %device)", ")").replace(", !ttnn.device)", ")")
    assert diagnostic(ir).startswith(text)


@pytest.mark.parametrize("flattened_output", [False, True])
@pytest.mark.parametrize("flattened_input", [False, True])
def test_forms_of_input_and_output_are_independent(flattened_input: bool, flattened_output: bool):
    verify_ir(
        conv_transpose2d_ir(
            BASE, flattened_input=flattened_input, flattened_output=flattened_output
        )
    )


@pytest.mark.parametrize(
    "shape",
    ["????", (2, "?", "?", 4), ("?", 11, 20, 4), (1, 1, "?", 4), ("?", "?", 440, "?")],
)
def test_result_types_may_leave_sizes_open(shape: Any):
    verify_ir(conv_transpose2d_ir(BASE, types={"y": tensor(shape)}))


@pytest.mark.parametrize("shape", [("?", 12, 20, 4), (2, 11, "?", 5), (3, "?", "?", 4)])
def test_known_sizes_of_an_open_result_are_compared(shape: Any):
    ir = conv_transpose2d_ir(BASE, types={"y": tensor(shape)})
    assert diagnostic(ir).startswith("'ttnn.conv_transpose2d' op ")


@pytest.mark.parametrize("mirror", [None, True, False])
def test_mirror_kernel_may_be_stated(mirror: bool | None):
    verify_ir(conv_transpose2d_ir(BASE, mirror_kernel=mirror))


@pytest.mark.parametrize(
    "changes",
    [
        {"h": 1, "w": 1, "hout": 3, "wout": 2},
        {"n": 0},
        {"oph": 7, "hout": 17},
        {"padding": [0, 0, 6, 4], "hout": 14, "wout": 10},
        {"padding": [6, 2, 0, 0], "hout": 6},
        {"bias": False},
    ],
)
def test_legal_extremes(changes: dict[str, Any]):
    verify_ir(conv_transpose2d_ir(BASE, **changes))


PUBLIC_CASES = load_cases("public")
VALID_CASES = [
    case
    for case in PUBLIC_CASES + load_cases("cover") + load_cases("model-zoo")
    if not is_rejected(case)
]
REJECTED_CASES = [case for case in PUBLIC_CASES if is_rejected(case)]


def test_how_many_cases_there_are():
    assert (len(VALID_CASES), len(REJECTED_CASES)) == (420, 4)


@pytest.mark.parametrize("case", VALID_CASES, ids=case_id)
def test_valid_cases_verify(case: Case):
    verify_ir(conv_transpose2d_ir(case))


REASONS = {
    "negative padding": "Attribute 'padding' contains a value less than: 0",
    "negative output_padding": "Attribute 'output padding' contains a value less than: 0",
    "negative dilation": "Attribute 'dilation' contains a value less than: 1",
    "output size below zero": "Given input size per channel: (8 x 8). Calculated output size per "
    "channel: (-2 x -4). Output size is too small",
}


@pytest.mark.parametrize("flattened", [False, True])
@pytest.mark.parametrize("case", REJECTED_CASES, ids=case_id)
def test_invalid_cases_are_rejected_for_the_recorded_reason(case: Case, flattened: bool):
    reason = REASONS[case["note"].removeprefix("must be rejected: ")]
    ir = conv_transpose2d_ir(case, flattened_input=flattened)
    assert diagnostic(ir) == prefixed(reason)
