"""`stablehlo.convolution`, in both forms it is printed in.

Source: openxla/stablehlo, StablehloOps.td and docs/spec.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    ArrayAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    IntegerAttr,
    i1,
    i64,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from ..geometry.shapes import Shape
from ..geometry.windows import dilated_extent
from ..shaped import ShapedOp, verify_result_shape
from ..tensor_types import AnyTensor, agrees, fail, shape_of, shape_text, verify_at_least
from .attributes import ConvDimensions, ConvDimensionsAttr, parse_dimensions
from .window_syntax import WINDOW, parse_window

I64Array = DenseArrayBase.constr(i64)


@irdl_op_definition
class ConvolutionOp(ShapedOp):
    """A convolution of a padded, perhaps dilated, input with a perhaps dilated kernel.

    For one spatial dimension: result[y] = sum over taps k of
    padded[y * window_strides + rhs_dilation * k] * rhs[k], where `padded` is the input with
    lhs_dilation - 1 zeros between neighbours and `padding` zeros (if negative, fewer elements)
    around; `window_reversal` reads the taps in reverse.
    """

    name = "stablehlo.convolution"

    lhs = operand_def(AnyTensor)
    """The input, its dimensions as `dimension_numbers` say."""
    rhs = operand_def(AnyTensor)
    """The kernel: input features of one group, all output features, spatial dimensions."""
    window_strides = opt_prop_def(I64Array)
    padding = opt_prop_def(base(DenseIntOrFPElementsAttr))
    """(low, high) of each spatial dimension."""
    lhs_dilation = opt_prop_def(I64Array)
    rhs_dilation = opt_prop_def(I64Array)
    window_reversal = opt_prop_def(DenseArrayBase.constr(i1))
    dimension_numbers = prop_def(base(ConvDimensionsAttr))
    feature_group_count = prop_def(IntegerAttr[I64])
    batch_group_count = prop_def(IntegerAttr[I64])
    precision_config = opt_prop_def(base(ArrayAttr[Attribute]))
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    @property
    def dimensions(self) -> ConvDimensions:
        return self.dimension_numbers.data

    @property
    def strides(self) -> tuple[int, ...]:
        return self._numbers(self.window_strides)

    @property
    def lhs_dilations(self) -> tuple[int, ...]:
        return self._numbers(self.lhs_dilation)

    @property
    def rhs_dilations(self) -> tuple[int, ...]:
        return self._numbers(self.rhs_dilation)

    @property
    def pads(self) -> tuple[tuple[int, int], ...]:
        """(low, high) of each spatial dimension; negative amounts crop."""
        if self.padding is None:
            return ((0, 0),) * self.dimensions.spatial_rank
        values = cast(tuple[int, ...], self.padding.get_values())
        return tuple(zip(values[::2], values[1::2], strict=True))

    @property
    def reversals(self) -> tuple[bool, ...]:
        """Along which spatial dimensions the taps are read in reverse."""
        if self.window_reversal is None:
            return (False,) * self.dimensions.spatial_rank
        return tuple(bool(value) for value in self.window_reversal.get_values())

    @property
    def group_counts(self) -> tuple[int, int]:
        """(feature groups, batch groups)."""
        return self.feature_group_count.value.data, self.batch_group_count.value.data

    def _numbers(self, given: DenseArrayBase[I64] | None) -> tuple[int, ...]:
        return (1,) * self.dimensions.spatial_rank if given is None else given.get_values()

    def result_shape(self) -> Shape:
        """The shape that the operands and the window give."""
        dimensions = self.dimensions
        batch, *sizes, _ = (shape_of(self.lhs)[index] for index in dimensions.input_order)
        _, outputs, *taps = (shape_of(self.rhs)[index] for index in dimensions.kernel_order)
        batches = batch if batch == DYNAMIC_INDEX else batch // self.group_counts[1]
        spatial = (
            _output_size(self, axis, size, count)
            for axis, (size, count) in enumerate(zip(sizes, taps, strict=True))
        )
        shape = [0] * len(dimensions.output)
        for place, size in zip(dimensions.output_order, (batches, *spatial, outputs), strict=True):
            shape[place] = size
        return tuple(shape)

    def verify_(self) -> None:
        verify_convolution(self)

    @classmethod
    def parse(cls, parser: Parser) -> ConvolutionOp:
        with parser.in_parens():
            lhs = parser.parse_unresolved_operand()
            parser.parse_punctuation(",")
            rhs = parser.parse_unresolved_operand()
        parser.parse_keyword("dim_numbers")
        parser.parse_punctuation("=")
        properties: dict[str, Attribute] = {
            "dimension_numbers": ConvDimensionsAttr(parse_dimensions(parser))
        }
        parser.parse_punctuation(",")
        parser.parse_keyword("window")
        parser.parse_punctuation("=")
        properties |= parse_window(parser)
        properties, attributes = _split(properties | parser.parse_optional_attr_dict())
        start = parser.pos
        parser.parse_punctuation(":")
        type_ = parser.parse_function_type()
        operands = parser.resolve_operands([lhs, rhs], type_.inputs.data, start)
        return cls.create(
            operands=operands,
            properties=properties,
            attributes=attributes,
            result_types=type_.outputs.data,
        )

    def print(self, printer: Printer) -> None:
        with printer.in_parens():
            printer.print_list(self.operands, printer.print_ssa_value)
        printer.print_string(f" dim_numbers = {self.dimensions}, window = ")
        with printer.in_braces():
            printer.print_string(", ".join(self._window_texts()))
        shown = ("dimension_numbers", *WINDOW.values())
        rest = {name: value for name, value in self.properties.items() if name not in shown}
        printer.print_op_attributes(dict(sorted((rest | self.attributes).items())))
        printer.print_string(" : ")
        printer.print_operation_type(self)

    def _window_texts(self) -> list[str]:
        values: Mapping[str, Sequence[object]] = {
            "stride": self.strides,
            "pad": [list(pair) for pair in self.pads],
            "lhs_dilate": self.lhs_dilations,
            "rhs_dilate": self.rhs_dilations,
            "reverse": [str(flag).lower() for flag in self.reversals],
        }
        return [
            f"{name} = [{', '.join(map(str, values[name]))}]"
            for name, property_name in WINDOW.items()
            if property_name in self.properties
        ]


def _split(
    given: Mapping[str, Attribute],
) -> tuple[dict[str, Attribute], dict[str, Attribute]]:
    """What is a property of the op, and what is not."""
    names = ConvolutionOp.get_irdl_definition().properties
    properties = {name: value for name, value in given.items() if name in names}
    return properties, {name: value for name, value in given.items() if name not in names}


def verify_convolution(op: ConvolutionOp) -> None:
    """Ranks, window, groups, channels, and the result's shape."""
    dimensions = op.dimensions
    rank = dimensions.spatial_rank + 2
    for name, value in (("lhs", op.lhs), ("rhs", op.rhs), ("result", op.result)):
        if (got := len(shape_of(value))) != rank:
            fail(op, f"expected {name} of rank {rank}, as dim_numbers say, got rank {got}")
    _verify_window(op)
    _verify_groups(op)
    verify_result_shape(op)


