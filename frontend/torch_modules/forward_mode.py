"""Forward-mode derivatives, which torch would drop in silence at an operator of another library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .library import torch

_forward_ad: Any = torch.autograd.forward_ad


def is_dual(tensor: Any) -> bool:
    """Whether a tensor, or None, carries a tangent."""
    if tensor is None or _forward_ad._current_level < 0:
        return False
    return _forward_ad.unpack_dual(tensor).tangent is not None


def with_tangent(
    convolve: Callable[[Any, Any, Any], Any], input: Any, weight: Any, bias: Any
) -> Any:
    """`convolve(input, weight, bias)`, with a tangent where an operand has one.

    It is linear in each operand: (x, w, b)' = x' (*) w + x (*) w' + b'.
    """
    if not any(map(is_dual, (input, weight, bias))):
        return convolve(input, weight, bias)
    (x, dx), (w, dw), (b, db) = map(_parts, (input, weight, bias))
    result = convolve(x, w, b)
    tangent = torch.zeros_like(result)
    if dx is not None:
        tangent = tangent + convolve(dx, w, None)
    if dw is not None:
        tangent = tangent + convolve(x, dw, None)
    if db is not None:
        tangent = tangent + db.reshape(-1, 1, 1)
    return _forward_ad.make_dual(result, tangent)


def _parts(tensor: Any) -> tuple[Any, Any]:
    return (None, None) if tensor is None else tuple(_forward_ad.unpack_dual(tensor))
