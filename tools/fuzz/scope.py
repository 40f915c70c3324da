"""A function that is being drawn: its block, the values in it, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from random import Random

from xdsl.dialects import arith, func
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    Float64Type,
    TensorType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.rewriter import Rewriter

from ...dialect import ttnn
from ...dialect.shaped import ShapedOp
from ...dialect.tensor_types import element_type_of, shape_of
from ...dialect.ttcore.attributes import ArgumentTypeAttr
from ...dialect.ttnn.attributes import DeviceType
from .drawing import chance, encoding
from .facts import Fact, fits, has_no_sign, is_float, is_unsigned, widened
from .names import value_name


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor that ops drawn later may read."""

    ssa: SSAValue
    fact: Fact
    is_parameter: bool = False
    """Whether it is known before the function is called, as weights are."""

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.ssa)

    @property
    def element_type(self) -> Attribute:
        return element_type_of(self.ssa)

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def is_float(self) -> bool:
        return is_float(self.element_type)

    @property
    def is_computable(self) -> bool:
        """Whether arithmetic on it stays far from what its type cannot hold; integers wrap."""
        if not self.is_float:
            return True
        limit = 2.0 ** (widened(self.element_type) - 4)
        return self.fact.largest < limit and fits(self.fact, self.element_type)


@dataclass(frozen=True)
class Callee:
    """A function that may be called once more."""

    function: func.FuncOp
    facts: Sequence[Fact]
    """What its arguments were drawn for."""

    results: Sequence[Fact]


@dataclass
class Draft:
    """What the functions of one module share while they are drawn."""

    random: Random
    has_encodings: bool = False
    plain: frozenset[type[Operation]] | None = None
    """The ops that may be drawn where the module is to have a twin in another dialect; then there
    are raw weights only, and no configurations."""

    names: set[str] = field(default_factory=set[str])
    functions: list[func.FuncOp] = field(default_factory=list[func.FuncOp])
    """In the order of the module."""

    callees: list[Callee] = field(default_factory=list[Callee])
    reasons: set[str] = field(default_factory=set[str])
    """Names of the refusals that some op of the module is a reason for."""

    is_opaque: bool = False
    """Whether there are ops that nobody can run."""


