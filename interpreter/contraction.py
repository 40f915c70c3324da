"""Sums of products over arrays whose dimensions have numbers: one batched matmul."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ..dialect.numpy_types import FLOAT64, Array


def integer_matmul(x: Array, y: Array) -> Array:
    """Matrix product of integers, wrapping; through f64 where no sum can leave 2^53."""
    if x.size == 0 or y.size == 0:
        return x @ y
    terms = x.shape[-1]
    reach = max(abs(int(x.min())), abs(int(x.max()))) * max(abs(int(y.min())), abs(int(y.max())))
    if reach * terms >= 2**53:
        return x @ y
    exact = x.astype(FLOAT64) @ y.astype(FLOAT64)
    return exact.astype(np.int64).astype(x.dtype)


def matmul(x: Array, y: Array) -> Array:
    """x @ y with the element type of the operands, which is f32, f64 or an integer."""
    return integer_matmul(x, y) if x.dtype.kind in "iu" else x @ y


@dataclass(frozen=True)
class Contraction:
    """out[o...] = sum over what is not in `out` of x[x...] * y[y...], dimensions by number.

    Example: Contraction((0, 2), (2, 1), (0, 1)) is a matrix product.
    """

    x: tuple[int, ...]
    y: tuple[int, ...]
    out: tuple[int, ...]

    @property
    def is_matmul(self) -> bool:
        """Whether this is `x @ y` as it stands."""
        return (
            len(self.x) == len(self.y) == len(self.out) == 2
            and self.x[1] == self.y[0]
            and self.out == (self.x[0], self.y[1])
            and len({*self.x, *self.y}) == 3
        )

    def __call__(self, x: Array, y: Array) -> Array:
        x, x_dims = _sum_private(x, self.x, (*self.y, *self.out))
        y, y_dims = _sum_private(y, self.y, (*self.x, *self.out))
        batch = [d for d in x_dims if d in y_dims and d in self.out]
        summed = [d for d in x_dims if d in y_dims and d not in self.out]
        rows = [d for d in x_dims if d not in y_dims]
        columns = [d for d in y_dims if d not in x_dims]
        sizes = dict(zip((*x_dims, *y_dims), (*x.shape, *y.shape), strict=True))

        def count(dims: Sequence[int]) -> int:
            return prod(sizes[d] for d in dims)

        left = x.transpose([x_dims.index(d) for d in (*batch, *rows, *summed)])
        right = y.transpose([y_dims.index(d) for d in (*batch, *summed, *columns)])
        product = matmul(
            left.reshape(count(batch), count(rows), count(summed)),
            right.reshape(count(batch), count(summed), count(columns)),
        )
        made = [*batch, *rows, *columns]
        whole = product.reshape([sizes[d] for d in made])
        present = [d for d in self.out if d in made]
        ordered = whole.transpose([made.index(d) for d in present])
        return ordered.reshape([sizes.get(d, 1) for d in self.out])


def _sum_private(
    values: Array, dims: tuple[int, ...], others: tuple[int, ...]
) -> tuple[Array, tuple[int, ...]]:
    """Sum over the dimensions that nothing else has."""
    private = tuple(i for i, d in enumerate(dims) if d not in others)
    if private:
        values = np.add.reduce(values, axis=private, dtype=values.dtype)
    return values, tuple(d for d in dims if d in others)
