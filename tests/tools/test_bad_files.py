"""Bad input files: one message that says where, exit code 2, no traceback. For both tools."""

from __future__ import annotations

import io
import subprocess
import sys
from codecs import BOM_UTF8
from pathlib import Path

import pytest

from support import conv_transpose2d_ir, load_text, make_case, with_property

STYLE = load_text("tt-mlir-style.mlir")
CASE = make_case(h=4, w=5, c=3, o=2, kh=3, kw=2)


def _with(name: str, value: str | None) -> str:
    return conv_transpose2d_ir(CASE, properties=with_property(CASE, name, value))


def _types(**types: str) -> str:
    return conv_transpose2d_ir(CASE, types=types)


# name -> (content, place of the error behind the file's name, a part of the message)
BAD: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", ":1:1", "expected a module, got an empty file"),
    "blank": ("\n  \n", ":1:1", "expected a module, got an empty file"),
    "comment only": ("// nothing here\n", ":2:1", ""),
    "truncated": (STYLE[:2500], ":", "expected"),
    "truncated in a string": (STYLE[: STYLE.index('"kept"') + 3], ":12:", ""),
    "not UTF-8": (b"module {\n  \xff\n}\n", ":2:3", "expected UTF-8 text, got byte 0xff"),
    "binary": (bytes(range(256)) * 4, ":", ""),
    "NUL": (b"module {\n \x00\n}\n", ":2:2", "\\x00"),
    "200 nested modules": ("module {\n" * 200 + "}\n" * 200, ":65:", "nested operations"),
    "5000 modules, none closed": ("module {" * 5000, ":1:", "nested operations"),
    "nested attribute": (f"module attributes {{a = {'[' * 4000}{']' * 4000}}} {{}}", ":1:", "deep"),
    "nested type": (f"func.func private @f({'tuple<' * 4000}", ":1:", "deep"),
    "nested map": (f"#m = affine_map<(d) -> ({'(' * 4000}d{')' * 4000})>", ":1:", "deep"),
    "5000 digits": (
        f"module attributes {{a = {'9' * 5000} : i32}} {{}}",
        ":1:",
        "number too large",
    ),
    "5000 digits in a shape": (
        f"func.func private @f(tensor<{'9' * 5000}xf32>)",
        ":1:",
        "too large",
    ),
    "number past its type": (
        _with("groups", "99999999999 : i32"),
        ":",
        "out of range for type i32",
    ),
    "unknown value": ("func.func @f() {\n  return %y : f32\n}", ":", "%y"),
    "misspelt op": ("func.func @f() {\n  func.retrun\n}", ":", "func.retrun"),
    "no result operand": (
        "func.func @f(%t: tensor<2x2xf32>) {\n"
        "  %0 = linalg.matmul ins(%t : tensor<2x2xf32>) -> tensor<2x2xf32>\n}",
        ":",
        "not understood by the parser (IndexError: ",
    ),
    "wrong rank": (
        _types(x="tensor<4x5x3xf32>"),
        ":3:",
        "'ttnn.conv_transpose2d' op Input must be a 4D tensor",
    ),
    "wrong result": (_types(y="tensor<1x6x7x2xf32>"), ":3:", "Expected: (6 x 6), got: (6 x 7)"),
    "stride of three": (_with("stride", "array<i32: 1, 1, 1>"), ":3:", "stride"),
    "stride of strings": (_with("stride", '"2"'), ":3:", "stride"),
    "stride below 1": (
        _with("stride", "array<i32: 1, 0>"),
        ":3:",
        "Attribute 'stride' contains a value less than: 1",
    ),
    "missing property": (_with("groups", None), ":3:", "groups"),
    "i64 property": (_with("groups", "1 : i64"), ":3:", "groups"),
    "unknown property": (_with("grups", "1 : i32"), ":3:", "grups"),
}


@pytest.mark.parametrize("tool", ["opt", "run"])
@pytest.mark.parametrize("name", BAD)
def test_bad_file(name: str, tool: str, write, request: pytest.FixtureRequest) -> None:
    content, place, part = BAD[name]
    path = write(content)

    outcome = request.getfixturevalue(tool)(path)

    assert outcome.code == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    (message,) = outcome.error_lines
    assert message.startswith(f"{path}{place}")
    assert part in message
    assert "internal error" not in message


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_a_parse_error_shows_the_line_and_a_caret(tool: str, write, request) -> None:
    path = write("module {\n  %0 = arith.addi %a ? %b : i32\n}")

    outcome = request.getfixturevalue(tool)(path)

    assert outcome.err.splitlines() == [
        f"{path}:2:22: error: Expected ','",
        "    %0 = arith.addi %a ? %b : i32",
        "                       ^",
    ]


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_a_long_line_is_cut_around_the_caret(tool: str, write, request) -> None:
    path = write(f'module attributes {{a = "{"x" * 5000}", b = ?, c = "{"y" * 5000}"}} {{}}')

    outcome = request.getfixturevalue(tool)(path)

    _, excerpt, carets = outcome.err.splitlines()
    assert len(excerpt) < 130
    assert excerpt[carets.index("^")] == "?"


