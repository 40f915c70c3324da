"""`ttnn-opt`: xdsl-opt with this project's dialects, passes and manners.

Every flag of xdsl-opt works. On top: IR of real TTNN pipelines parses without a flag, errors are
one message and exit code 2, an output file is written whole or not at all, and the printing flags
that users of mlir-opt look for are there.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from inspect import signature
from io import BytesIO, StringIO
from typing import IO, ClassVar, cast

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass, PassPipeline
from xdsl.utils.arg_spec import parse_spec
from xdsl.utils.exceptions import ArgSpecParseError, DiagnosticException, ParseError
from xdsl.utils.lexer import Input, Span
from xdsl.utils.target import Target
from xdsl.xdsl_opt_main import xDSLOptMain

from .diagnostics import OK, Situation, ToolError, one_line, run_tool, shortened
from .files import decode, read_bytes, source_name, write_atomically
from .paths import check_paths
from .streams import STANDARD


class _PendingOutput(StringIO):
    """What `-o` will hold. Closing it writes nothing: the file is written when all went well."""

    def close(self) -> None:
        pass


def _help_of(arg_parser: argparse.ArgumentParser) -> str:
    """What argparse says, and the options of this project's passes."""
    from .pass_help import options_text

    return f"{type(arg_parser).format_help(arg_parser)}\n{options_text()}\n"


