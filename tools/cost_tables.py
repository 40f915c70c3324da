"""What `ttnn-cost-report` shows people: a table for each op, in the width there is.

Where all columns fit they are columns; where they do not, strategies stand below each other, each
with its figures in words. Nothing is cut. Exact numbers are what `--json` is for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ..dialect.text.names import symbol_text
from ..dialect.text.quantities import bytes_text, count_text, seconds_text

if TYPE_CHECKING:
    from ..passes.cost.report import OpCost, StrategyCost

Cell = Callable[["StrategyCost"], str]

COLUMNS: Mapping[str, Cell] = {
    "estimate": lambda cost: seconds_text(cost.estimate.seconds),
    "multiply-adds": lambda cost: count_text(cost.figures.multiply_adds),
    "cropped": lambda cost: count_text(cost.figures.cropped_multiply_adds),
    "bytes read": lambda cost: bytes_text(cost.figures.bytes_read),
    "bytes written": lambda cost: bytes_text(cost.figures.bytes_written),
    "largest temporary": lambda cost: bytes_text(cost.figures.largest_temporary_bytes),
    "32x32x32 tiles": lambda cost: count_text(cost.figures.tile_matmuls),
}
"""What is said of a strategy. Cells are never broken, headings are, at their blanks."""

UNLIMITED = 10**4
"""Columns of a file or a pipe: no line is broken, unless COLUMNS says where."""

WINNER, REFUSED = "bold green", "dim"


def report(costs: Sequence[OpCost], shown: Sequence[str], target: str) -> str:
    """Every op, and behind several of them what all take together; ends with a line break."""
    console = make_console()
    with console.capture() as captured:
        for cost in costs:
            _show(console, cost, shown)
        if len(costs) > 1 and all(cost.winner is not None for cost in costs):
            console.print(Text(total(costs, shown, target)))
    return captured.get()


def make_console() -> Console:
    """As wide as the terminal or COLUMNS says; else no line is broken."""
    console = Console(highlight=False)
    if console.is_terminal or os.environ.get("COLUMNS", "").isdigit():
        return console
    return Console(highlight=False, width=UNLIMITED)


def heading(cost: OpCost) -> str:
    """Which op it is, and how much work."""
    geometry = cost.workload.geometry
    where = cost.place or "conv_transpose2d"
    if cost.function is not None:
        where = f"{where} in {symbol_text(cost.function)}"
    shapes = "x".join(map(str, geometry.input_shape)), "x".join(map(str, geometry.output_shape))
    work = f"{count_text(geometry.multiply_adds)} multiply-adds"
    useful = {found.figures.useful_multiply_adds for found in cost.costs.values()}
    if geometry.multiply_adds and useful:
        work += f", {useful.pop() / geometry.multiply_adds:.0%} of them useful"
    return f"{where}: {shapes[0]} -> {shapes[1]} {cost.element_type}, {work}"


def total(costs: Sequence[OpCost], shown: Sequence[str], target: str) -> str:
    """What all ops take: by auto, and by each strategy that takes all of them.

    Requires: ops that auto finds a strategy for.
    """
    best = sum(cost.costs[cost.winner].estimate.seconds for cost in costs if cost.winner)
    sums = {
        name: sum(cost.costs[name].estimate.seconds for cost in costs)
        for name in shown
        if all(name in cost.costs for cost in costs)
    }
    others = ", ".join(
        f"{name} {seconds_text(seconds)}" for name, seconds in sorted(sums.items(), key=_second)
    )
    behind = f"; by one strategy for all: {others}" if others else ""
    return f"all {len(costs)} on {target}: auto {seconds_text(best)}{behind}"


def _second(item: tuple[str, float]) -> float:
    return item[1]


def _show(console: Console, cost: OpCost, shown: Sequence[str]) -> None:
    console.print(Text(heading(cost), style="bold"))
    rows = {name: found for name, found in cost.costs.items() if name in shown}
    if rows:
        console.print(_fitting(console, rows, cost.winner))
    console.print(Text(f"auto: {cost.reason}"))
    for name, reason in cost.refusals.items():
        if name in shown:
            console.print(Text(f"{name} refuses: {reason}", style=REFUSED))
    for name in cost.without_cost:
        if name in shown:
            console.print(Text(f"{name} has no cost: auto does not choose it", style=REFUSED))
    console.print()


def _fitting(
    console: Console, rows: Mapping[str, StrategyCost], winner: str | None
) -> Table | Group:
    """The rows as a table, a narrower table, or paragraphs: the first that fits."""
    unlimited = console.options.update(width=UNLIMITED)
    for padding in (1, 0):
        table = _table(rows, winner, padding)
        if Measurement.get(console, unlimited, table).maximum <= console.width:
            return table
    return Group(*_listed(rows, winner))


def _table(rows: Mapping[str, StrategyCost], winner: str | None, padding: int) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        collapse_padding=True,
        padding=(0, padding),
    )
    table.add_column("strategy", no_wrap=True)
    for words in COLUMNS:
        table.add_column(_stacked(words), justify="right", no_wrap=True)
    for name, cost in rows.items():
        cells = (cell(cost) for cell in COLUMNS.values())
        mark, style = ("* ", WINNER) if name == winner else ("  ", "")
        table.add_row(mark + name, *cells, style=style)
    return table


def _stacked(words: str) -> str:
    """A heading with its words below each other."""
    return words.replace(" ", "\n").replace("multiply-", "multiply-\n")


def _listed(rows: Mapping[str, StrategyCost], winner: str | None) -> Iterator[Text]:
    """A paragraph a strategy, for consoles that are too narrow for columns."""
    for name, cost in rows.items():
        figures = ", ".join(f"{what} {cell(cost)}" for what, cell in COLUMNS.items())
        mark, style = ("* ", WINNER) if name == winner else ("  ", "")
        yield Text(f"{mark}{name}: {figures}", style=style)
