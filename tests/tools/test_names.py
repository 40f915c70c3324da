"""Functions of any name in every tool, and activations that once shared a name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from support import conv_transpose2d_ir, make_case
from support.names import RELU6, call_chain
from xdsl_ttnn.dialect.text.names import symbol_text
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.tools import ttnn_cost_report

NAMES = ("f²", "ﬁ", "a\0b", "a\nb", "a b", "v1", "lambda", "__debug__", "np")
VALUES = np.array([[-1, 3, 7, 100]], np.float32)


@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
def test_one_relu6_among_sixty_relus(run, write, tmp_path: Path, floor: str) -> None:
    source, target = tmp_path / "in.npz", tmp_path / "out.npz"
    np.savez(source, arg0=VALUES)
    options = ("--inputs", source, "--floor", floor, "--check", "--outputs", target)
    outcome = run(write(RELU6), *options)
    assert (outcome.code, outcome.err) == (0, "")
    with np.load(target) as stored:
        assert stored["result0"].tolist() == [[0, 3, 6, 6]]


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_any_name_runs(run, opt, write, tmp_path: Path, name: str) -> None:
    path, target = write(call_chain([name, "fi", "f_"])), tmp_path / "out.npz"
    # No command line holds a NUL: such a function runs where it need not be named.
    entry = ["--entry", name] if "\0" not in name else []
    if not entry:
        path = write(path.read_text().replace("private", "public", 1))
    outcome = run(path, *entry, "--floor", "loops", "--check", "--trace", "--outputs", target)
    assert outcome.code == 0, outcome.err
    lines = outcome.err.splitlines()
    assert any(f"({symbol_text(name)} {path}:" in line for line in lines)
    assert all(line.endswith(")") for line in lines)
    with np.load(target) as stored:
        assert stored.files == ["result0"]

    printed = opt(path)
    assert printed.code == 0
    assert f"func.func {'private' if entry else 'public'} {symbol_text(name)}(" in printed.out
    assert opt(write(printed.out)).out == printed.out


@pytest.mark.parametrize("name", NAMES)
def test_compile_ir_takes_any_name(name: str) -> None:
    function = compile_ir(call_chain([name, "fi", "f_"]), name, floor="loops")
    (result,) = function(np.zeros(2, np.int32))
    assert result.tolist() == [7, 7]


def test_an_unknown_entry_is_refused_on_one_line(run, write) -> None:
    outcome = run(write(call_chain(["a\nb", "a\0b"])), "--entry", "a")
    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.endswith(r": error: entry 'a': expected one of 'a\nb', 'a\x00b'")


@pytest.mark.parametrize("options", [(), ("--entry", "a"), ("--floor", "loops")])
def test_a_symbol_that_is_no_text_is_refused_in_place(run, opt, tool, write, options) -> None:
    path = write('func.func @"\\FF"(%x: f32) -> f32 { return %x : f32 }')
    message = rf'{path}:1:11: error: expected the name of a symbol in UTF-8, got @"\FF"'
    for outcome in (run(path, *options), opt(path), tool(ttnn_cost_report.main)(path)):
        assert outcome.code == 2
        assert outcome.error_lines == [message]


@pytest.mark.parametrize("name", ["f²", "a\nb", "a\0b"])
def test_the_cost_report_shows_any_name(tool, write, name: str) -> None:
    case = make_case(h=2, w=2, c=1, o=1, kh=2, kw=2)
    ir = conv_transpose2d_ir(case, name=symbol_text(name)[1:])
    outcome = tool(ttnn_cost_report.main)(write(ir))
    assert outcome.code == 0
    assert symbol_text(name) in outcome.out
