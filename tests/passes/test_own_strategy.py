"""The strategy of examples/own_strategy: its results, its stages, and what it does not take."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.pattern_rewriter import PatternRewriteWalker
from xdsl.utils.exceptions import PassFailedException

from support import Case, case_id, conv_transpose2d_ir, make_case
from support.counting import activation_path, bytes_read, size_bytes
from support.floors import assert_equal_bits, parsed, run_after
from support.outside import EXAMPLE
from support.references import brute_force, integer_arrays
from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.passes.choose_strategy import workload_of


def _strategy():
    spec = spec_from_file_location("one_pixel", EXAMPLE / "one_pixel.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["one_pixel"] = module
    spec.loader.exec_module(module)
    return module.STRATEGY


STRATEGY = _strategy()

CASES = [
    make_case(n=2, h=1, w=1, c=3, o=2, kh=4, kw=3),
    make_case(h=1, w=1, c=3, o=2, kh=4, kw=5, sh=2, sw=3, padding=[1, 2], bias=True),
    make_case(h=1, w=1, c=2, o=3, kh=1, kw=2, sh=4, sw=3, oph=3, opw=2, bias=True),
    make_case(n=3, h=1, w=1, c=1, o=1, kh=5, kw=4, sh=3, sw=2, padding=[0, 3, 1, 0], oph=2),
    make_case(h=1, w=1, c=2, o=2, kh=3, kw=3, bias=True, mirror_kernel=False),
]


def op_of(module: ModuleOp) -> ttnn.ConvTranspose2dOp:
    (op,) = (op for op in module.walk() if isinstance(op, ttnn.ConvTranspose2dOp))
    return op


def decomposed(module: ModuleOp) -> ModuleOp:
    result = module.clone()
    PatternRewriteWalker(STRATEGY.pattern).rewrite_module(result)
    result.verify()
    assert not any(isinstance(op, ttnn.ConvTranspose2dOp) for op in result.walk())
    return result


@pytest.mark.parametrize("element_type", ["f32", "bf16"])
@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_results(case: Case, element_type: str) -> None:
    arrays = integer_arrays(case, element_type)
    expected = brute_force(case, **arrays)

    module = decomposed(parsed(conv_transpose2d_ir(case, element_type)))

    for pipeline in ("", "ttnn-to-linalg", "ttnn-to-loops"):
        result = run_after(module, pipeline, arrays)
        assert_equal_bits(result, expected.astype(result.dtype), pipeline)


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_stages_are_the_ops_that_touch_data(case: Case) -> None:
    module = parsed(conv_transpose2d_ir(case))
    ops = list(activation_path(decomposed(module)))

    stages = STRATEGY.stages(workload_of(op_of(module)))

    assert Counter(stage.bytes_read for stage in stages) == Counter(map(bytes_read, ops))
    assert [stage.bytes_written for stage in stages] == [size_bytes(op.results[0]) for op in ops]


@pytest.mark.parametrize(
    "case",
    [
        make_case(h=1, w=2, c=2, o=2, kh=3, kw=3),
        make_case(h=1, w=1, c=2, o=2, kh=3, kw=3, dh=2),
        make_case(h=1, w=1, c=2, o=2, kh=3, kw=3, groups=2),
    ],
    ids=case_id,
)
def test_other_ops_are_refused_and_left_as_they_are(case: Case) -> None:
    module = parsed(conv_transpose2d_ir(case))
    before = str(module)

    with pytest.raises(PassFailedException, match="op expected one pixel, dilation 1"):
        PatternRewriteWalker(STRATEGY.pattern).rewrite_module(module)

    assert str(module) == before


def test_cropped_multiply_adds_are_those_of_products_that_nobody_sees() -> None:
    geometry = op_of(parsed(conv_transpose2d_ir(CASES[1]))).geometry()

    # 4x5 products of 3 channels for each of 2; of them 2x1 land.
    shown = np.prod(geometry.output_shape)
    assert STRATEGY.cropped_multiply_adds(geometry) == 4 * 5 * 3 * 2 - shown * 3
