"""What stands for the ops, attributes and types that nobody registered.

They are kept as text, and printed as they were read.
"""

from __future__ import annotations

from abc import ABC
from functools import cache

from xdsl.dialects.builtin import UnregisteredAttr, UnregisteredOp
from xdsl.ir import Operation, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.printer import Printer
from xdsl.traits import OpTrait

from .text.attribute_syntax import squeezed


@cache
def unregistered_op(name: str) -> type[Operation]:
    """One class a name, so that modules of different contexts compare equal."""
    return UnregisteredOp.with_name(name)


class Opaque(OpTrait):
    """The project knows how the op is written, and nothing of what it does."""


def is_opaque(op: Operation) -> bool:
    """Whether nothing here knows what an op does: it stays as it is, and so do its regions."""
    return isinstance(op, UnregisteredOp) or op.has_trait(Opaque)


class Verbatim(UnregisteredAttr, ABC):
    """An attribute or type whose body is text; two are the same if only white space differs."""

    def key(self) -> tuple[str, bool, str]:
        return self.attr_name.data, bool(self.is_opaque.data), squeezed(self.value.data)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())

    def print_builtin(self, printer: Printer) -> None:
        """Print the text without indenting it, so that a body of several lines stays."""
        name, body = self.attr_name.data, self.value.data
        if self.is_opaque.data:
            text = f"{name.replace('.', '<', 1)}{body}>"
        else:
            text = f"{name}<{body}>" if body else name
        printer.print_string(("!" if self.is_type.data else "#") + text, indent=0)


@irdl_attr_definition(init=False)
class VerbatimAttr(Verbatim):
    """An attribute that nobody registered."""

    __eq__ = Verbatim.__eq__
    __hash__ = Verbatim.__hash__


@irdl_attr_definition(init=False)
class VerbatimType(Verbatim, TypeAttribute):
    """A type that nobody registered."""

    __eq__ = Verbatim.__eq__
    __hash__ = Verbatim.__hash__
