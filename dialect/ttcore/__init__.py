"""The operations of tt-mlir's `ttcore` dialect that wrap and connect tensor programs.

Source: tt-mlir, TTCoreOps.td.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    FlatSymbolRefAttr,
    ModuleOp,
    SymbolNameConstraint,
    SymbolRefAttr,
    TensorType,
)
from xdsl.ir import Attribute, Block, Dialect, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    lazy_traits_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import (
    IsolatedFromAbove,
    NoTerminator,
    Pure,
    SymbolOpInterface,
    SymbolTable,
)

from ..symbols import lookup_function
from ..tensor_types import fail
from ..text.attribute_syntax import parse_stripped
from .attributes import TTCORE_ATTRIBUTES, DeviceAttr


class ModuleWrapper(IRDLOperation):
    """A region that holds exactly one `builtin.module`."""

    body_region = region_def("single_block")

    traits = lazy_traits_def(lambda: (IsolatedFromAbove(), NoTerminator(), SymbolTable()))

    def __init__(self, module: ModuleOp):
        super().__init__(regions=[Region(Block([module]))])

    @property
    def module(self) -> ModuleOp:
        """The wrapped module."""
        (module,) = self.body_region.block.ops
        assert isinstance(module, ModuleOp)
        return module

    def verify_(self) -> None:
        ops = list(self.body_region.block.ops)
        if len(ops) != 1 or not isinstance(ops[0], ModuleOp):
            got = ", ".join(op.name for op in ops) or "nothing"
            fail(self, f"expected one builtin.module in its region, got {got}")

    @classmethod
    def parse(cls, parser: Parser) -> ModuleWrapper:
        attributes = parser.parse_optional_attr_dict_with_keyword()
        region = parser.parse_region()
        if not region.blocks:
            region.add_block(Block())
        return cls.create(regions=[region], attributes=attributes.data if attributes else {})

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" ")
        printer.print_region(self.body_region, print_block_terminators=False)


@irdl_op_definition
class DeviceModuleOp(ModuleWrapper):
    """Wraps the module that runs on a device."""

    name = "ttcore.device_module"


@irdl_op_definition
class CPUModuleOp(ModuleWrapper):
    """Wraps the module that runs on the host."""

    name = "ttcore.cpu_module"


@irdl_op_definition
class DeviceOp(IRDLOperation):
    """Names a device: `ttcore.device @default_device = <workerGrid = ...>`."""

    name = "ttcore.device"

    sym_name = prop_def(SymbolNameConstraint())
    device_attr = prop_def(base(DeviceAttr))

    traits = traits_def(SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> DeviceOp:
        name = parser.parse_symbol_name()
        parser.parse_punctuation("=")
        device = parse_stripped(parser, DeviceAttr)
        attributes = parser.parse_optional_attr_dict()
        return cls.create(
            properties={"sym_name": name, "device_attr": device}, attributes=attributes
        )

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string(" = ")
        self.device_attr.print_parameters(printer)
        printer.print_op_attributes(self.attributes)


@irdl_op_definition
class LoadCachedOp(IRDLOperation):
    """Calls a function whose results are computed once and kept.

    `%0 = ttcore.load_cached(@f, [%a, %b]) : (type(a), type(b)) -> type(results)`.
    """

    name = "ttcore.load_cached"

    callee = prop_def(FlatSymbolRefAttr)
    inputs = var_operand_def(base(TensorType[Attribute]))
    results_ = var_result_def(base(TensorType[Attribute]))

    traits = traits_def(Pure())

    assembly_format = (
        "`(` $callee `,` `[` $inputs `]` `)` attr-dict `:` functional-type($inputs, $results_)"
    )

    def __init__(
        self,
        callee: str | SymbolRefAttr,
        inputs: Sequence[SSAValue | Operation],
        result_types: Sequence[Attribute],
    ):
        symbol = SymbolRefAttr(callee) if isinstance(callee, str) else callee
        super().__init__(
            operands=[inputs], result_types=[result_types], properties={"callee": symbol}
        )

    def verify_(self) -> None:
        callee = lookup_function(self.callee, self)
        if callee is None:
            fail(self, f"expected the name of a function, got {self.callee}")
        operand_types = tuple(operand.type for operand in self.operands)
        result_types = tuple(result.type for result in self.results)
        expected = callee.function_type
        for what, mine, theirs in (
            ("operand", operand_types, expected.inputs.data),
            ("result", result_types, expected.outputs.data),
        ):
            if mine != tuple(theirs):
                got = ", ".join(map(str, mine))
                wanted = ", ".join(map(str, theirs))
                fail(self, f"expected {what} types ({wanted}) of {self.callee}, got ({got})")


TTCORE = Dialect(
    "ttcore", [DeviceModuleOp, CPUModuleOp, DeviceOp, LoadCachedOp], [*TTCORE_ATTRIBUTES]
)

__all__ = [
    "TTCORE",
    "CPUModuleOp",
    "DeviceModuleOp",
    "DeviceOp",
    "LoadCachedOp",
]
