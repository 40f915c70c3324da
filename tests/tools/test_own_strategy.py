"""Strategies and passes of other packages: examples/own_strategy, and packages that are broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import conv_transpose2d_ir, make_case
from support.outside import EXAMPLE, GROUP, Outside, install, install_example
from support.pages import read_blocks
from xdsl_ttnn.passes.strategies.registry import own_names

ONE_PIXEL = make_case(h=1, w=1, c=8, o=4, kh=4, kw=4, bias=True)
"""The first layer of a generator: from one pixel to 4x4."""

MANY = make_case(h=4, w=4, c=8, o=4, kh=4, kw=4, sh=2, sw=2)
IR = conv_transpose2d_ir(ONE_PIXEL)
OWN = own_names()


@pytest.fixture
def example(tmp_path: Path) -> Outside:
    return install_example(tmp_path / "installed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "layer.mlir"
    file.write_text(IR)
    return file


@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
def test_it_can_be_asked_for(example: Outside, path: Path, floor: str) -> None:
    outcome = example.tool("ttnn_run", path, "--strategy", "one-pixel", "--floor", floor, "--check")

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert "ok" in outcome.stdout


def test_auto_chooses_it(example: Outside, path: Path) -> None:
    outcome = example.tool("ttnn_run", path, "--floor", "linalg", "--check")

    assert outcome.returncode == 0
    assert "remark: strategy auto: one-pixel takes " in outcome.stderr
    assert "ok" in outcome.stdout


def test_what_it_builds(example: Outside, path: Path) -> None:
    pipeline = "ttnn-to-decomposed{strategy=one-pixel}"

    outcome = example.tool("ttnn_opt", path, "-p", pipeline)

    ops = [line.split('"')[1] for line in outcome.stdout.splitlines() if '= "ttnn.' in line]
    assert "ttnn.conv_transpose2d" not in outcome.stdout
    assert "ttnn.conv2d" not in ops
    assert ops.count("ttnn.matmul") == 1


def test_the_cost_report_knows_it(example: Outside, path: Path) -> None:
    path.write_text(f"{IR}\n{conv_transpose2d_ir(MANY, name='other')}")

    outcome = example.tool("ttnn_cost_report", path, "--json")
    table = example.tool("ttnn_cost_report", path).stdout

    first, second = json.loads(outcome.stdout)["ops"]
    assert first["auto"]["strategy"] == "one-pixel"
    assert first["strategies"].keys() == {*OWN, "one-pixel"}
    assert first["strategies"]["one-pixel"]["multiply_adds"] == 8 * 4 * 4 * 4
    assert second["strategies"]["one-pixel"] == {
        "refused": "expected one pixel, dilation 1 and one group for strategy one-pixel, "
        "got 4x4 pixels, dilation (1, 1) and groups 1; "
        "sub-pixel, gemm-col2im and zero-insert take it"
    }
    assert "* one-pixel " in table
    assert "one-pixel refuses: expected one pixel" in table


PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from xdsl_ttnn.frontend import compile_ir
ir = Path(sys.argv[1]).read_text()
x, w, b = np.ones((1, 1, 1, 8), "f"), np.ones((8, 4, 4, 4), "f"), np.ones((1, 1, 1, 4), "f")
results = [compile_ir(ir, strategy=name)(x, w, b)[0] for name in ("one-pixel", "sub-pixel")]
assert np.array_equal(*results) and results[0].shape == (1, 4, 4, 4)
"""


def test_compile_ir_takes_it(example: Outside, path: Path) -> None:
    outcome = example.python("-c", PROGRAM, path)

    assert outcome.returncode == 0, outcome.stderr


HELP = """
import sys
from xdsl_ttnn.tools.ttnn_run import main
try:
    main(["--help"])
except SystemExit:
    pass
print(sorted({"one_pixel", "xdsl.passes", "numpy"} & sys.modules.keys()))
"""


def test_help_names_it_and_imports_neither_it_nor_xdsl(example: Outside) -> None:
    outcome = example.python("-c", HELP)

    words = " ".join(outcome.stdout.split())
    assert f"{', '.join(('auto', *OWN, 'one-pixel'))}; lowers to" in words
    assert outcome.stdout.endswith("[]\n")


@pytest.mark.parametrize("tool", ["xdsl_ttnn.tools.ttnn_opt", "xdsl.tools.xdsl_opt"])
def test_the_pass_is_there(example: Outside, path: Path, tool: str) -> None:
    path.write_text("""
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ttnn.relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ttnn.relu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "ttnn.relu"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}""")

    outcome = example.python("-m", tool, path, "-p", "drop-repeated-relu")

    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.count('"ttnn.relu"') == 1


MODULE = """
from dataclasses import dataclass
from xdsl_ttnn.passes.strategies.zero_insert import ZeroInsert


@dataclass(frozen=True)
class Costless(ZeroInsert):
    name = "costless"

    def stages(self, workload):
        return None


STRATEGY = Costless()
"""


