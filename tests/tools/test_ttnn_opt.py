"""`ttnn-opt`: its flags, its messages, its output file."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass
from xdsl.utils.diagnostic import Diagnostic
from xdsl.utils.exceptions import VerifyException

from support import conv_transpose2d_ir, load_text, make_case
from xdsl_ttnn.frontend.pipelines import all_passes, project_passes

CASE = make_case(h=4, w=5, c=3, o=2, kh=3, kw=2, sh=2, sw=2)
WRONG_RANK = conv_transpose2d_ir(CASE, types={"x": "tensor<4x5x3xf32>"})
TWO_MODULES = "module @first {}\n// -----\nmodule @second {}\n"
SUM = """func.func @f() -> i32 {
  %a = arith.constant 1 : i32
  %b = arith.constant 2 : i32
  %c = arith.addi %a, %b : i32
  return %c : i32
}
"""


@pytest.mark.parametrize("name", ["tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"])
def test_real_ir_prints_and_parses_back_to_the_same(name: str, opt, write) -> None:
    once = opt(write(load_text(name)))
    twice = opt(write(once.out))

    assert (once.code, once.err) == (0, "")
    assert once.out == twice.out
    assert "#layout" not in once.out


def test_version(opt) -> None:
    from xdsl_ttnn import __version__

    outcome = opt("--version")

    assert outcome.code == 0
    assert outcome.out == f"ttnn-opt {__version__}, built on xDSL 0.74.0\n"


@pytest.mark.parametrize(
    ("pipeline", "message"),
    [
        ("ttnn-to-decompozed", "unknown pass 'ttnn-to-decompozed'; did you mean"),
        ("???", "pass pipeline '???', column 1: Unknown token"),
        ("cse{", "pass pipeline 'cse{', column 5: "),
        ("cse canonicalize", "pass pipeline 'cse canonicalize', column 4: "),
        ("ttnn-to-decomposed{speed=7}", "pass 'ttnn-to-decomposed': "),
        ("ttnn-to-decomposed{strategy=7}", "pass 'ttnn-to-decomposed': "),
        ("ttnn-to-decomposed{target=tpu}", "target: expected one of cpu, wormhole or a file"),
        ("ttnn-to-decomposed{strategy=magic}", "got magic"),
    ],
)
def test_bad_pipeline(pipeline: str, message: str, opt, write) -> None:
    outcome = opt(write("module {}"), "-p", pipeline)

    assert (outcome.code, outcome.out) == (2, "")
    (line,) = outcome.err.splitlines()
    assert line.startswith("ttnn-opt: error: ")
    assert message in line


def test_a_pass_that_refuses_is_named(opt, write) -> None:
    outcome = opt(write("module {}"), "-p", "convert-func-to-x86-func,apply-individual-rewrite")

    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert len(outcome.error_lines) == 1


def test_passes_of_xdsl_work_too(opt, write) -> None:
    outcome = opt(write(SUM), "-p", "canonicalize")

    assert outcome.code == 0
    assert "arith.addi" not in outcome.out
    assert "arith.constant 3 : i32" in outcome.out


def test_output_file(opt, write, tmp_path: Path) -> None:
    target = tmp_path / "out.mlir"

    outcome = opt(write(SUM), "-o", target)

    assert (outcome.code, outcome.out) == (0, "")
    assert "arith.addi" in target.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["input.mlir", "out.mlir"]


@pytest.mark.parametrize("content", ["module {", WRONG_RANK])
def test_an_output_file_survives_a_failure(content: str, opt, write, tmp_path: Path) -> None:
    target = tmp_path / "out.mlir"
    target.write_text("precious")

    assert opt(write(content), "-o", target).code == 2
    assert target.read_text() == "precious"
    assert len(list(tmp_path.iterdir())) == 2


def test_no_output_file_appears_when_a_later_chunk_fails(opt, write, tmp_path: Path) -> None:
    target = tmp_path / "out.mlir"

    outcome = opt(write("module {}\n// -----\nmodule {"), "--split-input-file", "-o", target)

    assert outcome.code == 2
    assert not target.exists()


def test_an_output_file_keeps_its_permissions(opt, write, tmp_path: Path) -> None:
    target = tmp_path / "out.mlir"
    target.touch(0o640)
    target.chmod(0o640)

    assert opt(write(SUM), "-o", target).code == 0
    assert target.stat().st_mode & 0o777 == 0o640


def test_an_output_link_stays_a_link(opt, write, tmp_path: Path) -> None:
    target, link = tmp_path / "real.mlir", tmp_path / "link.mlir"
    target.touch()
    link.symlink_to(target)

    assert opt(write(SUM), "-o", link).code == 0
    assert link.is_symlink()
    assert "arith.addi" in target.read_text()


@pytest.mark.parametrize("name", [".", "input.mlir/out.mlir"])
def test_an_output_that_cannot_be(name: str, opt, write, tmp_path: Path) -> None:
    target = tmp_path / name

    outcome = opt(write(SUM), "-o", target)

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{target}: error: ")


def test_a_device_is_written_in_place(opt, write) -> None:
    assert opt(write(SUM), "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_split_input_file(opt, write) -> None:
    outcome = opt(write(TWO_MODULES), "--split-input-file")

    assert outcome.code == 0
    assert (
        outcome.out.index("@first") < outcome.out.index("// -----") < outcome.out.index("@second")
    )


RESOURCE = """func.func @main() -> tensor<2xf32> {
  %0 = "ttnn.constant"() <{value = dense_resource<w> : tensor<2xf32>}> : () -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
{-# dialect_resources: {builtin: {w: "0x0400000000008040000000C0"}} #-}
"""


@pytest.mark.parametrize(
    "flags", [[], ["-p", "ttnn-to-loops"], ["--print-op-generic"], ["--print-ir-after-all"]]
)
def test_resources_stay_behind_the_module(
    flags: list[str], opt, run, write, tmp_path: Path
) -> None:
    outcome = opt(write(RESOURCE), *flags)

    assert outcome.code == 0
    assert outcome.out.count("0x0400000000008040000000C0") == 1
    assert "dense_resource<w> : tensor<2xf32>" in outcome.out
    again = tmp_path / "again.mlir"
    again.write_text(outcome.out)
    assert opt(again).out.split("{-#")[1] == outcome.out.split("{-#")[1]
    assert run(again).out == "result0: 2xfloat32  [4 -2]\n"


def test_resources_of_a_split_file_stay_apart(opt, write) -> None:
    other = RESOURCE.replace("00008040", "0000803F")
    outcome = opt(
        write(f"{RESOURCE}// -----\n{other}// -----\nmodule {{}}\n"), "--split-input-file"
    )

    first, second, third = outcome.out.split("// -----")
    assert "8040" in first and "803F" not in first
    assert "803F" in second and "8040" not in second
    assert "{-#" not in third


def test_places_in_a_split_file_count_from_its_start(opt, write) -> None:
    path = write("module {}\n// -----\nmodule {}\n// -----\n\n" + WRONG_RANK)
    parse_path = path.with_name("other.mlir")
    parse_path.write_text("module {}\n// -----\nmodule {\n  ?\n}\n")

    verify, parse = (opt(name, "--split-input-file") for name in (path, parse_path))

    assert verify.err.startswith(f"{path}:8:")
    assert parse.err.startswith(f"{parse_path}:4:3: error: ")


def test_parsing_diagnostics_are_no_failure(opt, write) -> None:
    path = write("module {\n  ?\n}\n// -----\nmodule @fine {}")

    outcome = opt(path, "--split-input-file", "--parsing-diagnostics")

    assert (outcome.code, outcome.err) == (0, "")
    assert f"{path}:2:3" in outcome.out
    assert "@fine" in outcome.out


def test_verify_diagnostics_are_no_failure(opt, write) -> None:
    outcome = opt(write(WRONG_RANK), "--verify-diagnostics")

    assert (outcome.code, outcome.err) == (0, "")
    assert "'ttnn.conv_transpose2d' op Input must be a 4D tensor" in outcome.out


def test_print_ir_after_all(opt, write) -> None:
    outcome = opt(write(SUM), "-p", "canonicalize,cse", "--print-ir-after-all")

    assert outcome.code == 0
    first, second = outcome.err.split("IR Dump After ")[1:]
    assert first.startswith("canonicalize //")
    assert second.startswith("cse //")
    assert "arith.constant 3" in first
    assert "IR Dump" not in outcome.out


def test_print_ir_after_failure(opt, write, monkeypatch) -> None:
    _add_pass(monkeypatch, "break-ir", _drop_terminators)

    outcome = opt(write(SUM), "-p", "cse,break-ir", "--print-ir-after-failure")

    assert outcome.code == 2
    assert "IR Dump After break-ir Failed" in outcome.err
    assert "IR Dump After cse" not in outcome.err
    assert len(outcome.error_lines) == 1


def test_a_pass_that_breaks_the_ir_is_named(opt, write, monkeypatch) -> None:
    _add_pass(monkeypatch, "break-ir", _drop_terminators)
    path = write(SUM)

    outcome = opt(path, "-p", "cse,break-ir,canonicalize")

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}:")
    assert "pass 'break-ir': " in line


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (KeyError("oops"), "internal error: KeyError: 'oops'"),
        (AssertionError(), "internal error: AssertionError"),
        (RecursionError(), "nested too deeply"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_an_error_inside_a_pass_is_one_message(error, part: str, opt, write, monkeypatch) -> None:
    def fail(module) -> None:
        raise error

    _add_pass(monkeypatch, "fails", fail)
    path = write(SUM)

    outcome = opt(path, "-p", "fails")

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}: error: pass 'fails': {part}")


def test_the_traceback_can_be_asked_for(opt, write, monkeypatch) -> None:
    monkeypatch.setenv("XDSL_TTNN_TRACEBACK", "1")

    assert "Traceback" in opt(write("module {")).err


def test_an_interrupt_is_quiet(opt, write, monkeypatch) -> None:
    def interrupt(module) -> None:
        raise KeyboardInterrupt

    _add_pass(monkeypatch, "interrupted", interrupt)

    outcome = opt(write(SUM), "-p", "interrupted")

    assert (outcome.code, outcome.out, outcome.err) == (130, "", "")


def test_a_reader_that_leaves_is_no_error(write) -> None:
    path = write("\n".join(f"func.func @f{i}() {{ return }}" for i in range(2000)))
    command = [sys.executable, "-m", "xdsl_ttnn.tools.ttnn_opt", str(path)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""

    assert process.returncode == 141


def test_bad_usage(opt) -> None:
    outcome = opt("--no-such-flag")

    assert outcome.code == 2
    assert "error: unrecognized arguments: --no-such-flag" in outcome.err


def _add_pass(monkeypatch: pytest.MonkeyPatch, name: str, action) -> None:
    """Offer a pass that does `action` to the module."""
    from xdsl.passes import ModulePass

    from xdsl_ttnn.frontend import pipelines

    class Added(ModulePass):
        def apply(self, ctx, op) -> None:
            action(op)

    Added.name = name
    table = {**pipelines.all_passes(), name: lambda: Added}
    monkeypatch.setattr(pipelines, "all_passes", lambda: table)


def _drop_terminators(module) -> None:
    from xdsl.dialects.func import ReturnOp

    for op in list(module.walk()):
        if isinstance(op, ReturnOp):
            op.detach()


BEHIND = """func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = "ttnn.relu"(%z) : (tensor<4xf32>) -> tensor<4xf32>
  %z = "ttnn.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
"""
BEHIND_TEXT = "'ttnn.relu' op expected operand 0 to be defined in front of it, got '%z'"


def test_values_are_defined_in_front_of_their_uses(opt, run, write) -> None:
    path = write(BEHIND)

    for outcome in (opt(path), run(path), opt(path, "-p", "ttnn-to-linalg")):
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith(f"{path}:2:3: error: {BEHIND_TEXT}\n")
    assert opt(path, "--disable-verify").code == 0


def test_flags_are_over_when_the_tool_is(opt, write) -> None:
    """xDSL switches the checks of attributes off, and colours on, for the whole process."""
    path = write(BEHIND)

    opt(path, "--disable-verify", "--syntax-highlight")

    assert not Diagnostic.colored
    with pytest.raises(VerifyException, match="out of range"):
        IntegerAttr(2**40, 32)


@dataclass(frozen=True)
class ForgetArgumentsPass(ModulePass):
    """Take the arguments of functions away, and leave what reads them."""

    name = "forget-arguments"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in (inner for inner in op.walk() if isinstance(inner, FuncOp)):
            function.body.block._args = ()
            function.update_function_type()


@pytest.mark.parametrize("flag", ["--split-input-file", "--print-between-passes"])
@pytest.mark.parametrize("rest", ["", ",canonicalize"])
def test_what_a_pass_breaks_is_not_printed(
    rest: str, flag: str, opt, write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xDSL's verifier takes an argument for one of the block that it was an argument of."""
    path = write(BEHIND.replace("%z)", "%x)"))
    table = project_passes() | {"canonicalize": all_passes()["canonicalize"]}
    table["forget-arguments"] = lambda: ForgetArgumentsPass
    monkeypatch.setattr("xdsl_ttnn.frontend.pipelines.all_passes", lambda: table)

    outcome = opt(path, flag, "-p", f"forget-arguments{rest}")

    assert (outcome.code, outcome.out) == (2, "")
    assert "pass 'forget-arguments': 'ttnn.relu' op expected operand 0 to be" in outcome.err
    assert outcome.err.startswith(f"{path}:2:3: error: ")


def test_help_names_the_options_of_passes_and_their_defaults(opt) -> None:
    outcome = opt("--help")

    assert outcome.code == 0
    assert "  legalize-deconv-to-ttnn{max-ops=16384}\n" in outcome.out
    assert (
        "  ttnn-to-linalg{strategy=auto target=cpu max-temporary-bytes=4294967296 max-ops=16384}\n"
        in outcome.out
    )
    shown = dict(re.findall(r"^  ([\w-]+)\{(.*)\}$", outcome.out, re.M))
    assert {name: re.findall(r"([\w-]+)=", options) for name, options in shown.items()} == {
        name: options
        for name, load in project_passes().items()
        if (options := [field.name.replace("_", "-") for field in fields(load())])
    }


def test_a_block_without_a_terminator_has_a_place(opt, write) -> None:
    """xDSL says so of the block, which has no place, when it verifies what is around it."""
    path = write("module {\n  func.func @f(%x: i32) {\n  }\n}\n")

    outcome = opt(path)

    assert outcome.code == 2
    assert outcome.err.startswith(f"{path}:2:3: error: Operation func.func contains empty block")