def test_a_string_that_is_not_closed_costs_no_time(write) -> None:
    """A lexer that tries every way to split the rest of the line would take for ever."""
    path = write('module attributes {a = "' + "x" * 5000)
    command = [sys.executable, "-m", "xdsl_ttnn.tools.ttnn_opt", str(path)]

    outcome = subprocess.run(command, capture_output=True, text=True, timeout=10)

    assert outcome.returncode == 2
    assert outcome.stderr.startswith(f"{path}:1:24: error: ")


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_a_byte_order_mark_is_no_part_of_the_text(tool: str, write, request) -> None:
    text = "module {\n  func.func @main() {\n    return\n  }\n}\n"
    run = request.getfixturevalue(tool)
    bare, marked = run(write(text)), run(write(BOM_UTF8 + text.encode()))

    assert (marked.code, marked.out, marked.err) == (0, bare.out, bare.err)
    for content, message in (
        (b"", "1:1: error: expected a module, got an empty file"),
        (b"module { ?", "1:10: error: "),
        (b"module { \xff", "1:10: error: expected UTF-8 text, got byte 0xff"),
    ):
        path = write(BOM_UTF8 + content)
        outcome = run(path)
        assert outcome.code == 2
        assert outcome.err.startswith(f"{path}:{message}")


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_a_missing_file(tool: str, tmp_path: Path, request) -> None:
    path = tmp_path / "absent.mlir"

    outcome = request.getfixturevalue(tool)(path)

    assert (outcome.code, outcome.err) == (2, f"{path}: error: no such file or directory\n")


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_a_folder(tool: str, tmp_path: Path, request) -> None:
    outcome = request.getfixturevalue(tool)(tmp_path)

    assert (outcome.code, outcome.err) == (2, f"{tmp_path}: error: is a directory\n")


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_standard_input_is_named(tool: str, monkeypatch, request) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"module {")))

    outcome = request.getfixturevalue(tool)("-")

    assert outcome.code == 2
    assert outcome.err.startswith("<stdin>:1:9: error: ")


@pytest.mark.parametrize("tool", ["opt", "run"])
@pytest.mark.parametrize(
    ("body", "line", "text"),
    [
        (
            "  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>,"
            " strides = dense<1> : tensor<3xi64>} ins(%x, %x : tensor<1x1x1x1xf32>,"
            " tensor<1x1x1x1xf32>) outs(%x : tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>",
            2,
            "'linalg.conv_2d_nhwc_hwcf' op not understood by its verifier "
            "(ValueError: too many values to unpack (expected 2))",
        ),
    ],
)
def test_verifiers_that_take_too_much_for_granted(
    body: str, line: int, text: str, tool: str, write, request
) -> None:
    path = write(
        f"func.func @f(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {{\n{body}\n"
        "  return %y : tensor<1x1x1x1xf32>\n}"
    )

    outcome = request.getfixturevalue(tool)(path)

    assert (outcome.code, outcome.err) == (2, f"{path}:{line}:3: error: {text}\n")


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_a_symbol_that_is_defined_twice(tool: str, write, request) -> None:
    path = write("func.func private @f()\nfunc.func @g() {\n  return\n}\nfunc.func private @f()\n")

    outcome = request.getfixturevalue(tool)(path)

    text = "'func.func' op Redefinition of symbol \"f\""
    assert (outcome.code, outcome.err) == (2, f"{path}:5:1: error: {text}\n")


@pytest.mark.parametrize("tool", ["opt", "run"])
def test_what_cannot_be_printed_is_complained_of(tool: str, write, request) -> None:
    """xDSL has no text of such a number, neither in IR nor in a message."""
    type_ = "tensor<1xf32>"
    path = write(
        f"func.func @f(%x: {type_}) -> {type_} {{\n"
        f'  %y = "ttnn.leaky_relu"(%x) <{{parameter = 1.0 : f80}}> : ({type_}) -> {type_}\n'
        f"  return %y : {type_}\n}}"
    )

    outcome = request.getfixturevalue(tool)(path)

    assert outcome.code == 2
    assert outcome.err.startswith(
        f"{path}:2:44: error: expected numbers of at most 64 bits, got f80\n"
    )
