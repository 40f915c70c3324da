"""The IR that a call stands for: one function around one op."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import NoReturn

from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    BFloat16Type,
    Float16Type,
    Float32Type,
    Float64Type,
    IntegerType,
    ModuleOp,
    Signedness,
    TensorType,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.utils.exceptions import VerifyException

from ...dialect import build, ttnn
from ...dialect.numpy_types import BFLOAT16, DType
from ...dialect.ttnn.attributes import DeviceType
from ..exclusive import exclusive
from .parameters import PARAMETER_NAMES, Parameters
from .preparation import Preparation

_FLOATS: dict[str, Attribute] = {
    "float16": Float16Type(),
    "float32": Float32Type(),
    "float64": Float64Type(),
}


@dataclass(frozen=True)
class ArrayKind:
    """Shape and element type of an array."""

    shape: tuple[int, ...]
    dtype: DType

    def tensor_type(self) -> TensorType[Attribute]:
        """Its type in IR."""
        return TensorType(ir_element_type(self.dtype), self.shape)


def ir_element_type(dtype: DType) -> Attribute:
    """The element type in IR: signed integers are signless there, as in upstream MLIR."""
    if dtype == BFLOAT16:
        return BFloat16Type()
    if dtype.kind == "f":
        return _FLOATS[dtype.name]
    signedness = Signedness.UNSIGNED if dtype.kind == "u" else Signedness.SIGNLESS
    return IntegerType(dtype.itemsize * 8, signedness)


def check(op: Operation) -> None:
    """Verify an op.

    Raises: ValueError, the verifier's message behind the name of the parameter it is about.
    """
    try:
        op.verify()
    except VerifyException as error:
        refuse(error)


def refuse(error: VerifyException) -> NoReturn:
    """Raise what the verifier said as an error of the Python call."""
    cause = error.__cause__ if isinstance(error.__cause__, VerifyException) else error
    about = getattr(cause, "about", None)
    name = f"{PARAMETER_NAMES.get(about, about)}: " if about else ""
    raise ValueError(f"{name}{cause}") from None


def function_block(
    arguments: Sequence[tuple[str, TensorType[Attribute]]],
) -> tuple[Block, list[SSAValue]]:
    block = Block(arg_types=[type_ for _, type_ in arguments])
    for argument, (name, _) in zip(block.args, arguments, strict=True):
        argument.name_hint = name
    return block, list(block.args)


def make_module(block: Block, result: SSAValue) -> ModuleOp:
    """`func @main` of a block's arguments that returns a value."""
    with ImplicitBuilder(block):
        ReturnOp(result)
    types = [argument.type for argument in block.args]
    return ModuleOp([FuncOp("main", (types, [result.type]), Region(block))])


def _device() -> SSAValue:
    op = ttnn.GetDeviceOp.create(result_types=[DeviceType()])
    op.device.name_hint = "device"
    return op.device


@dataclass(frozen=True)
class ConvolutionKind:
    """All that the IR of a call depends on; calls of one kind share one compiled function."""

    parameters: Parameters
    input: ArrayKind
    weight: ArrayKind
    bias: ArrayKind | None
    result_dtype: DType
    is_prepared: bool = False
    """Whether the weight is the prepared form, (1, 1, KH*KW*C/G, O)."""

    @exclusive
    def module(self) -> ModuleOp:
        """`func @main(input, weight[, bias])` around one `ttnn.conv_transpose2d`.

        The result is (N, H_out, W_out, O).
        Raises: ValueError naming the parameter, in the verifier's words.
        """
        arguments = [("input", self.input), ("weight", self.weight)]
        if self.bias is not None:
            arguments.append(("bias", self.bias))
        block, values = function_block([(name, kind.tensor_type()) for name, kind in arguments])
        with ImplicitBuilder(block):
            device = _device()
            if self.is_prepared:
                values[1] = unprepared(values[1], self.parameters)
            result = self._checked_convolution(values, device)
        return make_module(block, result)

    def _checked_convolution(self, values: Sequence[SSAValue], device: SSAValue) -> SSAValue:
        """Build the op, whose result shape is known once everything else is verified."""
        unsized = self._convolution(values, device, [DYNAMIC_INDEX] * 3)
        check(unsized)
        sizes = unsized.geometry().output_shape[:3]
        unsized.detach()
        unsized.erase()
        op = self._convolution(values, device, sizes)
        check(op)
        return op.result

    def _convolution(
        self, values: Sequence[SSAValue], device: SSAValue, sizes: Sequence[int]
    ) -> ttnn.ConvTranspose2dOp:
        element_type = ir_element_type(self.result_dtype)
        op = ttnn.ConvTranspose2dOp.create(
            operands=[*values, device],
            properties=dict(sorted(self.parameters.properties().items())),
            result_types=[TensorType(element_type, [*sizes, self.parameters.out_channels])],
        )
        op.result.name_hint = "output"
        return op

    @exclusive
    def check_prepared(self, preparation: Preparation) -> None:
        """Refuse a weight that was prepared for other parameters.

        Raises: ValueError naming the first that differs, in the verifier's words.
        """
        raw = ArrayKind(_raw_shape(preparation.parameters), self.weight.dtype)
        kinds = [self.input, raw] + ([self.bias] if self.bias is not None else [])
        block, values = function_block([("argument", kind.tensor_type()) for kind in kinds])
        with ImplicitBuilder(block):
            device = _device()
            values[1] = _prepared_weight(values[1], device, preparation, self.weight.dtype)
            check(self._convolution(values, device, [DYNAMIC_INDEX] * 3))


