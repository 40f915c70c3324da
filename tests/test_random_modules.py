"""Random modules through random pipelines: what `python -m xdsl_ttnn.tools.fuzz modules` does, a
few hundred times, and shrunk where it fails.
"""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xdsl_ttnn.tools.fuzz.module_fuzzer import check_case, draw_case
from xdsl_ttnn.tools.fuzz.outcomes import Finding

EXPECTED: tuple[str, ...] = (
    # Hoisting at floor ttnn.
    r"in hoist-weight-preparation",
    # Constants are folded before the layout moves in front of them are gone.
    r"idempotence in ttnn-to-(decomposed|linalg|loops)",
)
"""Findings that are being mended, as regular expressions of their keys."""

SETTINGS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def unexpected(findings: list[Finding]) -> list[Finding]:
    """Findings that nobody is mending."""
    return [
        finding
        for finding in findings
        if not any(re.search(pattern, finding.key) for pattern in EXPECTED)
    ]


# xdist spreads tests, not examples.
@pytest.mark.parametrize("part", range(6))
@given(random=st.randoms(use_true_random=False))
@SETTINGS
def test_random_modules(part: int, random: Random) -> None:
    drawn, pipeline = draw_case(random)

    outcome = check_case(drawn, pipeline)

    found = unexpected(outcome.findings)
    assert not found, f"{pipeline}\n{drawn.module!s}\n" + "\n".join(f.key + f.text for f in found)
