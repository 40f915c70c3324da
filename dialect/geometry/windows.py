"""Windows cut out of an axis: what is cropped and what is padded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """How to cut the half-open window [-low, size + high) out of an axis: crop first, then pad.

    `start` and `stop` bound the elements that are kept, `pad_low` and `pad_high` count the zeros
    put around them. All four are non-negative.
    """

    start: int
    stop: int
    pad_low: int
    pad_high: int

    @property
    def size(self) -> int:
        return self.pad_low + (self.stop - self.start) + self.pad_high

    def crops(self, size: int) -> bool:
        """Whether any of the `size` elements is dropped."""
        return (self.start, self.stop) != (0, size)

    @property
    def pads(self) -> bool:
        return (self.pad_low, self.pad_high) != (0, 0)


def crop_and_pad(size: int, low: int, high: int) -> Window:
    """Split signed padding amounts into a crop and non-negative pads.

    A negative amount removes elements, even more than the axis holds: what is missing then is
    made up by padding the other side. The size of the result is `size + low + high`.

    Raises: ValueError when that sum is negative.
    Example: crop_and_pad(5, -2, 3) keeps [2, 5) and pads 3 behind it; crop_and_pad(3, -4, 6) keeps
    nothing and pads 5.
    """
    total = size + low + high
    if total < 0:
        raise ValueError(f"window: expected a size of at least 0, got {total}")
    start = min(max(-low, 0), size)
    stop = max(start, min(size + high, size))
    pad_low = min(max(low, 0), total)
    return Window(start, stop, pad_low, total - pad_low - (stop - start))


def dilated_extent(kernel: int, dilation: int) -> int:
    """Elements that a dilated kernel spans. Example: kernel 3 and dilation 2 span 5."""
    return dilation * (kernel - 1) + 1
