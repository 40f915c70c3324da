"""Locations: every form that MLIR prints, aliases of them in front of and behind their use."""

from __future__ import annotations

import sys

import pytest
from xdsl.dialects.builtin import CallSiteLoc, FileLineColLoc, FusedLoc, NameLoc, StringAttr
from xdsl.ir import Attribute, Operation
from xdsl.utils.exceptions import ParseError

from xdsl_ttnn.dialect.text.parsing import parse_module

OP = '"foo.a"() : () -> () loc({})\n'


def first_op(text: str) -> Operation:
    return parse_module(text, "f.mlir").body.block.ops.first or pytest.fail("no op")


def location(text: str) -> Attribute:
    return first_op(text).location


def names(where: Attribute) -> list[str]:
    """The names of nested locations, from outside in, and the file they end at."""
    found: list[str] = []
    while isinstance(where, NameLoc):
        found.append(where.desc.data)
        where = where.location
    if isinstance(where, FileLineColLoc):
        found.append(where.filename.data)
    return found


DEFINITIONS = [
    '#loc = loc("f.py":1:2)',
    '#loc_name = loc("relu"(#loc))',
    '#loc_x-1$ = loc("x"(#loc_name))',
]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize("in_front", [0, 1, 2, 3])
def test_aliases_wherever_they_are_defined(order: tuple[int, ...], in_front: int) -> None:
    lines = [DEFINITIONS[index] for index in order]
    use = OP.format("#loc_x-1$").strip()
    text = "\n".join([*lines[:in_front], use, *lines[in_front:]]) + "\n"

    assert names(location(text)) == ["x", "relu", "f.py"]


def test_an_argument_and_a_region_and_a_module() -> None:
    text = (
        "module {\n  func.func @f(%x: i32 loc(#loc_x)) {\n"
        "    func.return loc(#loc3)\n  } loc(#loc1)\n} loc(#loc)\n"
        '  #loc1 = loc("f"(#loc3))\n#loc = loc("m")\n#loc3=loc("f.py":3:4)\n'
        '#loc_x = loc("x"(#loc1))\n'
    )
    function = first_op(text)
    (argument,) = function.regions[0].block.args

    assert names(argument.location) == ["x", "f", "f.py"]
    assert names(function.location) == ["f", "f.py"]


def test_other_aliases_may_be_a_part_of_one_that_is_behind() -> None:
    text = "#meta = #foo.meta<1>\n" + OP.format("#loc2") + "#loc2 = loc(fused<#meta>[#loc])\n"
    found = location(text + '#loc = loc("f.py":1:2)\n')

    assert isinstance(found, FusedLoc)
    assert str(found.metadata) == "#foo.meta<1>"


def test_what_is_wrong_with_a_location_that_nobody_asked_for_yet_is_said_when_it_is_read() -> None:
    wrong = "#loc1 = loc(fused<#nowhere>[#loc])\n"
    text = OP.format("#loc2") + wrong + '#loc2 = loc("f.py":1:2)\n#loc = loc("g.py":1:2)\n'

    with pytest.raises(ParseError, match="undefined symbol alias '#nowhere'"):
        parse_module(text)


@pytest.mark.parametrize(
    "definitions",
    [
        '#loc = loc("x"(#loc))',
        '#loc = loc("x"(#loc1))\n#loc1 = loc(fused[#loc2, #loc])\n#loc2 = loc(unknown)',
    ],
)
def test_a_location_that_is_a_part_of_itself(definitions: str) -> None:
    with pytest.raises(ParseError, match="expected a location that is not a part of itself"):
        parse_module(OP.format("#loc") + definitions)


@pytest.mark.parametrize("text", [OP.format("#loc"), OP.format("#loc") + '#loc1 = loc("a":1:2)'])
def test_a_location_that_is_not_there(text: str) -> None:
    with pytest.raises(ParseError, match="undefined symbol alias '#loc'"):
        parse_module(text)


def test_a_location_that_is_defined_twice() -> None:
    twice = '#loc = loc("a.py":1:2)\n#loc = loc("b.py":1:2)\n'
    with pytest.raises(ParseError, match="re-declaration of alias '#loc'"):
        parse_module(OP.format("#loc") + twice)


def test_a_long_chain_of_locations_in_the_order_that_mlir_prints() -> None:
    count = 4 * sys.getrecursionlimit()
    lines = ['#loc0 = loc("f.py":1:2)']
    lines += [f'#loc{i} = loc("n"(#loc{i - 1}))' for i in range(1, count)]

    assert len(names(location(OP.format(f"#loc{count - 1}") + "\n".join(lines)))) == count


FORMS = {
    '"a.py":1:2': FileLineColLoc,
    '"a.py":1:2 to 3:4': FileLineColLoc,
    '"a.py":1:2 to :4': FileLineColLoc,
    '"name"': NameLoc,
    '"name"("a.py":1:2 to :9)': NameLoc,
    'callsite("f"("a.py":1:2 to :4) at "b.py":3:4)': CallSiteLoc,
    'fused["a", "b"]': FusedLoc,
    'fused<"why">["a", "b.py":1:2 to 2:1]': FusedLoc,
    "fused<{a = 1 : i32}>[unknown]": FusedLoc,
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    assert type(location(OP.format(form))) is FORMS[form]


def test_parts_of_a_fused_location() -> None:
    found = location(OP.format('fused<"why">["a", "b"]'))

    assert isinstance(found, FusedLoc)
    assert found.metadata == StringAttr("why")
    assert [names(part) for part in found.locations] == [["a"], ["b"]]
