"""`ttnn-opt`: xdsl-opt with this project's dialects, passes and manners.

Every flag of xdsl-opt works. On top: IR of real TTNN pipelines parses without a flag, errors are
one message and exit code 2, an output file is written whole or not at all, and the printing flags
that users of mlir-opt look for are there.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from io import StringIO
from typing import IO, ClassVar

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass, PassPipeline
from xdsl.printer import Printer
from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Input, Span
from xdsl.xdsl_opt_main import xDSLOptMain

from .diagnostics import OK, Situation, ToolError, run_tool
from .files import check_writable, decode, source_name, write_atomically


class _PendingOutput(StringIO):
    """What `-o` will hold. Closing it writes nothing: the file is written when all went well."""

    def close(self) -> None:
        pass


class TTNNOptMain(xDSLOptMain):
    """The driver; `situation` follows what it does, for the message of an error."""

    version_format: ClassVar[str] = (
        f"ttnn-opt {version('xdsl-ttnn')}, built on xDSL {{xdsl_version}}"
    )

    def __init__(self, situation: Situation, args: Sequence[str] | None = None):
        self.situation = situation
        self._line_offset = 0
        self._pending: _PendingOutput | None = None
        super().__init__("Prints TTNN IR, after the passes asked for", args)
        self.ctx.allow_unregistered = self.args.allow_unregistered_dialect

    def register_all_arguments(self, arg_parser: argparse.ArgumentParser) -> None:
        super().register_all_arguments(arg_parser)
        arg_parser.prog = self.situation.tool
        arg_parser.add_argument(
            "--print-ir-after-all",
            "--mlir-print-ir-after-all",
            action="store_true",
            help="Print the IR after each pass to stderr",
        )
        arg_parser.add_argument(
            "--print-ir-after-failure",
            "--mlir-print-ir-after-failure",
            action="store_true",
            help="Print the IR as a pass that fails leaves it to stderr",
        )

    def register_all_dialects(self) -> None:
        from xdsl.universe import Universe

        from ..dialect.parsing import make_context

        self.ctx = make_context()
        known = set(self.ctx.registered_dialect_names)
        for name, factory in Universe.get_multiverse().all_dialects.items():
            if name not in known:
                self.ctx.register_dialect(name, factory)

    def register_all_passes(self) -> None:
        from ..frontend.pipelines import all_passes

        self.available_passes = all_passes()

    def register_all_frontends(self) -> None:
        self.available_frontends["mlir"] = self._parse_mlir

    def get_input_name(self) -> str:
        return source_name(self.args.input_file)

    def get_input_stream(self) -> tuple[IO[bytes], str]:
        """The input, read as MLIR whatever the file is called; `-` is standard input."""
        if self.args.input_file in (None, "-"):
            return sys.stdin.buffer, "mlir"
        return open(self.args.input_file, "rb"), "mlir"

    def parse_chunk(
        self, chunk: IO[bytes], file_extension: str, start_offset: int = 0
    ) -> ModuleOp | None:
        self.situation.module = self.situation.pass_name = None
        self._line_offset = start_offset
        self.situation.module = super().parse_chunk(chunk, file_extension, start_offset)
        return self.situation.module

    def _parse_mlir(self, stream: IO[bytes]) -> ModuleOp:
        """Parse a chunk. Blank lines stand for the chunks before it, so that places are right."""
        from ..dialect.parsing import TTNNParser

        name, skipped = self.get_input_name(), self._line_offset
        text = decode(stream.read(), name)
        try:
            parser = TTNNParser(self.ctx, "\n" * skipped + text, name)
            return parser.parse_module(not self.args.no_implicit_module)
        except ParseError as error:
            # The caller adds the lines of the chunks before this one.
            start, end = error.span.start - skipped, error.span.end - skipped
            error.span = Span(start, end, Input(text, name))
            raise

    def setup_pipeline(self) -> None:
        """Build the pipeline, around xDSL's callback one that follows it for messages and dumps."""
        from ..frontend.pipelines import build_pipeline

        try:
            passes = build_pipeline(self.args.passes, self.available_passes)
        except ValueError as error:
            raise ToolError(str(error), self.situation.tool) from error
        super().setup_pipeline()
        check = self.pipeline.callback
        assert check is not None

        def follow(previous: ModulePass | None, module: ModuleOp, upcoming: ModulePass | None):
            check(previous, module, upcoming)
            if previous is not None and self.args.print_ir_after_all:
                self._dump(module, f"After {previous.name}")
            if upcoming is not None:
                self.situation.pass_name = upcoming.name

        self.pipeline = PassPipeline(passes, follow)

    def apply_passes(self, prog: ModuleOp) -> None:
        try:
            super().apply_passes(prog)
        except Exception:
            if self.args.print_ir_after_failure and self.situation.pass_name is not None:
                self._dump(prog, f"After {self.situation.pass_name} Failed")
            raise
        self.situation.pass_name = None

    def _dump(self, module: ModuleOp, title: str) -> None:
        print(f"// -----// IR Dump {title} //----- //", file=sys.stderr)
        Printer(sys.stderr, print_generic_format=self.args.print_op_generic).print_op(module)
        print("\n", file=sys.stderr)

    def prepare_output(self) -> IO[str]:
        if self.args.output_file is None:
            return sys.stdout
        self._pending = _PendingOutput()
        return self._pending

    def run(self) -> None:
        self.situation.source = self.get_input_name()
        target: str | None = self.args.output_file
        if target is not None:
            check_writable(target)
        super().run()
        if target is not None and self._pending is not None:
            content = self._pending.getvalue().encode()
            write_atomically(target, lambda stream: stream.write(content))


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, or 2 for bad usage or bad input."""
    situation = Situation("ttnn-opt")

    def body() -> int:
        TTNNOptMain(situation, args).run()
        return OK

    return run_tool(situation, body)


if __name__ == "__main__":
    sys.exit(main())