class TTNNOptMain(xDSLOptMain):
    """The driver; `situation` follows what it does, for the message of an error."""

    version_format: ClassVar[str] = (
        f"ttnn-opt {version('xdsl-ttnn')}, built on xDSL {{xdsl_version}}"
    )

    def __init__(self, situation: Situation, args: Sequence[str] | None = None):
        self.situation = situation
        self._line_offset = 0
        self._pending: _PendingOutput | None = None
        self._running: str | None = None
        try:
            super().__init__("Prints TTNN IR, after the passes asked for", args)
        except ArgSpecParseError as error:
            from ..frontend.pipelines import syntax_message

            raise ToolError(
                syntax_message("target", self.args.target, error), situation.tool
            ) from None
        self.ctx.allow_unregistered = self.args.allow_unregistered_dialect

    def register_all_arguments(self, arg_parser: argparse.ArgumentParser) -> None:
        super().register_all_arguments(arg_parser)
        arg_parser.prog = self.situation.tool
        # Nothing is imported for it before somebody asks for help.
        arg_parser.format_help = lambda: _help_of(arg_parser)
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

        from ..dialect.text.context import make_context

        self.ctx = make_context()
        known = set(self.ctx.registered_dialect_names)
        for name, factory in Universe.get_multiverse().all_dialects.items():
            if name not in known:
                self.ctx.register_dialect(name, factory)

    def register_all_passes(self) -> None:
        from ..frontend.pipelines import all_passes

        self.available_passes = all_passes()

    def register_all_targets(self) -> None:
        from .mlir_target import TTNNTarget

        super().register_all_targets()
        self.available_targets["mlir"] = lambda: TTNNTarget

    def register_all_frontends(self) -> None:
        self.available_frontends["mlir"] = self._parse_mlir

    def get_input_name(self) -> str:
        return source_name(self.args.input_file)

    def get_input_stream(self) -> tuple[IO[bytes], str]:
        """The input, read as MLIR whatever the file is called; `-` is standard input."""
        return BytesIO(read_bytes(self.args.input_file)), "mlir"

    def parse_chunk(
        self, chunk: IO[bytes], file_extension: str, start_offset: int = 0
    ) -> ModuleOp | None:
        self.situation.module = self.situation.pass_name = None
        self._line_offset = start_offset
        self.situation.module = super().parse_chunk(chunk, file_extension, start_offset)
        return self.situation.module

    def _parse_mlir(self, stream: IO[bytes]) -> ModuleOp:
        """Parse a chunk. Blank lines stand for the chunks before it, so that places are right."""
        from ..dialect.text.parsing import TTNNParser

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
        """Build the pipeline, around xDSL's callback one that follows it for messages and dumps.

        Where something looks between passes, those of a named pipeline stand in place of it, and
        are verified one by one. Messages name what was asked for.
        """
        from ..dialect.verify_module import verify_structure
        from ..frontend.pipelines import build_pipeline
        from ..lowering.named_pipeline import expanded

        try:
            asked = build_pipeline(self.args.passes, self.available_passes)
        except ValueError as error:
            raise ToolError(str(error), self.situation.tool) from error
        expand = expanded if self._looks_between_passes else iter
        steps = [(step, written.name) for written in asked for step in expand([written])]
        names = {id(step): name for step, name in steps}
        super().setup_pipeline()
        check = self.pipeline.callback
        assert check is not None

        def follow(previous: ModulePass | None, module: ModuleOp, upcoming: ModulePass | None):
            if not self.args.disable_verify:
                verify_structure(module)
            check(previous, module, upcoming)
            if previous is not None and self.args.print_ir_after_all:
                self._dump(module, f"After {previous.name}")
            if upcoming is not None:
                self._running = upcoming.name
                self.situation.pass_name = names[id(upcoming)]

        self.pipeline = PassPipeline(tuple(step for step, _ in steps), follow)

    @property
    def _looks_between_passes(self) -> bool:
        """Whether a flag shows what each pass does."""
        args = self.args
        dumps = args.print_ir_after_all or args.print_ir_after_failure
        return dumps or args.print_between_passes or args.time_passes

    def apply_passes(self, prog: ModuleOp) -> None:
        from ..passes.collection import paused_collection

        self._running = None
        try:
            with paused_collection():
                super().apply_passes(prog)
        except Exception:
            if self.args.print_ir_after_failure and self._running is not None:
                self._dump(prog, f"After {self._running} Failed")
            raise
        self.situation.pass_name = None

    def _dump(self, module: ModuleOp, title: str) -> None:
        from ..dialect.text.resource_printer import ResourcePrinter

        print(f"// -----// IR Dump {title} //----- //", file=sys.stderr)
        generic = self.args.print_op_generic
        ResourcePrinter(sys.stderr, print_generic_format=generic).print_op(module)
        print("\n", file=sys.stderr)

    def prepare_output(self) -> IO[str]:
        if self._target_file is None:
            return sys.stdout
        self._pending = _PendingOutput()
        return self._pending

    def output_resulting_program(self, prog: ModuleOp) -> str:
        """What a target makes of the module; other printers than MLIR's are made for few ops."""
        try:
            return super().output_resulting_program(prog)
        except DiagnosticException:
            raise
        except Exception as error:
            name = parse_spec(self.args.target).name
            if name == "mlir":
                raise
            got = shortened(one_line(f"{type(error).__name__}: {error}"))
            text = f"target '{name}': expected a module that it can print, got {got}"
            raise ToolError(text, self.situation.source) from error

    @property
    def _target_file(self) -> str | None:
        """The file to write; None for standard output."""
        path: str | None = self.args.output_file
        return None if path == STANDARD else path

    def _check_target(self) -> None:
        """Refuse early what a target lacks: a package, an option."""
        spec = parse_spec(self.args.target)
        entry = self.available_targets[spec.name]
        if signature(entry).parameters:
            return
        try:
            cast("Callable[[], type[Target]]", entry)().from_spec(spec)
        except ValueError as error:
            raise ToolError(f"target '{spec.name}': {error}", self.situation.tool) from None

    def run(self) -> None:
        self.situation.source = self.get_input_name()
        written = "standard output" if self._target_file is None else "-o"
        check_paths(
            self.situation.tool,
            {"the input": STANDARD if self.args.input_file is None else self.args.input_file},
            {written: STANDARD if self.args.output_file is None else self.args.output_file},
        )
        self._check_target()
        super().run()
        if self._target_file is not None and self._pending is not None:
            content = self._pending.getvalue().encode()
            write_atomically(self._target_file, lambda stream: stream.write(content))


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, or 2 for bad usage or bad input."""
    situation = Situation("ttnn-opt")

    def body() -> int:
        TTNNOptMain(situation, args).run()
        return OK

    return run_tool(situation, body)


if __name__ == "__main__":
    sys.exit(main())
