"""The registry of strategies, and what each object says of itself."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from xdsl.utils.exceptions import PassFailedException

from xdsl_ttnn.passes.strategies import registry
from xdsl_ttnn.passes.strategies.registry import (
    check_strategy,
    find,
    is_strategy,
    names,
    own_names,
    simplest_first,
    strategies,
)
from xdsl_ttnn.passes.strategies.strategy import Strategy

FOLDER = Path(registry.__file__).parent
NO_STRATEGIES = {"__init__", "registry", "strategy"}


def test_every_file_of_the_folder_is_a_strategy() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - NO_STRATEGIES

    assert len(files) >= 4
    assert {name.replace("-", "_") for name in own_names()} == files
    assert names()[: len(own_names())] == own_names()
    assert tuple(strategies())[: len(own_names())] == own_names()


@pytest.mark.parametrize("name", own_names())
def test_a_strategy_is_one_object(name: str) -> None:
    strategy = find(name)

    assert isinstance(strategy, Strategy)
    assert strategy.name == name
    assert strategy.description and "\n" not in strategy.description
    assert strategy == type(strategy)()
    with pytest.raises(FrozenInstanceError):
        strategy.name = "other"  # pyright: ignore


def test_the_simplest_comes_first() -> None:
    first_four = ["matmul", "sub-pixel", "gemm-col2im", "zero-insert"]

    ordered = [strategy.name for strategy in simplest_first()]

    assert [name for name in ordered if name in first_four] == first_four
    assert len({find(name).rank for name in own_names()}) == len(own_names())
    assert all(find(name).rank < 100 < Strategy.rank for name in own_names())


def test_names() -> None:
    for name in ("auto", *own_names()):
        assert is_strategy(name)
        check_strategy(name)
    assert not is_strategy("registry")
    with pytest.raises(PassFailedException, match=r"expected one of auto, .*, got shared$"):
        check_strategy("shared")
