"""Configuration of the lit suite: `lit filecheck`, or pytest, which runs the same."""

import os
import sys
from pathlib import Path

import lit.formats

config.name = "xdsl-ttnn"  # noqa: F821
config.test_format = lit.formats.ShTest(execute_external=False)  # noqa: F821
config.suffixes = [".mlir"]  # noqa: F821
config.test_source_root = str(Path(__file__).parent)  # noqa: F821
config.test_exec_root = str(Path(__file__).parents[1] / "build" / "filecheck")  # noqa: F821

# ttnn-opt, ttnn-run, xdsl-opt and filecheck are those beside the Python that runs lit.
tools = str(Path(sys.executable).parent)
config.environment["PATH"] = os.pathsep.join((tools, os.environ.get("PATH", "")))  # noqa: F821
