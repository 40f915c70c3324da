"""How a command line fails: one message on stderr, an exit code, never a Python traceback.

`run_tool` wraps the body of every tool. Whatever is raised below it becomes

    file:line:col: error: what was expected, and what was got
      the line of the input
         ^

with the place found as far as the error allows: from the parser, from the operation that does not
verify, or from the message itself.
"""

import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType

from xdsl.ir import Operation
from xdsl.utils.exceptions import ArgSpecParseError, ParseError, VerifyException
from xdsl.utils.lexer import Input, Span

from .failing_op import failing_op, failing_property, is_raised_by_xdsl, op_being_verified
from .streams import STDIN, STDOUT, open_closed_streams, reason, say, settle_output
from .xdsl_switches import xdsl_switches

OK = 0
CHECK_FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 128 + signal.SIGINT
BROKEN_PIPE = 128 + signal.SIGPIPE

TRACEBACK_VARIABLE = "XDSL_TTNN_TRACEBACK"
"""Set in the environment, it shows the traceback behind a message: for work on this project."""

_LEADING_PLACE = re.compile(r"^(?P<place>[^\s:'\"][^\n:'\"]*:\d+:\d+): (?:error: )?")


class ToolError(Exception):
    """A message that is ready to be shown, with a place if there is one."""

    def __init__(self, text: str, place: str | None = None):
        super().__init__(text)
        self.place = place


@dataclass
class Situation:
    """What a tool is doing, kept up to date by it, so that a failure can say where."""

    tool: str
    source: str = STDIN
    """The input file, as messages name it."""

    module: Operation | None = None
    """The module in hand, searched for the operation that does not verify."""

    pass_name: str | None = None
    """The pass that is running or ran last."""


@dataclass(frozen=True)
class Message:
    """An error as it is printed."""

    place: str
    text: str
    excerpt: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join((f"{self.place}: error: {self.text}", *self.excerpt))


def run_tool(situation: Situation, body: Callable[[], int]) -> int:
    """The exit code of `body`; if it raises, that of the error, after one message on stderr."""
    open_closed_streams()
    with xdsl_switches():
        return _run(situation, body)


def _run(situation: Situation, body: Callable[[], int]) -> int:
    try:
        code = _exit_code(body)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (Exception, ArgSpecParseError) as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            say(traceback.format_exc())
        say(str(describe(error, situation)))
        return BAD_INPUT
    finally:
        settle_output()


def _exit_code(body: Callable[[], int]) -> int:
    """What `body` returns, or leaves with: argparse does after a message of its own."""
    try:
        return body()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK


def describe(error: BaseException, situation: Situation) -> Message:
    """The message for an error that was raised while a tool was in `situation`."""
    match error:
        case ToolError():
            return Message(error.place or situation.source, str(error))
        case ParseError():
            return _parse_message(error)
        case VerifyException() if (at := parser_span(error.__traceback__)) is not None:
            return Message(str(at.get_location()), one_line(str(error)), _excerpt(at))
        case VerifyException():
            return _verify_message(error, situation)
        case OSError():
            # Reading and writing name what is at fault; printing does not.
            return Message(STDOUT if error.filename is None else str(error.filename), reason(error))
        case ModuleNotFoundError() if (package := _foreign_package(error)) is not None:
            from ..frontend.extras import missing_package

            return Message(situation.tool, missing_package(package))
        case MemoryError():
            return _placed("not enough memory", error, situation)
        case RecursionError():
            return _placed("nested too deeply", error, situation)
        case _:
            return _placed(_text_of(error), error, situation)


def parser_span(trace: TracebackType | None) -> Span[str] | None:
    """Where a parser stood when something it called raised an error that has no place of its own.

    Read from the innermost frame whose `self` is a parser.
    """
    from xdsl.parser import AttrParser

    found: AttrParser | None = None
    while trace is not None:
        owner = trace.tb_frame.f_locals.get("self")
        if isinstance(owner, AttrParser):
            found = owner
        trace = trace.tb_next
    if found is None:
        return None
    source = Input(str(found.lexer.input.content), found.lexer.input.name)
    return Span(found.pos, found.pos, source)


