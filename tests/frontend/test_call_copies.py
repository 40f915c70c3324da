"""The documented Python call copies no tensor on its way in or out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from support import make_case
from support.calls import call_arguments
from support.references import Array, brute_force, integer_arrays
from xdsl_ttnn import frontend as ttnn
from xdsl_ttnn.frontend.compiler import CompiledFunction

CASE = make_case(n=2, h=4, w=5, c=4, o=6, kh=3, kw=2, sh=2, sw=3, bias=True)
ARRAYS = integer_arrays(CASE)
EXPECTED = brute_force(CASE, **ARRAYS)


def call(arrays: dict[str, Any], **changed: Any) -> Any:
    return ttnn.conv_transpose2d(**(call_arguments(CASE, arrays) | changed))


@pytest.fixture
def passed_on(monkeypatch) -> list[tuple[Array, ...]]:
    """The arrays that calls hand to the compiled function."""
    seen: list[tuple[Array, ...]] = []
    run = CompiledFunction.__call__

    def spy(self: CompiledFunction, *arrays: Any) -> Any:
        seen.append(arrays)
        return run(self, *arrays)

    monkeypatch.setattr(CompiledFunction, "__call__", spy)
    return seen


@pytest.mark.parametrize("kind", [np.asarray, ttnn.from_numpy])
def test_arrays_are_not_copied(kind: Any, passed_on: list[tuple[Array, ...]]) -> None:
    call(ARRAYS, **{f"{name}_tensor": kind(ARRAYS[key]) for name, key in _TENSORS.items()})

    (arrays,) = passed_on
    for array, key in zip(arrays, "xwb", strict=True):
        assert np.shares_memory(array, ARRAYS[key])


_TENSORS = {"input": "x", "weight": "w", "bias": "b"}


@pytest.mark.parametrize("element_type", ["f32", "bf16"])
def test_torch_tensors_are_not_copied(
    element_type: str, passed_on: list[tuple[Array, ...]]
) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[element_type]
    tensors = {key: torch.from_numpy(ARRAYS[key]).to(dtype) for key in "xwb"}

    result = call(tensors)

    (arrays,) = passed_on
    for array, key in zip(arrays, "xwb", strict=True):
        assert array.__array_interface__["data"][0] == tensors[key].data_ptr()
    assert result.dtype == dtype
    assert np.array_equal(result.float().numpy(), EXPECTED)


def test_the_channels_last_view_of_a_torch_tensor_is_not_copied(
    passed_on: list[tuple[Array, ...]],
) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    x = torch.from_numpy(np.ascontiguousarray(ARRAYS["x"].transpose(0, 3, 1, 2)))

    call(ARRAYS, input_tensor=x.permute(0, 2, 3, 1))

    assert passed_on[0][0].__array_interface__["data"][0] == x.data_ptr()


def test_arguments_stay() -> None:
    arrays = {name: array.copy() for name, array in ARRAYS.items()}

    call(arrays, conv_config=ttnn.Conv2dConfig(activation="relu"))

    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in arrays)
