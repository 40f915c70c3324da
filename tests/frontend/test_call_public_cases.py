"""Every public case through the documented Python call, against other people's implementations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from support import case_id, is_rejected, load_cases
from support.calls import call_arguments
from support.cases import Case
from support.floors import assert_equal_bits
from support.references import (
    brute_force,
    integer_arrays,
    macs_with_zeros,
    onnx_expresses,
    onnxruntime_result,
    torch_expresses,
    torch_result,
)
from xdsl_ttnn import frontend as ttnn

PUBLIC = [case for case in load_cases("public") if not is_rejected(case)]
REJECTED = [case for case in load_cases("public") if is_rejected(case)]
QUICK_MACS, SLOW_MACS = 5_000_000, 1_000_000_000
"""Zero-inserted multiply-adds of the cases of every run, and of those marked slow."""


def call(case: Case, arrays: dict[str, Any]) -> Any:
    return ttnn.conv_transpose2d(**call_arguments(case, arrays))


def _macs_between(low: int, high: int) -> list[Case]:
    return [case for case in PUBLIC if low < macs_with_zeros(case) <= high]


def _check_public(case: Case) -> None:
    """Against onnxruntime where it takes the case, else the formula in small ones."""
    arrays = integer_arrays(case)
    if onnx_expresses(case):
        expected = onnxruntime_result(case, **arrays)
    elif macs_with_zeros(case) <= QUICK_MACS:
        expected = brute_force(case, **arrays)
    else:
        pytest.skip("onnxruntime takes output padding below the stride only")

    assert_equal_bits(call(case, arrays), expected.astype(np.float32), "call")


@pytest.mark.parametrize("case", _macs_between(0, QUICK_MACS), ids=case_id)
def test_public_cases(case: Case) -> None:
    _check_public(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", _macs_between(QUICK_MACS, SLOW_MACS), ids=case_id)
def test_large_public_cases(case: Case) -> None:
    _check_public(case)


def _check_torch(case: Case) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    if not torch_expresses(case):
        pytest.skip("torch takes equal pads, and output_padding below stride or dilation only")
    arrays = integer_arrays(case)
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}

    result = call(case, tensors)

    assert isinstance(result, torch.Tensor)
    assert_equal_bits(result.numpy(), torch_result(torch, case, **arrays), "torch")


@pytest.mark.parametrize("case", _macs_between(0, QUICK_MACS), ids=case_id)
def test_public_cases_equal_torch(case: Case) -> None:
    _check_torch(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", _macs_between(QUICK_MACS, SLOW_MACS), ids=case_id)
def test_large_public_cases_equal_torch(case: Case) -> None:
    _check_torch(case)


def test_public_has_cases_of_all_kinds() -> None:
    assert len(_macs_between(0, QUICK_MACS)) > 100
    assert len(_macs_between(QUICK_MACS, SLOW_MACS)) > 80


MESSAGES = {
    "negative-padding-param": "padding: 'ttnn.conv_transpose2d' op Attribute 'padding' contains",
    "output<1": "padding: 'ttnn.conv_transpose2d' op Given input size per channel",
}


@pytest.mark.parametrize("case", REJECTED, ids=case_id)
def test_what_must_be_refused(case: Case) -> None:
    arrays = integer_arrays(case)

    with pytest.raises(ValueError, match=r"'ttnn\.conv_transpose2d' op ") as refusal:
        call(case, arrays)

    expected = next((text for tag, text in MESSAGES.items() if tag in case["tags"]), "")
    assert str(refusal.value).startswith(expected)
    assert str(refusal.value).split(":")[0] in call_arguments(case, arrays)


def test_there_is_something_to_refuse() -> None:
    assert len(REJECTED) >= 4
