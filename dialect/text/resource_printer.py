"""Printing what was read from resources as resources: names in the module, blobs behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute, Dialect

from .dense_printer import DensePrinter
from .resources import Blob, Handle, KeptMetadata, blob_text


@dataclass(eq=False, repr=False)
class ResourcePrinter(DensePrinter):
    """The printer that leaves elements which came from a resource there.

    Call `print_metadata` behind the module, or what it printed has no elements.
    """

    kept: KeptMetadata = field(default=KeptMetadata(), kw_only=True)
    """What else stood behind the module, printed as it was."""

    _texts: dict[str, str] = field(default_factory=dict[str, str], init=False)

    def print_attribute(self, attribute: Attribute) -> None:
        if isinstance(attribute, DenseIntOrFPElementsAttr):
            dense = cast(DenseIntOrFPElementsAttr[Any], attribute)
            blob: bytes = dense.data.data
            if isinstance(blob, Blob):
                self._print_resource(blob.resource, blob_text(dense, blob))
                self.print_string(" : ")
                attribute = dense.type
        super().print_attribute(cast(Attribute, attribute))

    def print_resource_handle(self, dialect: str, handle: str) -> None:
        text = handle.text if isinstance(handle, Handle) else None
        name = handle if text is None else self._name_for(handle, text)
        self.print_identifier_or_string_literal(name)

    def _print_resource(self, name: str, text: str) -> None:
        self.print_string("dense_resource<")
        self.print_identifier_or_string_literal(self._name_for(name, text))
        self.print_string(">")

    def _name_for(self, name: str, text: str) -> str:
        """The name of a blob: its own, unless another one has that already."""
        free, count = name, 0
        while self._texts.setdefault(free, text) != text:
            count += 1
            free = f"{name}_{count}"
        return free

    def print_metadata(self, dialects: Iterable[Dialect] = ()) -> None:
        """Print the blobs of what was printed, and what was kept of the file."""
        sections: list[Callable[[], None]] = []
        if self._texts or self.kept.dialects:
            sections.append(self._print_dialects)
        sections += [partial(self._print_as_it_was, text) for text in self.kept.sections]
        if sections:
            self.print_string("\n\n{-#\n  ", indent=0)
            self.print_list(sections, _call, ",\n  ")
            self.print_string("\n#-}", indent=0)

    def _print_dialects(self) -> None:
        dialects: list[Callable[[], None]] = [self._print_builtin] if self._texts else []
        dialects += [partial(self._print_as_it_was, text) for text in self.kept.dialects]
        self.print_string("dialect_resources: {\n    ", indent=0)
        self.print_list(dialects, _call, ",\n    ")
        self.print_string("\n  }", indent=0)

    def _print_builtin(self) -> None:
        self.print_string("builtin: {\n      ", indent=0)
        self.print_list(self._texts.items(), self._print_blob, ",\n      ")
        self.print_string("\n    }", indent=0)

    def _print_blob(self, item: tuple[str, str]) -> None:
        name, text = item
        self.print_identifier_or_string_literal(name)
        self.print_string(f': "{text}"')

    def _print_as_it_was(self, text: str) -> None:
        self.print_string(text, indent=0)


def _call(section: Callable[[], None]) -> None:
    section()
