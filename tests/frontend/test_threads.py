"""Calls, compilations and compiled functions from several threads at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from support import make_case
from support.calls import call_arguments
from support.references import integer_arrays
from xdsl_ttnn import frontend as ttnn
from xdsl_ttnn.frontend.call.modules import ArrayKind, ConvolutionKind
from xdsl_ttnn.frontend.call.parameters import read_parameters

THREADS = 4


@pytest.fixture(autouse=True)
def _switch_often() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """What `work` gives for the number of each thread."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def test_kinds_compiled_at_once_do_not_mix() -> None:
    ttnn.clear_cache()
    cases = [
        make_case(n=1, h=2 + height, w=4, c=2, o=3, kh=2, kw=3, sh=2, sw=1)
        for height in range(3 * THREADS)
    ]
    arguments = [call_arguments(case, integer_arrays(case)) for case in cases]

    def call_some(thread: int) -> list[Any]:
        return [ttnn.conv_transpose2d(**given) for given in arguments[thread::THREADS]]

    for thread, results in enumerate(in_threads(call_some)):
        for given, result in zip(arguments[thread::THREADS], results, strict=True):
            assert np.array_equal(result, ttnn.conv_transpose2d(**given))


class Interrupted(np.ndarray):
    """An array that does something else before it is copied, as another thread may."""

    interruption: Callable[[], object]

    def copy(self, order: Any = "K") -> Any:
        self.interruption()
        return np.array(self, order=order)


def test_weights_of_one_thread_are_not_used_by_another() -> None:
    case = make_case(n=1, h=3, w=4, c=2, o=3, kh=2, kw=3, sh=2, sw=1)
    arrays = integer_arrays(case)
    x, w = arrays["x"], arrays["w"]
    given = call_arguments(case, arrays) | {"mirror_kernel": True}
    image, kernel = (ArrayKind(array.shape, array.dtype) for array in (x, w))
    parameters = read_parameters(given, None, None, None)
    module = ConvolutionKind(parameters, image, kernel, None, x.dtype).module()
    function = ttnn.compile_ir(module, floor="linalg", strategy="sub-pixel")
    kept = function.weights
    assert kept is not None

    def prepared(weight: Any) -> list[Any]:
        return kept.arguments([x, weight])[1:]

    expected = prepared(2 * w)
    prepared(w)
    weight = (2 * w).view(Interrupted)
    weight.interruption = lambda: prepared(3 * w)
    assert all(map(np.array_equal, prepared(weight), expected))
    assert all(map(np.array_equal, prepared(2 * w), expected))