@dataclass
class Scope:
    """One function body; `attributes` belong to its arguments."""

    draft: Draft
    block: Block = field(default_factory=Block)
    depth: int = 0
    """How many functions are being drawn around this one."""

    takes_arguments: bool = False
    """Whether new arguments may be added: only the entry's caller is free to pass anything."""

    values: list[Value] = field(default_factory=list[Value])
    attributes: list[DictionaryAttr] = field(default_factory=list[DictionaryAttr])
    facts: list[Fact | None] = field(default_factory=list[Fact | None])
    """Of the arguments; None for a device."""

    _device: SSAValue | None = None

    @property
    def random(self) -> Random:
        return self.draft.random

    # Building ------------------------------------------------------------------------------------

    def add(self, op: Operation) -> Operation:
        """Append an op, its results named as drawn."""
        for result in op.results:
            result.name_hint = value_name(self.random)
        self.block.add_op(op)
        return op

    def keep(self, ssa: SSAValue, fact: Fact, *, is_parameter: bool = False) -> Value:
        """Offer a value to the ops that follow."""
        value = Value(ssa, fact, is_parameter)
        self.values.append(value)
        return value

    def emit(
        self,
        kind: type[Operation],
        operands: Sequence[Value | SSAValue],
        properties: Mapping[str, Attribute],
        element_type: Attribute,
        fact: Fact,
        *,
        shape: Sequence[int] | None = None,
        is_parameter: bool = False,
    ) -> Value:
        """Append an op of one result; its shape is the one its formula gives, unless given."""
        ssa = [operand.ssa if isinstance(operand, Value) else operand for operand in operands]
        op = kind.create(
            operands=ssa,
            properties=dict(sorted(properties.items())),
            result_types=[TensorType(element_type, shape or ())],
        )
        if shape is None:
            assert isinstance(op, ShapedOp), op.name
            shape = op.result_shape()
        type_ = self.tensor_type(shape, element_type)
        Rewriter.replace_value_with_new_type(op.results[0], type_)
        self.add(op)
        return self.keep(op.results[0], fact, is_parameter=is_parameter)

    def tensor_type(self, shape: Sequence[int], element_type: Attribute) -> TensorType[Attribute]:
        """A type of the shape, in encoded modules mostly with an encoding."""
        if self.draft.has_encodings and chance(self.random, 70):
            return TensorType(element_type, shape, encoding(self.random, shape, element_type))
        return TensorType(element_type, shape)

    def device(self) -> SSAValue:
        """The handle that convolutions take: mostly one a function."""
        if self._device is None or chance(self.random, 10):
            self._device = self._new_device()
        return self._device

    def _new_device(self) -> SSAValue:
        """A handle that the caller passes, or one that is asked for."""
        is_passed = self.takes_arguments and self.draft.plain is None
        if is_passed and chance(self.random, 20):
            self.attributes.append(DictionaryAttr({}))
            self.facts.append(None)
            return self.block.insert_arg(DeviceType(), len(self.block.args))
        op = self.add(ttnn.GetDeviceOp.create(result_types=[DeviceType()]))
        return op.results[0]

    # Sources -------------------------------------------------------------------------------------

    def argument(
        self, shape: Sequence[int], element_type: Attribute, fact: Fact, kind: str | None
    ) -> Value:
        """One more argument of the entry; `kind` is its `ttcore.argument_type`."""
        ssa = self.block.insert_arg(self.tensor_type(shape, element_type), len(self.block.args))
        ssa.name_hint = value_name(self.random)
        listed = {} if kind is None else {"ttcore.argument_type": ArgumentTypeAttr(kind)}
        self.attributes.append(DictionaryAttr(listed))
        self.facts.append(fact)
        return self.keep(ssa, fact, is_parameter=kind in ("parameter", "constant"))

    def constant(
        self,
        shape: Sequence[int],
        element_type: Attribute,
        fact: Fact,
        always: float | None = None,
    ) -> Value:
        """A literal: numbers, or one number everywhere; `always` is that number."""
        type_ = self.tensor_type(shape, element_type)
        is_splat = prod(shape) > 0 and (always is not None or chance(self.random, 20))
        count = 1 if is_splat else prod(shape)
        numbers = [number(self.random, element_type, fact) for _ in range(count)]
        if always is not None:
            numbers = [always if is_float(element_type) else int(always)] * count
        kind: type[Operation] = ttnn.ConstantOp
        literal_type = TensorType(element_type, shape)
        if chance(self.random, 40) and has_no_sign(element_type):
            kind, literal_type = arith.ConstantOp, type_
        literal: Attribute = DenseIntOrFPElementsAttr.from_list(literal_type, numbers)  # pyright: ignore
        properties: dict[str, Attribute] = {"value": literal}
        op = self.add(kind.create(properties=properties, result_types=[type_]))
        return self.keep(op.results[0], fact, is_parameter=True)

    def source(
        self, shape: Sequence[int], element_type: Attribute, fact: Fact, *, weight: bool = False
    ) -> Value:
        """A new tensor: an argument where the function may take one, else a constant."""
        if isinstance(element_type, Float64Type) and chance(self.random, 20):
            # What f32 does not hold: sums must be kept in f64.
            fact = replace(fact, largest=2.0**27)
        if self.takes_arguments and chance(self.random, 70):
            kinds = ("parameter", "constant", None) if weight else (None, "input", "default")
            return self.argument(shape, element_type, fact, self.random.choice(kinds))
        return self.constant(shape, element_type, fact)

    # Choosing ------------------------------------------------------------------------------------

    def pick(self, serves: Callable[[Value], bool]) -> Value | None:
        """One of the values that serve, rather a late one than an early one; None without any."""
        found = [value for value in self.values if serves(value)]
        if not found:
            return None
        return found[max(self.random.randrange(len(found)) for _ in range(2))]

    def finish(self, name: str, results: Sequence[SSAValue], *, public: bool) -> func.FuncOp:
        """The function of what was drawn; it is added to the draft."""
        self.block.add_op(func.ReturnOp(*results))
        types = ([a.type for a in self.block.args], [value.type for value in results])
        visibility = None if public else "private"
        listed = ArrayAttr(self.attributes) if any(a.data for a in self.attributes) else None
        function = func.FuncOp(name, types, Region(self.block), visibility, arg_attrs=listed)
        self.draft.functions.append(function)
        return function


def number(random: Random, element_type: Attribute, fact: Fact) -> float | int:
    """One element that a fact allows, a whole number of steps."""
    steps = int(fact.largest / fact.step)
    lowest = 0 if is_unsigned(element_type) else -steps
    value = random.randrange(lowest, steps + 1) * fact.step
    return float(value) if is_float(element_type) else int(value)


def small(random: Random) -> Fact:
    """What fresh data holds."""
    return Fact(float(random.choice((2, 1, 3, 4))))