def _raw_shape(parameters: Parameters) -> tuple[int, ...]:
    per_group = parameters.out_channels // parameters.groups
    return (parameters.in_channels, per_group, *parameters.kernel_size)


def unprepared(prepared: SSAValue, parameters: Parameters) -> SSAValue:
    """Build the raw weight (C, O/G, KH, KW) back from the prepared one."""
    # 1,1,KH*KW*C/G,O -> KH,KW,C/G,G,O/G -> G,C/G,O/G,KH,KW -> C,O/G,KH,KW
    groups = parameters.groups
    inner, outer = parameters.in_channels // groups, parameters.out_channels // groups
    kernel = parameters.kernel_size
    taps = build.reshape(prepared, (*kernel, inner, groups, outer), "taps")
    grouped = build.permute(taps, (3, 2, 4, 0, 1), "grouped")
    weight = build.reshape(grouped, (parameters.in_channels, outer, *kernel), "kernel")
    return build.flip(weight, (2, 3), "weight") if parameters.mirror_kernel else weight


def _prepared_weight(
    weight: SSAValue, device: SSAValue, preparation: Preparation, dtype: DType
) -> SSAValue:
    parameters = preparation.parameters
    rows = prod(parameters.kernel_size) * (parameters.in_channels // max(parameters.groups, 1))
    result_type = TensorType(ir_element_type(dtype), (1, 1, rows, parameters.out_channels))
    return build.create(
        ttnn.PrepareConvTranspose2dWeightsOp,
        [weight, device],
        preparation.weight_properties(),
        result_type,
        "prepared",
    )


def weight_preparation_module(
    preparation: Preparation, weight: ArrayKind, dtype: DType
) -> ModuleOp:
    """`func @main(weight)` around one `ttnn.prepare_conv_transpose2d_weights`.

    `dtype` is the element type of the prepared weight. Raises: ValueError naming the parameter.
    """
    block, (value,) = function_block([("weight", weight.tensor_type())])
    with ImplicitBuilder(block):
        prepared = _prepared_weight(value, _device(), preparation, dtype)
    check(_owner(prepared))
    return make_module(block, prepared)


def bias_preparation_module(preparation: Preparation, bias: ArrayKind, dtype: DType) -> ModuleOp:
    """`func @main(bias)` around one `ttnn.prepare_conv_transpose2d_bias`.

    `dtype` is the element type of the prepared bias. Raises: ValueError naming the parameter.
    """
    block, (value,) = function_block([("bias", bias.tensor_type())])
    with ImplicitBuilder(block):
        prepared = build.create(
            ttnn.PrepareConvTranspose2dBiasOp,
            [value, _device()],
            preparation.bias_properties(),
            TensorType(ir_element_type(dtype), bias.shape),
            "prepared",
        )
    check(_owner(prepared))
    return make_module(block, prepared)


def _owner(value: SSAValue) -> Operation:
    assert isinstance(value.owner, Operation)
    return value.owner
