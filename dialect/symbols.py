"""Functions by the symbols that name them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from weakref import WeakKeyDictionary, WeakValueDictionary

from xdsl.dialects import func
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FlatSymbolRefAttr,
    SymbolRefAttr,
    UnregisteredAttr,
)
from xdsl.ir import Attribute, Operation
from xdsl.traits import SymbolTable

_FUNCTIONS: WeakKeyDictionary[Operation, WeakValueDictionary[str, func.FuncOp]] = (
    WeakKeyDictionary()
)
"""Functions by name for each symbol table that was asked. A hit is checked before it is used, so
that IR may change between look-ups; a module of n functions is then searched once, not n times."""

_SYMBOL = re.compile(r'@(?:"(?P<quoted>[^"]*)"|(?P<bare>[\w$.-]+))')
"""A symbol in the text of an unknown attribute."""


def lookup_function(
    symbol: SymbolRefAttr | FlatSymbolRefAttr, user: Operation
) -> func.FuncOp | None:
    """The function a symbol names, looked up in the nearest symbol table around `user`."""
    table = user.parent_op()
    while table is not None and not table.has_trait(SymbolTable):
        table = table.parent_op()
    if table is None:
        return None
    name = symbol.string_value()
    known = _FUNCTIONS.get(table)
    found = known.get(name) if known is not None else None
    if found is None or found.parent_op() is not table or found.sym_name.data != name:
        functions = [op for op in table.regions[0].ops if isinstance(op, func.FuncOp)]
        known = WeakValueDictionary({op.sym_name.data: op for op in functions})
        _FUNCTIONS[table] = known
        found = known.get(name)
    return found


def returned_by(function: func.FuncOp | None) -> func.ReturnOp | None:
    """The return of a function that has exactly one; None for a declaration, and for several."""
    if function is None:
        return None
    ends = [block.last_op for block in function.body.blocks]
    returns = [op for op in ends if isinstance(op, func.ReturnOp)]
    return returns[0] if len(returns) == 1 else None


def symbols_in(attribute: Attribute) -> set[str]:
    """The symbols an attribute names, inside other attributes and unknown text too."""
    match attribute:
        case SymbolRefAttr():
            nested = (part.data for part in attribute.nested_references)
            return {attribute.root_reference.data, *nested}
        case ArrayAttr():
            return set[str]().union(*map(symbols_in, attribute.data))
        case DictionaryAttr():
            return set[str]().union(*map(symbols_in, attribute.data.values()))
        case UnregisteredAttr():
            found = _SYMBOL.finditer(attribute.value.data)
            return {match["bare"] or match["quoted"] for match in found}
        case _:
            return set()


def named_functions(module: Operation, ignored: Sequence[str] = ()) -> set[func.FuncOp]:
    """The functions that attributes of ops name, as a call does.

    A symbol that names none where it stands counts for every function of its name: unknown ops may
    look elsewhere. `ignored` are the attributes that do not count.
    """
    by_name: dict[str, set[func.FuncOp]] = defaultdict(set)
    for op in module.walk():
        if isinstance(op, func.FuncOp):
            by_name[op.sym_name.data].add(op)
    named: set[func.FuncOp] = set()
    for op in module.walk():
        for name, attribute in (*op.properties.items(), *op.attributes.items()):
            symbols = symbols_in(attribute) if name not in ignored else set[str]()
            for symbol in symbols & by_name.keys():
                function = lookup_function(SymbolRefAttr(symbol), op)
                named |= by_name[symbol] if function is None else {function}
    return named
