"""Whether results are those of the untouched module, as far as facts bind them."""

from __future__ import annotations

import numpy as np

from ...dialect.numpy_types import Array, is_float
from .facts import Fact


def difference(got: Array, want: Array, fact: Fact) -> str | None:
    """Why a result is not the expected one; None where it is, as far as facts bind it."""
    if got.dtype != want.dtype or got.shape != want.shape:
        return f"expected {want.dtype}{want.shape}, got {got.dtype}{got.shape}"
    if not is_float(got.dtype) or fact.is_exact:
        right = (got == want) | ((got != got) & (want != want))
    else:
        a, b = got.astype(np.float64), want.astype(np.float64)
        with np.errstate(all="ignore"):
            right = (np.abs(a - b) <= fact.error) | (a == b) | (np.isnan(a) & np.isnan(b))
    if right.all():
        return None
    place = tuple(int(i) for i in np.argwhere(~right)[0])
    bound = "" if fact.is_exact else f" within {fact.error:.3g}"
    wrong = int((~right).sum())
    return (
        f"{wrong} of {got.size} elements: "
        f"expected {want[place]}{bound} at {place}, got {got[place]}"
    )
