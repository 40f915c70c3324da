"""Which constructs a parser knows, and which it keeps as they are.

Dialects are imported when first used, so that command lines start quickly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from xdsl.context import Context
from xdsl.dialects import get_all_dialects
from xdsl.ir import Attribute, Dialect, Operation, TypeAttribute

from ..unregistered import VerbatimAttr, VerbatimType, unregistered_op
from .resources import KeptMetadata

OPEN_DIALECTS = ("ttnn", "ttcore", "ttir", "stablehlo", "sdy")
"""Dialects of which this project defines a part; the rest of them passes through."""


def _ttnn() -> Dialect:
    from ..ttnn import TTNN

    return TTNN


def _ttcore() -> Dialect:
    from ..ttcore import TTCORE

    return TTCORE


def _deconv() -> Dialect:
    from ..deconv import DECONV

    return DECONV


def _ttir() -> Dialect:
    from ..ttir import TTIR

    return TTIR


def _stablehlo() -> Dialect:
    from ..stablehlo import STABLEHLO

    return STABLEHLO


def _sdy() -> Dialect:
    from ..sdy import SDY

    return SDY


def get_dialects() -> dict[str, Callable[[], Dialect]]:
    """This project's dialects by name, to be loaded when first used."""
    return {
        "ttnn": _ttnn,
        "ttcore": _ttcore,
        "deconv": _deconv,
        "ttir": _ttir,
        "stablehlo": _stablehlo,
        "sdy": _sdy,
    }


IDENTIFIER = re.compile(r"[A-Za-z_][\w$.\-]*")
"""What names of dialects, ops, attributes and types are."""


class TTNNContext(Context):
    """A context in which unknown constructs of open and unregistered dialects stand for themselves.

    A misspelt operation of a dialect that xDSL or this project defines in full stays an error.
    """

    kept_metadata = KeptMetadata()
    """What stood behind the module that was parsed last, for who prints it again."""

    def is_open(self, name: str) -> bool:
        """Whether `dialect.name` may be something that nobody registered.

        Not what a string can spell and no identifier: it would be printed as it is.
        """
        dialect, dot, _ = name.partition(".")
        return (
            IDENTIFIER.fullmatch(name) is not None
            and bool(dot)
            and (dialect in OPEN_DIALECTS or dialect not in self._registered_dialects)
        )

    def clone(self) -> TTNNContext:
        copy = super().clone()
        return TTNNContext(*(getattr(copy, name) for name in copy.__dataclass_fields__))

    def get_optional_op(
        self, name: str, *, dialect_stack: Sequence[str] = ()
    ) -> type[Operation] | None:
        found = super().get_optional_op(name, dialect_stack=dialect_stack)
        if found is None and self.is_open(name):
            found = unregistered_op(name)
            self._loaded_ops[name] = found
        return found

    def get_optional_type(self, name: str) -> type[TypeAttribute] | None:
        found = super().get_optional_type(name)
        if found is None and self.is_open(name):
            found = VerbatimType
            self._loaded_types[name] = found
        return found

    def get_optional_attr(self, name: str) -> type[Attribute] | None:
        found = super().get_optional_attr(name)
        if found is None and self.is_open(name):
            found = VerbatimAttr
            self._loaded_attrs[name] = found
        return found


def make_context() -> Context:
    """A context with every dialect of xDSL and of this project, loaded when first used."""
    context = TTNNContext()
    for name, factory in (get_all_dialects() | get_dialects()).items():
        context.register_dialect(name, factory)
    return context
