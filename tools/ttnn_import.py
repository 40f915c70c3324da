"""`ttnn-import`: an ONNX model as a TTNN module."""

import argparse
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from io import StringIO
from typing import TYPE_CHECKING

from .diagnostics import OK, Situation, ToolError, run_tool
from .streams import STANDARD

if TYPE_CHECKING:
    from ..frontend.graph.imported import ImportedModel

EPILOG = """\
The module has one function, main: the inputs of the model, then, with --weights, its weights.
`ttnn-run MODEL.mlir --weights W.npz --inputs IN.npz` runs it on arrays arg0, arg1, ... of the
inputs.
Exit codes: 0 fine, 2 bad usage or bad input.
"""

_SHAPE = re.compile(r"(?P<name>.+)=(?P<sizes>\d+(x\d+)*)?")


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        "ttnn-import",
        description="Import an ONNX model as a module of TTNN IR.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="MODEL.onnx", help="the model; - reads standard input")
    add("-o", "--output", metavar="MODEL.mlir", help="where to write, standard output without it")
    add("--weights", metavar="W.npz", help="write weights here, and make arguments of them")
    add(
        "--shape",
        metavar="NAME=DIMS",
        action="append",
        default=[],
        help="sizes of an input that the model leaves open, such as x=1x3x64x64",
    )
    add("--keep-unknown", action="store_true", help="keep unknown nodes as ops onnx.NAME")
    add("--print-debuginfo", action="store_true", help="print the node that each op comes from")
    return parser


def parse_shape(text: str, tool: str) -> tuple[str, tuple[int, ...]]:
    """The name and the sizes of NAME=DIMS; no sizes are those of a scalar. Raises: ToolError."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ToolError(f"--shape: expected NAME=DIMS such as x=1x3x64x64, got '{text}'", tool)
    sizes = found["sizes"]
    return found["name"], tuple(map(int, sizes.split("x"))) if sizes else ()


def run(options: argparse.Namespace, situation: Situation) -> int:
    """Import, then write everything that was asked for, or nothing."""
    from .archive import archive_of
    from .files import staged
    from .paths import check_paths

    shapes = dict(parse_shape(text, situation.tool) for text in options.shape)
    written = STANDARD if options.output is None else options.output
    check_paths(
        situation.tool,
        {"MODEL.onnx": options.file},
        {"-o" if written != STANDARD else "the module": written, "--weights": options.weights},
    )
    imported = import_model(options, shapes)
    text = f"{printed(imported, options.print_debuginfo)}\n".encode()
    with ExitStack() as stack:
        puts = [stack.enter_context(staged(written, lambda stream: stream.write(text)))]
        if options.weights is not None:
            puts.append(stack.enter_context(staged(options.weights, archive_of(imported.weights))))
        for put in puts:
            put()
    return OK


def import_model(
    options: argparse.Namespace, shapes: dict[str, tuple[int, ...]]
) -> "ImportedModel":
    """The model, as the options want it. Raises: ToolError without the package `onnx`."""
    from ..frontend.onnx_models import import_onnx
    from .files import read_bytes

    source = read_bytes(options.file) if options.file == STANDARD else options.file
    try:
        return import_onnx(
            source,
            keep_unknown=options.keep_unknown,
            weights="constants" if options.weights is None else "arguments",
            shapes=shapes,
        )
    except ImportError as error:
        raise ToolError(str(error), "ttnn-import") from error


def printed(imported: "ImportedModel", places: bool) -> str:
    """The text of the module, with the places of its ops if they are asked for."""
    from ..dialect.text.dense_printer import DensePrinter

    stream = StringIO()
    DensePrinter(stream, print_debuginfo=places).print_op(imported.module)
    return stream.getvalue()


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, or 2 for bad usage or bad input."""
    situation = Situation("ttnn-import")

    def body() -> int:
        from .files import source_name

        options = make_parser().parse_args(args)
        situation.source = source_name(options.file)
        return run(options, situation)

    return run_tool(situation, body)


if __name__ == "__main__":
    sys.exit(main())
