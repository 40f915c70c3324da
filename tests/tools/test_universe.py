"""A plain `xdsl-opt` has this project's dialects and passes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from xdsl.universe import Universe

from support import conv_transpose2d_ir, make_case

IR = conv_transpose2d_ir(make_case(h=4, w=5, c=3, o=2, kh=3, kw=2, sh=2, sw=2))


def test_the_entry_point_is_found() -> None:
    universe = Universe.get_multiverse()

    assert {"ttnn", "ttcore", "deconv"} <= universe.all_dialects.keys()
    assert {"ttnn-to-decomposed", "ttnn-to-linalg", "ttnn-to-loops"} <= universe.all_passes.keys()


def test_every_pass_and_dialect_answers_to_its_name() -> None:
    from xdsl_ttnn.tools.universe import TTNN_UNIVERSE

    assert len(TTNN_UNIVERSE.all_passes) >= 6
    for name, factory in TTNN_UNIVERSE.all_passes.items():
        assert factory().name == name
    for name, factory in TTNN_UNIVERSE.all_dialects.items():
        assert factory().name == name


@pytest.mark.parametrize("flags", [(), ("-p", "ttnn-to-decomposed{strategy=zero-insert}")])
def test_plain_xdsl_opt(flags: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "input.mlir"
    path.write_text(IR)
    command = [sys.executable, "-m", "xdsl.tools.xdsl_opt", str(path), *flags]

    outcome = subprocess.run(command, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stderr
    assert ('"ttnn.conv_transpose2d"' in outcome.stdout) == (not flags)


def test_plain_xdsl_opt_sees_a_pipeline_as_one_pass(tmp_path: Path) -> None:
    path = tmp_path / "input.mlir"
    path.write_text(IR)
    flags = ("-p", "ttnn-to-linalg{strategy=zero-insert},cse", "--print-between-passes")
    command = [sys.executable, "-m", "xdsl.tools.xdsl_opt", str(path), *flags]

    outcome = subprocess.run(command, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stderr
    assert re.findall(r"^IR after (.*):$", outcome.stdout, re.M) == ["ttnn-to-linalg"]


def test_help_imports_no_dialect_and_no_numpy() -> None:
    """`ttnn-opt --help` has to start about as quickly as `xdsl-opt --help`."""
    program = (
        "import sys\n"
        "from xdsl_ttnn.tools.ttnn_opt import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name in ('numpy', 'xdsl.dialects.arith')\n"
        "       or name.startswith(('xdsl_ttnn.dialect.ttnn', 'xdsl_ttnn.interpreter.'))],\n"
        "      file=sys.stderr)\n"
    )

    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert outcome.stderr == "[]\n"
    assert "ttnn-to-loops" in "".join(outcome.stdout.split())
