"""`ttnn-import`: an ONNX model as a TTNN module."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from io import StringIO
from typing import TYPE_CHECKING

from .diagnostics import OK, Situation, ToolError, run_tool

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
    from .arrays import archive_of
    from .files import check_writable, staged

    shapes = dict(parse_shape(text, situation.tool) for text in options.shape)
    for path in filter(None, (options.output, options.weights)):
        check_writable(path)
    refuse_one_file(options.output, options.weights)
    imported = import_model(options, shapes)
    text = printed(imported, options.print_debuginfo)
    with ExitStack() as stack:
        puts: list[Callable[[], object]] = [lambda: print(text, flush=True)]
        if options.output is not None:
            module = staged(options.output, lambda stream: stream.write(f"{text}\n".encode()))
            puts = [stack.enter_context(module)]
        if options.weights is not None:
            puts.append(stack.enter_context(staged(options.weights, archive_of(imported.weights))))
        for put in puts:
            put()
    return OK


def refuse_one_file(output: str | None, weights: str | None) -> None:
    """Raises: ToolError where the module and the weights would be one file."""
    if output is None or weights is None:
        return
    path = os.path.realpath(output)
    is_device = os.path.exists(path) and not os.path.isfile(path)
    if path == os.path.realpath(weights) and not is_device:
        raise ToolError("expected two files for -o and --weights, got one", output)


def import_model(
    options: argparse.Namespace, shapes: dict[str, tuple[int, ...]]
) -> "ImportedModel":
    """The model, as the options want it. Raises: ToolError without the package `onnx`."""
    from ..frontend.onnx_models import import_onnx

    source = sys.stdin.buffer.read() if options.file == "-" else options.file
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
    from xdsl.printer import Printer

    stream = StringIO()
    Printer(stream, print_debuginfo=places).print_op(imported.module)
    return stream.getvalue()


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, or 2 for bad usage or bad input."""
    options = make_parser().parse_args(args)
    situation = Situation("ttnn-import", "<stdin>" if options.file == "-" else options.file)
    return run_tool(situation, lambda: run(options, situation))


if __name__ == "__main__":
    sys.exit(main())
