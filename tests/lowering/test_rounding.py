"""bf16 and f16 on real numbers: within one rounding of the sum held in f32, at every floor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from support import Case, case_id, conv_transpose2d_ir, load_cases, make_case
from support.floors import FLOORS, Array, parsed, run_at
from support.references import brute_force, macs_with_zeros, normal_arrays

PRECISION: Mapping[str, tuple[int, int]] = {"bf16": (8, -133), "f16": (11, -24)}
"""Bits of the significand, and the exponent of the smallest number above zero."""

CASES = [
    make_case(
        id="many-terms",
        h=3,
        w=4,
        c=200,
        o=5,
        kh=4,
        kw=3,
        sh=2,
        sw=1,
        padding=[1, 0, 2, 1],
        bias=True,
    ),
    make_case(id="many-groups", n=2, h=4, w=3, c=80, o=20, kh=3, kw=5, sw=2, groups=2, bias=True),
    make_case(id="depthwise", h=6, w=9, c=7, o=7, kh=7, kw=5, dh=2, groups=7, padding=[5, 3]),
    *(case for case in load_cases("cover") if 0 < macs_with_zeros(case) <= 20_000),
]


def allowed_error(truth: Array, magnitude: Array, terms: int, element_type: str) -> Array:
    """Half a unit in the last place of the result, beside the error of `terms` f32 additions.

    `magnitude` is the sum of the absolute values of the terms.
    """
    bits, smallest = PRECISION[element_type]
    accumulated = (terms + 1) * 2.0**-24 / (1 - (terms + 1) * 2.0**-24) * magnitude
    largest = np.maximum(np.abs(truth) + accumulated, 2.0**-200)
    exponent = np.maximum(np.floor(np.log2(largest)) - (bits - 1), smallest)
    return np.exp2(exponent - 1) + accumulated


@pytest.mark.parametrize("element_type", PRECISION)
@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_one_rounding(case: Case, element_type: str) -> None:
    arrays = normal_arrays(case, element_type)
    truth = brute_force(case, **{name: a.astype(np.float64) for name, a in arrays.items()})
    magnitude = brute_force(
        case, **{name: np.abs(a.astype(np.float64)) for name, a in arrays.items()}
    )
    terms = case["kh"] * case["kw"] * case["c"] // case["groups"] + 1
    bound = allowed_error(truth, magnitude, terms, element_type)
    module = parsed(conv_transpose2d_ir(case, element_type))

    for floor in FLOORS:
        result = run_at(module, floor, arrays).astype(np.float64)
        error = np.abs(result - truth)
        worst = np.unravel_index(np.argmax(error - bound), error.shape)
        assert (error <= bound).all(), (floor, worst, error[worst], bound[worst])


@pytest.mark.parametrize("element_type", PRECISION)
def test_the_bound_catches_narrow_sums(element_type: str) -> None:
    """Adding up in the narrow type, even only between tiles of the sum, is past the bound."""
    random = np.random.default_rng(0)
    terms = random.standard_normal((500, 320))
    truth, magnitude = terms.sum(1), np.abs(terms).sum(1)
    bound = allowed_error(truth, magnitude, 320, element_type)
    narrow = normal_arrays(CASES[0], element_type)["x"].dtype
    sums = np.zeros(500, narrow)
    for tile in np.split(terms, 10, axis=1):
        sums = (sums.astype(np.float32) + tile.sum(1).astype(np.float32)).astype(narrow)

    assert (np.abs(sums.astype(np.float64) - truth) > bound).mean() > 0.1
