"""Images that convolutions and poolings read: (N, H, W, C), or flattened (1, 1, N*H*W, C)."""

from __future__ import annotations

from .drawing import chance, element_type, factors, shape
from .movement import reshaped
from .scope import Scope, Value, small


def image(scope: Scope, *, computable: bool = True) -> Value:
    """A value of rank 4, else another one reshaped, else a new one."""

    def serves(value: Value) -> bool:
        return value.is_computable or not computable

    found = scope.pick(lambda value: serves(value) and len(value.shape) == 4)
    if found is not None and chance(scope.random, 80):
        return found
    found = scope.pick(lambda value: serves(value) and value.size > 0)
    if found is not None and chance(scope.random, 40):
        return reshaped(scope, found, factors(scope.random, found.size, 4))
    return scope.source(shape(scope.random, 4), element_type(scope.random), small(scope.random))


def flattened_image(scope: Scope) -> Value:
    """A value of shape (1, 1, P, C)."""
    found = scope.pick(
        lambda value: value.is_computable and len(value.shape) == 4 and value.shape[:2] == (1, 1)
    )
    if found is not None and chance(scope.random, 60):
        return found
    value = image(scope)
    *pixels, channels = value.shape
    count = pixels[0] * pixels[1] * pixels[2]
    if channels == 0:
        channels, count = 1, 0
    return reshaped(scope, value, (1, 1, count, channels))


def pixels_of(scope: Scope, value: Value) -> tuple[int, int, int]:
    """(N, H, W) that a flattened value may stand for; height and width are at least 1."""
    batch, height, width = factors(scope.random, value.shape[2], 3)
    return batch, height, width
