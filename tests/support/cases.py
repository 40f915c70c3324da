"""The recorded cases of tests/data/cases, and cases made up in the same form.

A case is a dictionary: input (n, h, w, c), weight (c, o/groups, kh, kw), strides sh and sw,
`padding` in ttnn order ([h, w] or [top, bottom, left, right]), output padding oph and opw,
dilations dh and dw, `groups`, `bias`, `mirror_kernel` (None: unstated), output size hout and wout.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Case = dict[str, Any]

CASES_FOLDER = Path(__file__).parents[1] / "data" / "cases"

REJECTED_TAGS = frozenset(
    ("invalid-parameter", "output<1", "negative-padding-param", "negative-test")
)

_DEFAULTS: Case = {
    "n": 1,
    "sh": 1,
    "sw": 1,
    "padding": [0, 0],
    "oph": 0,
    "opw": 0,
    "dh": 1,
    "dw": 1,
    "groups": 1,
    "bias": False,
    "mirror_kernel": None,
    "tags": (),
}


@cache
def _read(name: str) -> str:
    return (CASES_FOLDER / name).read_text()


def load_cases(name: str) -> list[Case]:
    """The cases of `cover`, `public` or `model-zoo`."""
    return [_DEFAULTS | case for case in json.loads(_read(f"{name}.json"))]


def load_text(name: str) -> str:
    """The text of a file of the cases folder."""
    return _read(name)


def case_id(case: Case) -> str:
    """What a test that is parametrized by cases calls one of them."""
    return str(case.get("id") or case.get("name") or "made-up")


def a_quarter_quick(cases: Sequence[Case]) -> list[Any]:
    """Parameters of a test of many cases: every fourth runs always, the others are slow."""
    slow = [pytest.mark.slow]
    return [
        pytest.param(case, id=case_id(case), marks=slow if index % 4 else [])
        for index, case in enumerate(cases)
    ]


def is_rejected(case: Case) -> bool:
    """Whether a recorded case is one that must be refused."""
    return not REJECTED_TAGS.isdisjoint(case["tags"])


def make_case(**fields: Any) -> Case:
    """A case from the fields that matter, at least h, w, c, o, kh and kw.

    The output size is worked out where it is not given. Example: make_case(h=4, w=5, c=3, o=2,
    kh=3, kw=2, sh=2) has hout 9 and wout 6.
    """
    case = _DEFAULTS | fields
    pads = case["padding"]
    low_high = (pads[0] * 2, pads[1] * 2) if len(pads) == 2 else (sum(pads[:2]), sum(pads[2:]))
    for axis, both_pads in zip("hw", low_high, strict=True):
        furthest = (case[axis] - 1) * case[f"s{axis}"] + case[f"d{axis}"] * (case[f"k{axis}"] - 1)
        case.setdefault(f"{axis}out", furthest + 1 - both_pads + case[f"op{axis}"])
    return case
