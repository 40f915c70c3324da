"""Attributes and types that nobody registered are printed as they were read, to the last blank."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xdsl_ttnn.dialect.text.parsing import parse_module

BODIES = [
    "!quant.uniform<i8:f32:0, {1.0, 2.0}>",
    "!quant.uniform<i8:f32:0,{1.0,2.0}>",
    "!quant.uniform<i8<-128:127>:f32:1, { 1.0 , 2.0e+01:-3 }>",
    "!quant<uniform  i8 : f32 , 1.0>",
    "#foo.a<>",
    "#foo.a< >",
    "#foo<b>",
    "#foo<b >",
    "#foo<b\t1>",
    '#foo<"no name">',
    "#foo<[1,2]>",
    "#foo<7 of them>",
    "#foo.a<\"two  blanks  // no comment  #dram\", 'x'>",
    r'#foo.a<"a quote \" and } and a backslash \\">',
    "#foo.a<  {[(<-1>)]}, {{1},  {2}}  , a -> b>",
    "#foo.a<one // of two lines: >\n>",
    "#foo.a<\n      first,\n\n  second\r\n>",
    "#foo.a<é ∞>",
]


def printed(text: str) -> str:
    return str(parse_module(text)).removeprefix("builtin.module {\n  ").removesuffix("\n}")


@pytest.mark.parametrize("body", [body for body in BODIES if "lines" not in body])
@pytest.mark.parametrize("place", ["{x = ?}", "<{x = [?, 1 : i32]}>", "{x = {y = ?}}"])
def test_bodies_are_printed_as_they_were_read(body: str, place: str) -> None:
    text = f'"foo.op"() {place.replace("?", body)} : () -> ()'

    assert printed(text) == text
    assert printed(printed(text)) == text


def test_a_comment_in_a_body_does_not_hide_what_is_behind_it() -> None:
    text = '"foo.op"() {x = #foo.a<one // of two lines\n>, y = #foo.b<2>} : () -> ()'

    assert printed(text) == text


@pytest.mark.parametrize("body", [body for body in BODIES if body[0] == "!"])
def test_types_are_printed_as_they_were_read(body: str) -> None:
    text = (
        f"func.func @f(%x: {body}, %y: tensor<2x3x{body}>) -> tensor<2x3x{body}> {{\n"
        f'    %z = "foo.op"(%x) : ({body}) -> {body}\n'
        f"    func.return %y : tensor<2x3x{body}>\n  }}"
    )

    assert printed(text) == text


def test_deep_inside_an_indented_region() -> None:
    body = "#foo.a<\n  1,\n 2>"
    text = f'builtin.module {{\nbuiltin.module {{\n"foo.op"() {{x = {body}}} : () -> ()\n}}\n}}'

    assert body in printed(text)
    assert str(parse_module(str(parse_module(text)))) == str(parse_module(text))


def test_aliases_are_written_out_and_nothing_else_is_changed() -> None:
    text = (
        "#in = #foo.b<1,\n  2>\n"
        "!t = !foo.t<  8  >\n"
        '"foo.op"() {x = #foo.a<#in  , !t,"#in" // #in\n, #in<3>>} : () -> ()'
    )
    expected = '#foo.a<#foo.b<1,\n  2>  , !foo.t<  8  >,"#in" // #in\n, #in<3>>'

    assert expected in printed(text)


def test_a_body_that_is_wrapped_is_the_same_type() -> None:
    module = parse_module(
        '%0 = "foo.a"() : () -> !foo.t<1,\n    {2} // wrapped\n  >\n'
        '"foo.b"(%0) : (!foo.t<1, {2}>) -> ()'
    )
    module.verify()

    assert parse_module(str(module)).is_structurally_equivalent(module)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("!quant.uniform<i8:f32:0, {1.0, 2.0:-3}>", "!quant.uniform<i8 : f32:0,{1.0,2.0 : -3}>"),
        ("!foo.t<(a) -> b, [ x ]>", "!foo.t<(a)->b, [x]>"),
        ("!foo.t<a -> b>", "!foo.t<a->b>"),
        ('!foo.t<x "y">', '!foo.t<x   "y">'),
    ],
)
def test_blanks_that_separate_nothing(one: str, other: str) -> None:
    """A real pipeline's file writes one type in both ways, and it is the same type."""
    module = parse_module(
        f'%0 = "foo.a"() : () -> tensor<2x{one}>\n"foo.b"(%0) : (tensor<2x{other}>) -> ()'
    )
    module.verify()

    assert one in str(module)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("#foo.a<1 -2>", "#foo.a<1-2>"),
        ("#foo.a<a.b .c>", "#foo.a<a.b.c>"),
        ('#foo.a<x "y">', '#foo.a<x"y">'),
        ("#foo.a<1>", "#foo.b<1>"),
        ("#foo.a<1>", "#foo.a<2>"),
        ("#foo<a1>", "#foo.a1"),
        ('#foo.a<"1  2">', '#foo.a<"1 2">'),
        ("#foo.a<1 2>", "#foo.a<12>"),
        ("#foo.a<x>", "!foo.a<x>"),
    ],
)
def test_other_bodies_are_others(one: str, other: str) -> None:
    modules = [parse_module(f'"foo.op"() {{x = {body}}} : () -> ()') for body in (one, other)]

    assert not modules[0].is_structurally_equivalent(modules[1])


PIECES = st.recursive(
    st.one_of(
        st.sampled_from(
            [" ", "  ", "\t", "\n", ",", ":", "->", "1.0", "x8xf32", "a", "=", "-1", "?"]
        ),
        st.text(st.characters(codec="ascii", exclude_characters='"\\\n\v\f\r'), max_size=5).map(
            lambda text: f'"{text}"'
        ),
    ),
    lambda inner: st.tuples(
        st.sampled_from(["()", "[]", "{}", "<>"]), st.lists(inner, max_size=4)
    ).map(lambda pair: pair[0][0] + "".join(pair[1]) + pair[0][1]),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=6).map("".join))
def test_any_balanced_body(body: str) -> None:
    text = f'"foo.op"() {{x = #foo.a<b{body}>, y = !foo<b {body}>}} : () -> ()'

    assert printed(text) == text
