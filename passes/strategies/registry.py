"""The one registry of strategies: this project's, which are the modules of this folder, and those
that other packages offer through the entry point group `xdsl_ttnn.strategies`.

What a strategy is called is known without importing it: command lines print it in their help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from .strategy import Strategy

GROUP = "xdsl_ttnn.strategies"
"""An entry point is called as its strategy is, and leads to the object."""

AUTO = "auto"
"""The name that leaves the choice to the cost model."""

_NO_STRATEGIES = {"registry", "strategy"}
"""Modules of this folder that hold none."""

_LISTED_FIRST = ("zero-insert", "sub-pixel", "gemm-col2im", "matmul")
"""As docs/strategies.md has them; messages list others behind, by name."""


@cache
def own_names() -> tuple[str, ...]:
    """This project's, none of them imported. `sub-pixel` is what sub_pixel.py calls STRATEGY."""
    modules = iter_modules([str(Path(__file__).parent)])
    stems = {module.name for module in modules if not module.ispkg} - _NO_STRATEGIES
    names = {stem.replace("_", "-") for stem in stems}
    listed = [name for name in _LISTED_FIRST if name in names]
    return (*listed, *sorted(names - {*listed}))


@cache
def _entry_points() -> Sequence[EntryPoint]:
    """What other packages offer, in an order that does not depend on what is installed where."""
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda point: (_package(point), point.name))


def _package(point: EntryPoint) -> str:
    return "?" if point.dist is None else point.dist.name


def names() -> tuple[str, ...]:
    """The names of strategies, none of them imported; some may turn out to be broken."""
    return tuple(dict.fromkeys((*own_names(), *(point.name for point in _entry_points()))))


@cache
def strategies() -> Mapping[str, Strategy[Any]]:
    """All strategies by name; a remark names each of another package that is skipped, and why.

    Skipped are those that fail to import, that are none, and those whose name is taken.
    """
    from ...dialect.remarks import remark

    found: dict[str, Strategy[Any]] = {name: _own(name) for name in own_names()}
    packages = {AUTO: "xdsl-ttnn", **dict.fromkeys(found, "xdsl-ttnn")}
    for point in _entry_points():
        package = _package(point)
        try:
            if point.name in packages:
                owner = packages[point.name]
                raise ValueError(f"expected a name that is not taken, got one of {owner}")
            found[point.name] = _loaded(point)
        except ValueError as error:
            remark(f"strategy {point.name} of package {package} is skipped: {error}")
        else:
            packages[point.name] = package
    return found


def _own(name: str) -> Strategy[Any]:
    return import_module(f".{name.replace('-', '_')}", __package__).STRATEGY


def _loaded(point: EntryPoint) -> Strategy[Any]:
    """Raises: ValueError for what fails to import, is no strategy, or is called otherwise."""
    from .strategy import Strategy

    try:
        loaded: object = point.load()
    except Exception as error:
        got = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise ValueError(f"expected {point.value} to import, got {got}") from error
    if not isinstance(loaded, Strategy):
        got = f"class {loaded.__name__}" if isinstance(loaded, type) else type(loaded).__name__
        raise ValueError(f"expected {point.value} to be a Strategy object, got {got}")
    strategy = cast("Strategy[Any]", loaded)
    if strategy.name != point.name:
        raise ValueError(f"expected {point.value} to have that name, got {strategy.name}")
    return strategy


def find(name: str) -> Strategy[Any]:
    """The strategy of a name. Requires: `is_strategy(name)`, and not auto."""
    return strategies()[name]


def is_strategy(name: str) -> bool:
    """Whether `name` is auto or a strategy; this project's are known without importing any."""
    return name == AUTO or name in own_names() or (name in names() and name in strategies())


@cache
def simplest_first() -> tuple[Strategy[Any], ...]:
    """All strategies in the order that decides where nothing else tells them apart."""
    return tuple(sorted(strategies().values(), key=lambda strategy: strategy.rank))


def check_strategy(strategy: str) -> None:
    """Refuse a name that is neither auto nor a strategy.

    Raises: PassFailedException naming the ones that are.
    """
    from xdsl.utils.exceptions import PassFailedException

    if not is_strategy(strategy):
        expected = ", ".join((AUTO, *strategies()))
        raise PassFailedException(f"strategy: expected one of {expected}, got {strategy}")
