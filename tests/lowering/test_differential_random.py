"""Random attributes from the matrix in which other implementations broke: all floors agree.

Strides 1 to 5, kernels up to 7, dilations, paddings up to past the kernel's extent, output paddings
past the stride, groups up to depthwise, both kernel directions; each axis has its own of all, and
sizes are never the same on both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import Case, conv_transpose2d_ir, make_case
from support.floors import FLOORS, assert_equal_bits, parsed, run_after
from support.references import brute_force, integer_arrays

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=600)

KERNELS = (1, 2, 3, 4, 7)
CHANNELS = ((1, 1, 3), (1, 3, 2), (1, 4, 5), (2, 3, 1), (2, 2, 3), (4, 1, 2), (3, 1, 1))
"""Groups, and input and output channels of each; the last two are depthwise."""


@st.composite
def axes(draw: st.DrawFn, kernel: int, size: int) -> dict[str, int]:
    """One axis that has an output: the input grows until it does."""
    stride, dilation = draw(st.sampled_from((1, 2, 3, 5))), draw(st.sampled_from((1, 2, 3)))
    reach = dilation * (kernel - 1)
    padding = st.sampled_from(sorted({0, 1, reach, reach + 1}))
    low, high = draw(padding), draw(padding)
    extra = draw(st.sampled_from(sorted({0, 1, stride - 1, stride + 1})))
    while (size - 1) * stride - low - high + reach + extra + 1 < 1:
        size += 2
    return {
        "k": kernel,
        "s": stride,
        "d": dilation,
        "low": low,
        "high": high,
        "op": extra,
        "": size,
    }


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kernels = draw(st.permutations(KERNELS))[:2]
    # Odd and even, so that they differ however often 2 is added.
    sizes = draw(st.permutations((draw(st.sampled_from((1, 3))), draw(st.sampled_from((2, 4))))))
    height, width = (draw(axes(*pair)) for pair in zip(kernels, sizes, strict=True))
    groups, inputs, outputs = draw(
        st.sampled_from(
            [(1, 1, 3), (1, 3, 2), (1, 4, 5), (2, 3, 1), (2, 2, 3), (4, 1, 2), (3, 1, 1)]
        )
    )
    fields: dict[str, Any] = {
        f"{name}{axis}" if name else axis: values[name]
        for axis, values in (("h", height), ("w", width))
        for name in ("k", "s", "d", "op", "")
    }
    padding = [height["low"], height["high"], width["low"], width["high"]]
    if padding[0] == padding[1] and padding[2] == padding[3] and draw(st.booleans()):
        padding = [padding[0], padding[2]]
    return make_case(
        **fields,
        n=draw(st.sampled_from((2, 3))),
        c=groups * inputs,
        o=groups * outputs,
        groups=groups,
        padding=padding,
        bias=draw(st.booleans()),
        mirror_kernel=draw(st.sampled_from((None, True, False))),
    )


def _check(case: Case, tiles: tuple[int, int, int], seed: int) -> None:
    arrays = integer_arrays(case, seed=seed)
    expected = brute_force(case, **arrays).astype(np.float32)
    module = parsed(conv_transpose2d_ir(case))
    m, n, k = tiles
    drawn = f"tile-m={m} tile-n={n} tile-k={k}"
    pipelines = {
        **FLOORS,
        drawn: f"ttnn-to-loops{{strategy=zero-insert {drawn}}}",
        f"im2col {drawn}": f"ttnn-to-loops{{strategy=zero-insert conv=im2col {drawn}}}",
    }
    del pipelines["loops-ragged"], pipelines["loops-im2col-ragged"]
    for name, pipeline in pipelines.items():
        assert_equal_bits(run_after(module, pipeline, arrays), expected, name)


TILES = st.tuples(*[st.integers(2, 9)] * 3)


@given(case=cases(), tiles=TILES, seed=st.integers(0, 9))
@QUICK
def test_random_cases(case: Case, tiles: tuple[int, int, int], seed: int) -> None:
    _check(case, tiles, seed)


@pytest.mark.slow
@given(case=cases(), tiles=TILES, seed=st.integers(0, 9))
@LONG
def test_many_random_cases(case: Case, tiles: tuple[int, int, int], seed: int) -> None:
    _check(case, tiles, seed)


@given(case=cases())
@settings(max_examples=200, deadline=None)
def test_what_is_drawn(case: Case) -> None:
    assert case["h"] != case["w"] and case["kh"] != case["kw"]
    assert case["n"] > 1
    assert case["hout"] >= 1 and case["wout"] >= 1