def _parse_message(error: ParseError) -> Message:
    content = error.span.input.content
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    source = Input(text, error.span.input.name)
    span = Span(error.span.start, error.span.end, source, error.span.line_offset)
    text = error.msg
    if text.startswith(" "):
        # xDSL sometimes says only in what context a token was not expected.
        found = f"'{span.content}'" if span.content.strip() else "end of file"
        text = f"unexpected {found}{text}"
    return Message(str(span.get_location()), one_line(text), _excerpt(span))


def _excerpt(span: Span[str], width: int = 120) -> tuple[str, ...]:
    """The line a span starts on and a caret line below it, cut to `width` around the start."""
    line_start = span.input.get_start_of_line(span.start)
    line = span.input.content[line_start : span.input.get_end_of_line(span.start)]
    column = span.start - line_start
    cut = max(0, column - width // 2)
    shown = "".join(c if c.isprintable() else " " for c in line[cut : cut + width])
    if not shown.strip():
        return ()
    carets = max(1, min(span.end - span.start, len(shown) - (column - cut)))
    return ("  " + shown, "  " + " " * (column - cut) + "^" * carets)


def _verify_message(error: VerifyException, situation: Situation) -> Message:
    from ..dialect.text.locations import place_of

    text = one_line(str(error))
    op = None if situation.module is None else failing_op(situation.module, error)
    place = situation.source
    if op is not None:
        place = place_of(op) or place
        if op.name not in text:
            name = failing_property(op, text)
            about = "" if name is None else f"property '{name}': "
            text = f"'{op.name}' op {about}{text}"
    return Message(place, _naming_pass(text, situation))


def _naming_pass(text: str, situation: Situation) -> str:
    """`text` behind the name of the pass that is to blame, unless it says so itself."""
    name = situation.pass_name
    return text if name is None or name in text else f"pass '{name}': {text}"


def _placed(text: str, error: BaseException, situation: Situation) -> Message:
    """A message placed by what it begins with, else by the parser, else by the file."""
    leading = _LEADING_PLACE.match(text)
    if leading is not None:
        rest = _naming_pass(one_line(text[leading.end() :]), situation)
        return Message(leading["place"], rest)
    span = parser_span(error.__traceback__)
    if span is not None:
        return Message(str(span.get_location()), one_line(text), _excerpt(span))
    place = situation.source
    if (op := op_being_verified(error.__traceback__)) is not None:
        from ..dialect.text.locations import place_of

        place = place_of(op) or place
    return Message(place, _naming_pass(one_line(text), situation))


def _text_of(error: BaseException) -> str:
    """What an error says. One that nobody foresaw is called by its type."""
    from xdsl.utils.exceptions import DiagnosticException

    text = str(error)
    verified = op_being_verified(error.__traceback__)
    if (
        verified is not None
        and is_raised_by_xdsl(error.__traceback__)
        and not isinstance(error, DiagnosticException)
    ):
        # xDSL's verifiers take for granted what the input need not hold.
        what = f"{type(error).__name__}: {shortened(one_line(text))}".removesuffix(": ")
        return f"'{verified.name}' op not understood by its verifier ({what})"
    if text.startswith("Exceeds the limit") and isinstance(error, ValueError):
        return "number too large: it has thousands of digits"
    if isinstance(error, (DiagnosticException, ValueError, ArgSpecParseError)) and text:
        return text
    what = shortened(f"{type(error).__name__}: {one_line(text)}")
    if parser_span(error.__traceback__) is not None:
        # Not foreseen by the parser of the op, and still the input's fault.
        return f"not understood by the parser ({what})"
    return f"internal error: {what}; {TRACEBACK_VARIABLE}=1 shows where"


def _foreign_package(error: ModuleNotFoundError) -> str | None:
    """The package that is not installed; None where a module of a package that is lacks."""
    name = (error.name or "").partition(".")[0]
    return None if not name or find_spec(name) is not None else name


def shortened(text: str, limit: int = 200) -> str:
    """`text`, cut where it gets longer than one can read: whole functions are in some messages."""
    return text if len(text) <= limit else text[: limit - 4] + " ..."


def one_line(text: str) -> str:
    """`text` on one line, what cannot be printed as its code."""
    lines: Iterable[str] = (_printable(line.strip()) for line in text.splitlines())
    return "; ".join(line for line in lines if line)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
