"""Which function is run, and what it takes."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend.entry import Signature, find_entry, signature_of


def _module(*headers: str) -> str:
    return "\n".join(f"func.func {header}() {{ return }}" for header in headers)


@pytest.mark.parametrize(
    ("headers", "name", "entry"),
    [
        (["@other", "@main"], None, "main"),
        (["private @main", "@other"], None, "main"),
        (["private @helper", "@only"], None, "only"),
        (["private @helper", "public @only"], None, "only"),
        (["@a", "@b"], "b", "b"),
        (["@a", "private @hidden"], "hidden", "hidden"),
    ],
)
def test_entry(headers: list[str], name: str | None, entry: str) -> None:
    assert find_entry(parse_module(_module(*headers)), name).sym_name.data == entry


def test_functions_of_nested_modules_count() -> None:
    ir = (
        "ttcore.device_module { builtin.module {\n"
        "  func.func private @const_eval() { return }\n"
        "  func.func @forward() { return }\n"
        "} }"
    )

    assert find_entry(parse_module(ir)).sym_name.data == "forward"
    assert find_entry(parse_module(ir), "const_eval").sym_name.data == "const_eval"


@pytest.mark.parametrize(
    ("ir", "name", "message"),
    [
        (_module("@a", "@b"), None, "a single public one, got 'a', 'b'; name one as the entry"),
        (_module("private @a", "private @b"), None, "got 'a', 'b'"),
        (_module("@a", "@b"), "c", "entry 'c': expected one of 'a', 'b'"),
        ("module {}", None, "expected a function with a body"),
        ("func.func private @declared()", None, "expected a function with a body"),
        (
            f"module {{ {_module('@f')} }} module {{ {_module('@f')} }}",
            "f",
            "entry 'f': expected one function of that name, got 2",
        ),
    ],
)
def test_no_entry(ir: str, name: str | None, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        find_entry(parse_module(ir), name)

    assert message in str(refusal.value)


def _signature(header: str) -> Signature:
    return signature_of(find_entry(parse_module(f"func.func @f{header}")))


def test_signature() -> None:
    signature = _signature(
        "(%x: tensor<2x?xbf16>, %d: !ttnn.device, %n: index, %q: tensor<ui8>) -> i1 {\n"
        "  %c = arith.constant true\n  return %c : i1\n}"
    )

    assert str(signature) == "f(x: 2x?xbfloat16, n: int64, q: uint8)"
    assert [argument is None for argument in signature.arguments] == [False, True, False, False]
    assert [str(result) for result in signature.results] == ["bool"]


def test_the_size_of_arrays_is_in_bytes() -> None:
    signature = _signature("(%x: tensor<2x3xbf16>, %y: tensor<?x3xf32>) { return }")

    assert [array.size_bytes for array in signature.arrays] == [12, 0]


ARRAYS = "(%x: tensor<2x?xbf16>, %y: tensor<3xi32>) { return }"
X = np.ones((2, 5), ml_dtypes.bfloat16)
Y = np.ones(3, np.int32)


def test_arrays_that_fit() -> None:
    got = _signature(ARRAYS).check([X, Y])

    assert [array.dtype for array in got] == [X.dtype, Y.dtype]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ([X], "expected 2 arrays, f(x: 2x?xbfloat16, y: 3xint32), got 1"),
        ([X, Y, Y], "got 3"),
        ([X.astype(np.float32), Y], "x: expected 2x?xbfloat16, got 2x5xfloat32"),
        ([X[:1], Y], "x: expected 2x?xbfloat16, got 1x5xbfloat16"),
        ([X[0], Y], "x: expected 2x?xbfloat16, got 5xbfloat16"),
        ([X, Y.astype(np.int64)], "y: expected 3xint32, got 3xint64"),
        ([X, [1, "two", None]], "y: expected an array of 3xint32, got list"),
        ([X, "text"], "y: expected 3xint32, got "),
        ([X, [[1], [2, 3]]], "y: expected an array of 3xint32, got list"),
    ],
)
def test_arrays_that_do_not_fit(arrays: list, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        _signature(ARRAYS).check(arrays)

    assert message in str(refusal.value)


def test_a_type_without_arrays_is_refused() -> None:
    with pytest.raises(ValueError, match="'f', t: expected an element type"):
        _signature("(%t: tuple<i32>) { return }")