@pytest.fixture
def costless(tmp_path: Path) -> Outside:
    folder = tmp_path / "installed"
    install(folder, "costless", {GROUP: {"costless": "costless:STRATEGY"}})
    (folder / "costless.py").write_text(MODULE)
    return Outside((folder,))


def test_one_without_a_cost_is_left_out_by_auto(costless: Outside, path: Path) -> None:
    outcome = costless.tool("ttnn_opt", path, "-p", "ttnn-to-decomposed")

    assert outcome.returncode == 0
    (remark,) = outcome.stderr.splitlines()
    assert "remark: strategy auto: " in remark
    assert remark.endswith("; costless is left out: it has no cost")


def test_one_without_a_cost_runs_and_is_reported(costless: Outside, path: Path) -> None:
    run = costless.tool("ttnn_run", path, "--strategy", "costless", "--check")
    table = costless.tool("ttnn_cost_report", path)
    data = json.loads(costless.tool("ttnn_cost_report", path, "--json").stdout)

    assert (run.returncode, run.stderr) == (0, "")
    assert "costless has no cost: auto does not choose it\n" in table.stdout
    assert data["ops"][0]["strategies"]["costless"] == {"cost": None}


def test_one_without_a_cost_is_not_even_the_last_resort(costless: Outside, path: Path) -> None:
    """Zero-insert, which it is but for its name, is over the limit; nobody knows whether it is."""
    outcome = costless.tool("ttnn_opt", path, "-p", "ttnn-to-decomposed{max-temporary-bytes=1}")

    assert outcome.returncode == 2
    assert "expected a strategy within the limits, got none: " in outcome.stderr
    assert "; costless is left out: it has no cost; raise max-temporary-bytes" in outcome.stderr


@pytest.fixture
def broken(tmp_path: Path) -> Outside:
    """Three packages: offers that are good for nothing, one that is good, and the same again."""
    folder = tmp_path / "installed"
    points = {
        "auto": "costless:STRATEGY",
        "sub-pixel": "costless:STRATEGY",
        "missing": "there.is.no:STRATEGY",
        "raising": "raising:STRATEGY",
        "nothing": "costless:NOTHING",
        "class": "costless:Costless",
        "misnamed": "costless:STRATEGY",
    }
    install(folder, "broken", {GROUP: points})
    install(folder, "costless", {GROUP: {"costless": "costless:STRATEGY"}})
    install(folder, "late", {GROUP: {"costless": "costless:STRATEGY"}})
    (folder / "costless.py").write_text(MODULE)
    (folder / "raising.py").write_text('raise RuntimeError("no luck\\nat all")\n')
    return Outside((folder,))


SKIPPED = """\
auto of package broken is skipped: expected a name that is not taken, got one of xdsl-ttnn
class of package broken is skipped: expected costless:Costless to be a Strategy object, \
got class Costless
misnamed of package broken is skipped: expected costless:STRATEGY to have that name, got costless
missing of package broken is skipped: expected there.is.no:STRATEGY to import, \
got ModuleNotFoundError: No module named 'there'
nothing of package broken is skipped: expected costless:NOTHING to import, \
got AttributeError: module 'costless' has no attribute 'NOTHING'
raising of package broken is skipped: expected raising:STRATEGY to import, \
got RuntimeError: no luck
sub-pixel of package broken is skipped: expected a name that is not taken, got one of xdsl-ttnn
costless of package late is skipped: expected a name that is not taken, got one of costless
"""


def test_broken_ones_are_named_and_skipped(broken: Outside, path: Path) -> None:
    path.write_text(conv_transpose2d_ir(MANY))

    outcome = broken.tool("ttnn_cost_report", path, "--json")

    assert outcome.returncode == 0
    assert outcome.stderr.splitlines() == [f"remark: strategy {s}" for s in SKIPPED.splitlines()]
    (op,) = json.loads(outcome.stdout)["ops"]
    assert op["strategies"].keys() == {*OWN, "costless"}
    executed = {name: op["strategies"][name].get("multiply_adds") for name in OWN}
    assert executed["sub-pixel"] < executed["zero-insert"]


@pytest.mark.parametrize("name", ["missing", "misnamed"])
def test_a_broken_one_is_no_choice(broken: Outside, path: Path, name: str) -> None:
    for tool, flags in {
        "ttnn_run": ("--strategy", name),
        "ttnn_opt": ("-p", f"ttnn-to-decomposed{{strategy={name}}}"),
    }.items():
        outcome = broken.tool(tool, path, *flags)

        assert outcome.returncode == 2
        *remarks, error = outcome.stderr.splitlines()
        assert len(remarks) == len(SKIPPED.splitlines())
        assert f"{OWN[-1]}, costless" in error and error.endswith((f"got {name}", f"got '{name}'"))


def test_the_example_is_what_the_page_shows() -> None:
    page = EXAMPLE.parents[1] / "docs" / "own_strategy.md"
    quoted = {block.argument: block.text for block in read_blocks(page) if "/" in block.argument}
    files = [file for file in EXAMPLE.iterdir() if file.suffix in (".py", ".toml")]

    assert quoted == {f"examples/own_strategy/{file.name}": file.read_text() for file in files}
