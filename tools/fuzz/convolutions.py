"""Drawing convolutions: from the matrix of attributes in which other implementations broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, prod

from xdsl.dialects.builtin import BoolAttr, DenseArrayBase, i32
from xdsl.ir import Attribute

from ...dialect import ttnn
from ...dialect.geometry.plain import Conv2dGeometry, ConvAxis
from ...dialect.geometry.shapes import flattened
from ...dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from .configs import UNKNOWN, activation_field, compute_config, config_of, other_fields
from .drawing import BF16, LARGEST_SIZE, another_of_its_kind, chance
from .elementwise import activated
from .facts import Fact, computed, stored, widened
from .images import flattened_image, image, pixels_of
from .registry import draws
from .scope import Scope, Value, small
from .weights import WeightOf, drawn_weight, prepared_bias

KERNELS = (3, 2, 1, 4, 7)
STRIDES = (2, 1, 2, 1, 3, 5)
DILATIONS = (1, 1, 1, 2, 3)

LARGEST_PHASES = 6
"""Phases of a transposed convolution: more only makes the same code longer."""


def transposed_axis(scope: Scope, size: int, *, short: bool) -> TransposedAxis:
    """One axis; `short` asks for a kernel that the stride covers. It may have no output."""
    random = scope.random
    stride = random.choice(STRIDES)
    kernel = random.randrange(1, stride + 1) if short else random.choice(KERNELS)
    dilation = 1 if short else random.choice(DILATIONS)
    reach = dilation * (kernel - 1)
    low, high = (random.choice((0, 0, 1, reach, reach + 1)) for _ in range(2))
    low, high = (low, low) if chance(random, 40) else (low, high)
    extra = random.choice((0, 0, 1, stride - 1, stride + 1))
    return TransposedAxis(size, kernel, stride, low, high, dilation, extra)


def _taps_that_meet(axis: TransposedAxis) -> int:
    """How many taps reach one output at most."""
    return -(-axis.kernel * gcd(axis.stride, axis.dilation) // axis.stride)


def channels(scope: Scope, inputs: int) -> tuple[int, int]:
    """(output channels, groups) for so many input channels: dense, grouped, depthwise."""
    divisors = [groups for groups in range(1, inputs + 1) if inputs % groups == 0]
    groups = scope.random.choice((1, 1, *divisors))
    return groups * scope.random.choice((1, 2, 3)), groups


@dataclass(frozen=True)
class Fused:
    """What a convolution adds to its sums, and how its result is declared."""

    properties: dict[str, Attribute]
    bias: Value | None
    target: Attribute
    fact: Fact


def fused(scope: Scope, value: Value, weight: Value, terms: int, outputs: int) -> Fused:
    """Bias, configuration and element type of a convolution of so many terms a sum."""
    random = scope.random
    target = another_of_its_kind(random, value.element_type, 10)
    is_plain = scope.draft.plain is not None
    fields = {} if is_plain else other_fields(scope, weight.element_type)
    kinds = [value.element_type, weight.element_type, target]
    held = stored(weight.fact, BF16) if "weights_dtype" in fields else weight.fact
    bias = None
    if chance(random, 50):
        kind = another_of_its_kind(random, target, 10)
        bias = scope.source((1, 1, 1, outputs), kind, small(random), weight=True)
        kinds.append(kind)
    fact = _sums(value.fact, held, bias.fact if bias else Fact(), terms, widened(*kinds))
    if not is_plain and chance(random, 35):
        field, name, slope = activation_field(scope, target)
        fields |= field
        fact = fact if name == UNKNOWN else activated(fact, name, slope, target)
    properties: dict[str, Attribute] = {}
    if is_plain:
        return Fused({}, bias, target, stored(fact, target))
    if fields or chance(random, 10):
        properties["conv2d_config"] = config_of(fields)
    if chance(random, 15):
        properties["compute_config"] = compute_config(scope)
    return Fused(properties, bias, target, stored(fact, target))


def _sums(value: Fact, weight: Fact, bias: Fact, terms: int, bits: int) -> Fact:
    largest = terms * value.largest * weight.largest + bias.largest
    error = terms * (
        value.error * weight.largest + weight.error * value.largest + value.error * weight.error
    )
    step = min(value.step * weight.step, bias.step)
    return computed(largest, step, error + bias.error, bits, terms + 1)


def i32_array(values: Sequence[int]) -> Attribute:
    return DenseArrayBase.from_list(i32, values)


def _geometry_properties(
    geometry: ConvTranspose2dGeometry | Conv2dGeometry, padding: Sequence[int]
) -> dict[str, Attribute]:
    """The attributes that state a geometry, its padding in either form."""
    return {
        **ttnn.ConvolutionOp.geometry_properties(geometry),
        "padding": i32_array(padding),
    }


def _padding(
    scope: Scope, rows: TransposedAxis | ConvAxis, columns: TransposedAxis | ConvAxis
) -> tuple[int, ...]:
    """Four numbers, or two where they say the same."""
    four = (rows.pad_low, rows.pad_high, columns.pad_low, columns.pad_high)
    return four if chance(scope.random, 20) else ttnn.write_padding(*four)


def transposed_geometry(scope: Scope, value: Value) -> ConvTranspose2dGeometry | None:
    """A transposed convolution of an image; None where the draw is none, or a large one."""
    batch, height, width, inputs = value.shape
    if (batch, height) == (1, 1) and chance(scope.random, 60):
        batch, height, width = pixels_of(scope, value)
    if not height * width * inputs:
        return None
    short = chance(scope.random, 25)
    rows = transposed_axis(scope, height, short=short)
    columns = transposed_axis(scope, width, short=short)
    outputs, groups = channels(scope, inputs)
    geometry = ConvTranspose2dGeometry(batch, inputs, outputs, groups, rows, columns)
    sizes = (rows.output_size, columns.output_size)
    is_large = (
        max(prod(geometry.output_shape), prod(geometry.weight_shape)) > LARGEST_SIZE
        or rows.stride * columns.stride > LARGEST_PHASES
    )
    if min(sizes) < 1 or (is_large and not chance(scope.random, 3)):
        return None
    return geometry if prod(geometry.output_shape) <= 4 * LARGEST_SIZE else None


@draws(ttnn.ConvTranspose2dOp, weight=45)
def draw_conv_transpose2d(scope: Scope) -> Value | None:
    random = scope.random
    value = image(scope)
    geometry = transposed_geometry(scope, value)
    if geometry is None:
        return None
    rows, columns = geometry.height, geometry.width
    attributes = _geometry_properties(geometry, _padding(scope, rows, columns))
    is_plain = scope.draft.plain is not None
    mirror = None if is_plain else random.choice((None, True, False))
    if mirror is False:
        attributes["mirror_kernel"] = BoolAttr.from_bool(False)
    kind = another_of_its_kind(random, value.element_type, 10)
    use = WeightOf(geometry, attributes, kind)
    weight = drawn_weight(scope, use)
    terms = _taps_that_meet(rows) * _taps_that_meet(columns) * geometry.in_channels_per_group
    rest = fused(scope, value, weight, terms, geometry.out_channels)
    bias = rest.bias
    if bias is not None and not is_plain and chance(random, 25):
        bias = prepared_bias(scope, use, bias)
    shape = geometry.output_shape
    # TTIR's convolutions have one form for both.
    was_flattened = value.shape != geometry.input_shape
    if was_flattened if is_plain else chance(random, 50):
        shape = flattened(shape)
    operands = [v for v in (value, weight, bias) if v is not None]
    return scope.emit(
        ttnn.ConvTranspose2dOp,
        [*operands, scope.device()],
        attributes | rest.properties,
        rest.target,
        rest.fact,
        shape=shape,
    )


def _plain_axis(scope: Scope, size: int) -> ConvAxis:
    random = scope.random
    kernel, stride = random.choice((3, 1, 2)), random.choice((1, 1, 2))
    low, high = random.choice((0, 1, 1)), random.choice((0, 1, 2))
    return ConvAxis(size, kernel, stride, low, high, random.choice((1, 1, 2)))


@draws(ttnn.Conv2dOp, weight=12)
def draw_conv2d(scope: Scope) -> Value | None:
    value = flattened_image(scope)
    batch, height, width = pixels_of(scope, value)
    inputs = value.shape[3]
    if not height * width * inputs:
        return None
    rows, columns = _plain_axis(scope, height), _plain_axis(scope, width)
    outputs, groups = channels(scope, inputs)
    geometry = Conv2dGeometry(batch, inputs, outputs, groups, rows, columns)
    if min(rows.output_size, columns.output_size) < 1:
        return None
    if max(prod(geometry.output_shape), prod(geometry.weight_shape)) > LARGEST_SIZE:
        return None
    attributes = _geometry_properties(geometry, _padding(scope, rows, columns))
    kind = another_of_its_kind(scope.random, value.element_type, 10)
    fact = Fact(float(scope.random.choice((1, 2))))
    weight = scope.source(geometry.weight_shape, kind, fact, weight=True)
    terms = rows.kernel * columns.kernel * (inputs // groups)
    rest = fused(scope, value, weight, terms, outputs)
    operands = [v for v in (value, weight, rest.bias) if v is not None]
    return scope.emit(
        ttnn.Conv2dOp,
        [*operands, scope.device()],
        attributes | rest.properties,
        rest.target,
        rest.fact,
    )
