"""Random modules through random pipelines: what `python -m xdsl_ttnn.tools.fuzz modules` does, a
few hundred times.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from xdsl_ttnn.tools.fuzz.module_fuzzer import check_case, draw_case

SETTINGS = settings(
    max_examples=34,
    deadline=None,
    # Shrinking a module takes minutes; the message has the module and the passes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# xdist spreads tests, not examples.
@pytest.mark.parametrize("part", range(6))
@given(random=st.randoms(use_true_random=False))
@SETTINGS
def test_random_modules(part: int, random: Random) -> None:
    drawn, pipeline = draw_case(random)

    found = check_case(drawn, pipeline).findings

    assert not found, f"{pipeline}\n{drawn.module!s}\n" + "\n".join(f.key + f.text for f in found)
