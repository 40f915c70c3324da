"""Upstream MLIR reads and verifies what the lowering prints, and nothing of TTNN is left in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp, TensorType, UnregisteredOp
from xdsl.ir import Operation

from support import conv_transpose2d_ir, load_cases, load_text, make_case
from support.floors import FLOORS, lowered
from support.pooling import Pool, upsample_ir

UPSTREAM_FLOORS = ("linalg", "loops", "loops-ragged", "loops-im2col")
DIALECTS = {
    "linalg": {"builtin", "func", "arith", "math", "tensor", "linalg"},
    "loops": {"builtin", "func", "arith", "math", "tensor", "linalg", "scf"},
}
UNKNOWN_OP = "ttnn.an_op_this_project_never_heard_of"


def _tools() -> Iterator[object]:
    """iree-opt of the package, beside the Python that runs, and mlir-opt if there is one."""
    beside = Path(sys.executable).with_name("iree-opt")
    for name, path in (("iree-opt", beside if beside.exists() else None), ("mlir-opt", None)):
        found = path or shutil.which(name)
        reason = f"{name} is not installed"
        marks = [] if found else [pytest.mark.skip(reason=reason)]
        yield pytest.param(str(found), id=name, marks=marks)


every_tool = pytest.mark.parametrize("tool", list(_tools()))


def _verify(tool: str, text: str, *flags: str) -> str:
    """What the tool prints; fails with its diagnostics where it refuses."""
    outcome = subprocess.run(
        [tool, "--verify-each", *flags, "-"], input=text, capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stderr[:2000]
    return outcome.stdout


@cache
def _batch() -> str:
    """A module with the cover cases, every element type, and every activation."""
    functions: list[str] = []

    def add(case: dict[str, object], *args: str, **options: object) -> None:
        name = f"case{len(functions)}"
        functions.append(conv_transpose2d_ir(case, *args, name=name, **options))  # type: ignore

    for index, case in enumerate(load_cases("cover")):
        flat = index % 2 == 0
        add(case, ("f32", "bf16", "f16")[index % 3], flattened_input=flat, flattened_output=flat)
    groups = make_case(n=2, h=3, w=4, c=6, o=4, kh=3, kw=2, sh=2, sw=3, groups=2, bias=True)
    for element_type in ("f16", "f64", "i8", "i32", "si32", "ui16"):
        add(groups, element_type)
    for activation in ("relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "gelu"):
        config = f"#ttnn.conv2d_config<activation = <op_type = {activation}>, weights_dtype = bf16>"
        add(groups, "f16", properties={"conv2d_config": config})
    return "\n".join(functions)


@cache
def _pixels() -> str:
    """A module with poolings and upsamples of several element types."""
    functions: list[str] = []
    for element_type in ("f32", "bf16", "f16", "f64", "i8", "si32", "ui16"):
        pool = Pool((5, 6), (3, 2), (2, 1), (1, 0, 0, 1), (1, 2), ceil_mode=True)
        functions.append(pool.ir(element_type, name=f"pool{len(functions)}"))
        shape, factors = (2, 3, 4, 5), (2, 3)
        if element_type[0] in "fb":
            average = replace(pool, average=True, count_include_pad=False)
            functions.append(average.ir(element_type, name=f"pool{len(functions)}"))
        name = f"upsample{len(functions)}"
        functions.append(upsample_ir(shape, factors, element_type=element_type, name=name))
    return "\n".join(functions)


@pytest.mark.parametrize("floor", UPSTREAM_FLOORS)
@every_tool
def test_poolings_are_upstream_ir(tool: str, floor: str) -> None:
    module = lowered(_pixels(), FLOORS[floor])

    printed = _verify(tool, str(lowered(module, "strip-ttnn-attributes")))

    assert printed.count("arith.max") == 7
    assert printed.count("arith.divf") == 4
    assert printed.count("0xFF") + printed.count("0xFC00") == 2 * 4
    assert _dialects(module) <= DIALECTS["linalg"]


@cache
def _lowered(name: str, floor: str) -> ModuleOp:
    text = _batch() if name == "batch" else load_text(name)
    return lowered(text, FLOORS[floor])


def _dialects(module: Operation) -> set[str]:
    return {op.name.partition(".")[0] for op in module.walk() if not isinstance(op, UnregisteredOp)}


@pytest.mark.parametrize("floor", UPSTREAM_FLOORS)
@every_tool
def test_cover_is_upstream_ir(tool: str, floor: str) -> None:
    module = lowered(_lowered("batch", floor), "strip-ttnn-attributes")

    printed = _verify(tool, str(module))

    functions = sum(op.name == "func.func" for op in module.walk())
    assert functions == 42 + 13
    assert printed.count("func.func @case") == functions


@pytest.mark.parametrize("name", ["tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"])
@pytest.mark.parametrize("floor", UPSTREAM_FLOORS)
@every_tool
def test_files_of_real_pipelines(tool: str, floor: str, name: str) -> None:
    printed = _verify(tool, str(_lowered(name, floor)), "--allow-unregistered-dialect")

    assert "func.func" in printed
    assert ("ttnn.ttnn_layout" in printed) and (UNKNOWN_OP in printed) == ("style" in name)


@pytest.mark.parametrize("floor", UPSTREAM_FLOORS)
@every_tool
def test_a_pipeline_file_stripped(tool: str, floor: str) -> None:
    module = lowered(_lowered("tt-mlir-pipeline.mlir", floor), "strip-ttnn-attributes")

    assert "func.func @forward" in _verify(tool, str(module))
    assert not any(word in str(module) for word in ("ttnn", "ttcore", "#", "tt."))


@every_tool
def test_a_style_file_stripped(tool: str) -> None:
    """Around the unknown op its own types stay; everything else loses its encodings."""
    module = lowered(_lowered("tt-mlir-style.mlir", "loops"), "strip-ttnn-attributes")

    _verify(tool, str(module), "--allow-unregistered-dialect")

    encoded = {
        op.name
        for op in module.walk()
        for value in (*op.operands, *op.results)
        if isinstance(value.type, TensorType) and "ttnn" in str(value.type)
    }
    assert encoded == {"tensor.cast", "builtin.unregistered"}


@pytest.mark.parametrize("name", ["batch", "tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"])
@pytest.mark.parametrize("floor", UPSTREAM_FLOORS)
def test_which_dialects_are_left(floor: str, name: str) -> None:
    module = _lowered(name, floor)

    assert _dialects(module) <= DIALECTS[floor.partition("-")[0]]
    unknown = [op.op_name.data for op in module.walk() if isinstance(op, UnregisteredOp)]
    assert unknown == ([UNKNOWN_OP] if "style" in name else [])


@pytest.mark.parametrize("floor", ["linalg", "loops"])
def test_the_dialects_are_used(floor: str) -> None:
    """The set that the floors may use is not larger than what the cases need."""
    assert _dialects(_lowered("batch", floor)) == DIALECTS[floor]


@pytest.mark.parametrize("name", ["batch", "tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"])
@pytest.mark.parametrize("floor", ["decomposed", "loops-im2col"])
def test_what_is_printed_is_read_again(floor: str, name: str) -> None:
    module = _lowered(name, floor)

    assert lowered(str(module), "").is_structurally_equivalent(module)


@every_tool
def test_upstream_refuses_what_is_not_its_own(tool: str) -> None:
    """The check can fail: without stripping, module and argument attributes are foreign."""
    text = str(_lowered("tt-mlir-pipeline.mlir", "loops"))

    outcome = subprocess.run([tool, "-"], input=text, capture_output=True, text=True)

    assert outcome.returncode != 0
