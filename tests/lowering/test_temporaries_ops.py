"""No op of `ttnn` and `deconv` is lowered to a tensor that `max-temporary-bytes` does not see."""

from __future__ import annotations

from functools import cache
from math import prod

import pytest
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.utils.exceptions import PassFailedException, VerifyException

from support.every_op import NAMES, alone, modules
from support.floors import lowered
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.lowering.temporaries import VIEWS

DECOMPOSED_FIRST = {
    "ttnn.conv_transpose2d",
    "ttnn.prepare_conv_transpose2d_weights",
    "ttnn.prepare_conv_transpose2d_bias",
}

SHOWS_ITS_OPERAND = {
    "ttnn.reshape",
    "ttnn.slice_static",
    "ttnn.to_layout",
    "ttnn.to_memory_config",
    "ttnn.to_tensor_spec",
}
"""Ops that make no tensor, whatever they are given here."""


def made_bytes(module: ModuleOp) -> list[int]:
    """Sizes of the tensors that the ops of a module make; those in regions make none."""
    return [
        prod(result.type.get_shape()) * result.type.element_type.size
        for op in module.walk()
        if not isinstance(op, VIEWS)
        for result in op.results
        if isinstance(result.type, TensorType)
    ]


@cache
def instances() -> dict[str, list[tuple[ModuleOp, int]]]:
    """Modules of one op each, by its name, and the largest tensor that they are lowered to."""
    found: dict[str, list[tuple[ModuleOp, int]]] = {name: [] for name in NAMES}
    with collect_remarks():
        for module in modules():
            for op in module.walk():
                if op.name not in found or len(found[op.name]) >= 12:
                    continue
                if (made := alone(op)) is None:
                    continue
                try:
                    made.verify()
                    sizes = made_bytes(lowered(made, "convert-ttnn-to-linalg"))
                except (VerifyException, PassFailedException):
                    continue
                found[op.name].append((made, max(sizes, default=0)))
    return found


@pytest.mark.parametrize("name", sorted(set(NAMES) - DECOMPOSED_FIRST))
def test_the_largest_tensor_that_is_made_decides(name: str) -> None:
    cases = instances()[name]
    assert cases, "no module here holds the op"

    made = [(module, size) for module, size in cases if size > 0]

    assert bool(made) == (name not in SHOWS_ITS_OPERAND)
    for module, size in made:
        lowered(module, f"convert-ttnn-to-linalg{{max-temporary-bytes={size}}}")
        with pytest.raises(PassFailedException) as refused:
            lowered(module, f"convert-ttnn-to-linalg{{max-temporary-bytes={size - 1}}}")
        message = str(refused.value)
        assert f"'{name}' op expected temporaries of at most {size - 1} bytes, got " in message


def test_those_that_are_decomposed_first_are_refused_here() -> None:
    assert all(not instances()[name] for name in DECOMPOSED_FIRST)