def _verify_window(op: ConvolutionOp) -> None:
    rank = op.dimensions.spatial_rank
    if op.padding is not None and op.padding.get_shape() != (rank, 2):
        got = shape_text(op.padding.get_shape())
        fail(op, f"expected padding of shape ({rank}, 2), got {got}")
    for name, values, least in (
        ("window_strides", op.strides, 1),
        ("lhs_dilation", op.lhs_dilations, 1),
        ("rhs_dilation", op.rhs_dilations, 1),
        ("window_reversal", op.reversals, 0),
    ):
        if len(values) != rank:
            fail(op, f"expected {rank} values in '{name}', got {len(values)}")
        verify_at_least(op, [(name, values, least)])


def _verify_groups(op: ConvolutionOp) -> None:
    groups, batch_groups = op.group_counts
    if groups < 1 or batch_groups < 1 or (groups > 1 and batch_groups > 1):
        fail(
            op,
            "expected feature_group_count and batch_group_count of at least 1, one of them 1, "
            f"got {groups} and {batch_groups}",
        )
    dimensions = op.dimensions
    batch, features = (shape_of(op.lhs)[dimensions.input_order[place]] for place in (0, -1))
    inputs, outputs = (shape_of(op.rhs)[index] for index in dimensions.kernel_order[:2])
    for what, size, divisor in (
        ("input features", features, groups),
        ("output features", outputs, groups),
        ("output features", outputs, batch_groups),
        ("a batch", batch, batch_groups),
    ):
        if size != DYNAMIC_INDEX and size % divisor:
            fail(op, f"expected {what} divisible by {divisor} groups, got {size}")
    per_group = features if features == DYNAMIC_INDEX else features // groups
    if not agrees(inputs, per_group):
        fail(op, f"expected a kernel of {per_group} input features, got {inputs}")


def _output_size(op: ConvolutionOp, axis: int, size: int, taps: int) -> int:
    if DYNAMIC_INDEX in (size, taps):
        return DYNAMIC_INDEX
    dilated = (size - 1) * op.lhs_dilations[axis] + 1 if size else 0
    extent = dilated_extent(taps, op.rhs_dilations[axis]) if taps else 0
    padded = dilated + sum(op.pads[axis])
    return 0 if padded < extent else (padded - extent) // op.strides[axis] + 1
