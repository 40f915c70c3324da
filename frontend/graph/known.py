"""How much may be worked out while a model is imported."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_KNOWN = 2**28
"""Elements that may be worked out: 1 GiB of f32."""

TIMES_OF_THE_MODEL = 8
"""How often the elements of a larger model may come in other forms: permuted, scaled, cast."""


@dataclass
class KnownElements:
    """Counts the elements of what follows from the weights alone, before it is worked out."""

    stored: int
    """Elements of the weights that the model brings."""

    spent: int = 0

    @property
    def allowed(self) -> int:
        return max(LARGEST_KNOWN, TIMES_OF_THE_MODEL * self.stored)

    def take(self, elements: int) -> None:
        """Count a result. Raises: ValueError where that is more than may be worked out."""
        if self.spent + elements > self.allowed:
            before = f" beside {self.spent} before" if self.spent else ""
            raise ValueError(
                f"expected at most {self.allowed} elements to work out before the graph runs, "
                f"got {elements}{before}"
            )
        self.spent += elements
