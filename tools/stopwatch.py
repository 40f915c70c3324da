"""`ttnn-run --timing`: how long each stage of a run took."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Stopwatch:
    """How long each stage took."""

    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @contextmanager
    def stage(self, name: str) -> Generator[None]:
        """Count the time of the block to a stage."""
        start = perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start

    def table(self) -> str:
        """One line a stage, in milliseconds."""
        rows = (*self.seconds.items(), ("total", sum(self.seconds.values())))
        return "\n".join(f"{name:<8} {seconds * 1e3:>10.2f} ms" for name, seconds in rows)
