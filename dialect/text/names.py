"""Names in IR text: hints that printing can number, symbols and ops as they are written."""

from __future__ import annotations

import re
from io import StringIO

from xdsl.dialects.builtin import UnregisteredOp
from xdsl.ir import Block, Operation
from xdsl.printer import Printer

_NUMBERS = re.compile(r"(_\d+)+$")


def stem(name: str) -> str:
    """A name hint without the numbers at its end, which xDSL's printer takes for its own.

    xDSL strips one of them and counts on: it would print the second `%a` and a `%a_1_5` both as
    `%a_1`.
    Examples: stem("row_1_5") is "row", stem("conv2d") is "conv2d".
    """
    return _NUMBERS.sub("", name)


def settle_names(op: Operation) -> None:
    """Give the results of an op, and the blocks and block arguments in it, hints that are stems."""
    blocks = [block for region in op.regions for block in region.blocks]
    for value in (*op.results, *(argument for block in blocks for argument in block.args)):
        if value.name_hint:
            value.name_hint = stem(value.name_hint) or None
    for block in blocks:
        if block.name_hint:
            name = stem(block.name_hint)
            # `bb1` is what a block without a hint may be printed as.
            block.name_hint = None if Block.is_default_block_name(name) else name


def symbol_text(name: str) -> str:
    """A symbol as the IR writes it, on one line. Examples: `@main`, `@"a\\00b"`."""
    text = StringIO()
    Printer(text).print_symbol_name(name)
    return text.getvalue()


def op_name(op: Operation) -> str:
    """The name of an op as IR writes it, also where its dialect is not registered."""
    return op.op_name.data if isinstance(op, UnregisteredOp) else op.name
