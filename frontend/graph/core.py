"""The function under construction: its arguments, its constants and places."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from xdsl.builder import Builder, ImplicitBuilder
from xdsl.dialects.builtin import (
    IntAttr,
    NameLoc,
    NoneAttr,
    StringAttr,
    TensorType,
    UnknownLoc,
)
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import InsertPoint
from xdsl.utils.exceptions import VerifyException

from ...dialect import build, ttnn
from ...dialect.numpy_types import Array
from ...dialect.ttnn.attributes import DeviceType, MeshShapeAttr
from .names import value_name
from .values import Constant, Tensor, dense_literal, element_type_for

WeightForm: TypeAlias = Literal["constants", "arguments"]
"""How weights come into the function: as `ttnn.constant`, or as arguments that are parameters."""


@dataclass(eq=False)
class Core:
    """A function that grows op by op, and the module around it.

    `weights` says how constant arrays come in. Everything built inside `with builder.at(place)` is
    located there.
    """

    name: str = "main"
    weights: WeightForm = "constants"
    module_name: str = ""

    block: Block = field(default_factory=Block, init=False)
    inputs: list[str] = field(default_factory=list[str], init=False)
    outputs: list[tuple[str, SSAValue]] = field(
        default_factory=list[tuple[str, SSAValue]], init=False
    )
    _place: str | None = field(default=None, init=False)
    _device: SSAValue | None = field(default=None, init=False)
    _stored: dict[tuple[Constant, tuple[int, ...], tuple[int, ...]], SSAValue] = field(
        default_factory=dict[tuple[Constant, tuple[int, ...], tuple[int, ...]], SSAValue],
        init=False,
    )
    _arrays: dict[SSAValue, tuple[Array, str]] = field(
        default_factory=dict[SSAValue, tuple[Array, str]], init=False
    )

    # Arguments, results, places --------------------------------------------------------------

    def input(self, name: str, shape: Sequence[int], element_type: Attribute) -> Tensor:
        """The next argument of the function, in the order of the source."""
        argument = self.block.insert_arg(TensorType(element_type, shape), len(self.inputs))
        argument.name_hint = value_name(name)
        self.inputs.append(name)
        return Tensor(argument, tuple(shape))

    def constant(self, array: Array, name: str = "constant") -> Constant:
        """A known array; it comes into the IR when an op reads it.

        Raises: ValueError for elements that no tensor holds.
        """
        element_type_for(array.dtype)
        return Constant(array, name)

    @contextmanager
    def at(self, place: str) -> Generator[None]:
        """Locate what is built in the block: `loc("place")`."""
        before, self._place = self._place, place
        try:
            yield
        finally:
            self._place = before

    @property
    def device(self) -> SSAValue:
        """The one device of the function."""
        if self._device is None:
            mesh = MeshShapeAttr.new([IntAttr(1), IntAttr(1)])
            op = ttnn.GetDeviceOp.create(
                properties={"mesh_shape": mesh}, result_types=[DeviceType()]
            )
            first = self.block.first_op
            if first is None:
                self.block.add_op(op)
            else:
                self.block.insert_op_before(op, first)
            self._device = build.named(op, "device")
        return self._device

    # Ops -------------------------------------------------------------------------------------

    @contextmanager
    def building(self, before: Operation | None = None) -> Generator[None]:
        """Append what is built in the block, with the place of `at`, or insert it before an op.

        Raises: ValueError with what the verifier of an op says.
        """
        place = None if self._place is None else NameLoc(StringAttr(self._place), NoneAttr())
        if before is not None:
            place = before.location

        built: list[Operation] = []
        point = InsertPoint.at_end(self.block) if before is None else InsertPoint.before(before)
        with ImplicitBuilder(Builder(point, operation_insertion_handler=[built.append])):
            yield
        for op in built:
            if place is not None and isinstance(op.location, UnknownLoc):
                op.location = place
            try:
                op.verify()
            except VerifyException as error:
                raise ValueError(str(error.__cause__ or error)) from None

    def create(
        self,
        kind: type[Operation],
        operands: Sequence[SSAValue],
        properties: Mapping[str, Attribute],
        result_type: Attribute,
        name: str,
    ) -> SSAValue:
        """Append an op of one result. Raises: ValueError with what its verifier says."""
        with self.building():
            return build.create(kind, operands, properties, result_type, value_name(name))

    def stored(
        self,
        constant: Constant,
        shape: Sequence[int] | None = None,
        order: Sequence[int] = (),
        before: Operation | None = None,
    ) -> SSAValue:
        """A constant in the IR, its dimensions put in `order`, then under another shape.

        The same constant in the same form is stored once.
        """
        array = constant.array.transpose(order) if order else constant.array
        array = array.reshape(constant.shape if shape is None else tuple(shape))
        key = (constant, array.shape, tuple(order))
        if key not in self._stored:
            self._stored[key] = self._store(array, constant.name, before)
        return self._stored[key]

    def _store(self, array: Array, name: str, before: Operation | None) -> SSAValue:
        type_ = TensorType(element_type_for(array.dtype), array.shape)
        properties = {"value": dense_literal(array)}
        with self.building(before):
            value = build.create(ttnn.ConstantOp, [], properties, type_, value_name(name))
        self._arrays[value] = (array, name)
        return value
