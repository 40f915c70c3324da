"""Drawing matrix products."""

from __future__ import annotations

from xdsl.dialects.builtin import BoolAttr, StringAttr
from xdsl.ir import Attribute

from ...dialect import ttnn
from .drawing import LARGEST_SIZE, another_of_its_kind, chance
from .elementwise import activated, any_value
from .facts import Fact, computed, stored, widened
from .registry import draws
from .scope import Scope, Value


def products(a: Fact, b: Fact, terms: int, bits: int) -> Fact:
    """What is known of sums of so many products, before they are stored."""
    largest = terms * a.largest * b.largest
    error = terms * (a.error * b.largest + b.error * a.largest + a.error * b.error)
    return computed(largest, a.step * b.step, error, bits, max(terms, 1))


def _other_side(scope: Scope, a: Value, depth: int, transposed: bool) -> Value:
    """What `a` may be multiplied with: a matrix, a vector, or a batch of matrices."""
    columns = scope.random.randrange(1, 6)
    sizes = [columns, depth] if transposed else [depth, columns]
    if chance(scope.random, 10):
        sizes = [depth]
    elif len(a.shape) > 2 and chance(scope.random, 40):
        batch = [1 if chance(scope.random, 30) else size for size in a.shape[:-2]]
        sizes = [*batch[scope.random.randrange(len(batch)) :], *sizes]
    found = scope.pick(
        lambda value: (
            value.is_computable
            and list(value.shape) == sizes
            and value.element_type == a.element_type
        )
    )
    if found is not None and chance(scope.random, 50):
        return found
    kind = another_of_its_kind(scope.random, a.element_type, 8)
    return scope.source(sizes, kind, Fact(float(scope.random.choice((1, 2)))), weight=True)


@draws(ttnn.MatmulOp, weight=7)
def draw_matmul(scope: Scope) -> Value | None:
    a = any_value(scope)
    rank = len(a.shape)
    if rank == 0:
        return None
    transpose_a, transpose_b = chance(scope.random, 20), chance(scope.random, 20)
    depth = a.shape[rank - 2] if transpose_a and rank > 1 else a.shape[rank - 1]
    b = _other_side(scope, a, depth, transpose_b)
    if a.size * b.size > LARGEST_SIZE * max(depth, 1):
        return None
    properties: dict[str, Attribute] = {
        "transpose_a": BoolAttr.from_bool(transpose_a),
        "transpose_b": BoolAttr.from_bool(transpose_b),
    }
    target = another_of_its_kind(scope.random, a.element_type, 8)
    fact = products(a.fact, b.fact, depth, widened(a.element_type, b.element_type, target))
    if scope.draft.plain is None and chance(scope.random, 20):
        name = scope.random.choice(("relu", "relu6", "silu") if a.is_float else ("relu",))
        properties["activation"] = StringAttr(name)
        fact = activated(fact, name, 0.0, target)
    return scope.emit(ttnn.MatmulOp, [a, b], properties, target, stored(fact, target))
