"""The cases of public tests and bug reports: every floor against the op's definition.

Those of more than 3 M multiply-adds, inserted zeros included, are marked slow; the definition, at
floor ttnn, is held against onnxruntime, or against the formula where onnxruntime has no such op.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from support import Case, case_id, conv_transpose2d_ir, is_rejected, load_cases
from support.floors import Array, assert_equal_bits, parsed, run_at
from support.references import (
    brute_force,
    integer_arrays,
    macs_with_zeros,
    onnx_expresses,
    onnxruntime_result,
    patch_bytes,
)

QUICK_MACS = 3_000_000
SLOW_MACS = 200_000_000
MAX_PATCH_BYTES = 800_000_000

LEGAL = [case for case in load_cases("public") if not is_rejected(case)]
RUN = [case for case in LEGAL if macs_with_zeros(case) <= SLOW_MACS]


def _parameters() -> list[Any]:
    slow = [pytest.mark.slow]
    return [
        pytest.param(
            case, id=case_id(case), marks=slow if macs_with_zeros(case) > QUICK_MACS else []
        )
        for case in RUN
    ]


def _truth(case: Case, arrays: dict[str, Array]) -> Array:
    if onnx_expresses(case):
        return onnxruntime_result(case, **arrays)
    return brute_force(case, **arrays).astype(np.float32)


def test_counts() -> None:
    quick = [case for case in RUN if macs_with_zeros(case) <= QUICK_MACS]
    assert (len(LEGAL), len(RUN), len(quick)) == (360, 244, 166)
    assert sum(map(onnx_expresses, RUN)) > 200


@pytest.mark.parametrize("case", _parameters())
def test_public_on_integers(case: Case) -> None:
    """All in one test for a case: what costs time are arrays and the truth."""
    arrays = integer_arrays(case)
    expected = _truth(case, arrays)
    assert np.abs(expected).max(initial=0) < 2**24
    module = parsed(conv_transpose2d_ir(case))
    floors = ["ttnn", "decomposed", "linalg", "loops"]
    if patch_bytes(case) <= MAX_PATCH_BYTES:
        floors.append("loops-im2col")

    for floor in floors:
        assert_equal_bits(run_at(module, floor, arrays), expected, floor)
