"""Every op of `ttnn` and `deconv` gives the sizes that its result leaves open."""

from __future__ import annotations

from functools import cache
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import func
from xdsl.dialects.builtin import DYNAMIC_INDEX, FunctionType, ModuleOp, TensorType
from xdsl.ir import Operation
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from support import Case, case_id, conv_transpose2d_ir, load_cases
from support.every_op import NAMES, WITHOUT_SIZES, alone, modules
from support.floors import lowered, parsed
from xdsl_ttnn.dialect.deconv.shapes import interleave_block_shape, interleaved_shape
from xdsl_ttnn.dialect.geometry.shapes import UNKNOWN
from xdsl_ttnn.dialect.ttnn import TTNN

COVER = load_cases("cover")
STRATEGIES = ("zero-insert", "sub-pixel", "gemm-col2im")


def opened(type_: TensorType) -> TensorType:
    unknown = [DYNAMIC_INDEX] * len(type_.get_shape())
    return TensorType(type_.element_type, unknown, type_.encoding)


@cache
def instances() -> dict[str, list[tuple[ModuleOp, Operation]]]:
    """Ops of each name, each alone in a module of its own, beside the op as it was."""
    found: dict[str, list[tuple[ModuleOp, Operation]]] = {name: [] for name in NAMES}
    for module in modules():
        for op in module.walk():
            if op.name not in found or len(found[op.name]) > 40:
                continue
            made = alone(op, opened(op.results[0].type))
            try:
                if made is not None:
                    made.verify()
                    found[op.name].append((made, op))
            except VerifyException:
                continue  # a prepared weight that comes from nowhere
    return found


def op_named(module: ModuleOp, name: str) -> Operation:
    (op,) = (op for op in module.walk() if op.name == name)
    return op


@pytest.mark.parametrize("name", NAMES)
def test_an_op_gives_the_sizes_that_its_result_leaves_open(name: str) -> None:
    cases = instances()[name]
    assert cases, "no module here holds the op"

    complete = 0
    for module, original in cases:
        inferred = op_named(lowered(module, "ttnn-infer-shapes"), name).results[0].type

        assert isinstance(inferred, TensorType)
        wanted = original.results[0].type.get_shape()
        if "prepare" in name and prod(wanted) != prod(original.operands[0].type.get_shape()):
            continue  # a form that is a device's own, and no formula's
        if name == "ttnn.conv_transpose2d":
            # Which of its two forms a result has that leaves all sizes open, the input decides.
            assert (prod(inferred.get_shape()), inferred.get_shape()[3]) == (
                prod(wanted),
                wanted[3],
            )
            wanted = inferred.get_shape()
        pairs = zip(inferred.get_shape(), wanted, strict=True)
        assert all(size in (DYNAMIC_INDEX, known) for size, known in pairs), str(original)
        complete += DYNAMIC_INDEX not in inferred.get_shape()
        if name != "deconv.interleave":
            assert DYNAMIC_INDEX not in inferred.get_shape(), str(original)
    assert complete


def test_what_is_without_sizes_is() -> None:
    for op in TTNN.operations:
        if op.name in WITHOUT_SIZES:
            kinds = [constraint for _, constraint in op.get_irdl_definition().results]
            assert not any("tensor" in str(kind).lower() for kind in kinds)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("case", COVER[::5], ids=case_id)
def test_sizes_go_through_whole_functions(case: Case, strategy: str) -> None:
    """Every result of a decomposed function left open: it verifies, and all sizes come back."""
    module = lowered(conv_transpose2d_ir(case), f"ttnn-to-decomposed{{strategy={strategy}}}")
    unknown = module.clone()
    (function,) = (op for op in unknown.walk() if isinstance(op, func.FuncOp))
    for op in function.body.walk():
        for result in op.results:
            if isinstance(result.type, TensorType):
                Rewriter.replace_value_with_new_type(result, opened(result.type))
    returned = function.get_return_op()
    assert returned is not None
    function.properties["function_type"] = FunctionType.from_lists(
        function.function_type.inputs.data, [value.type for value in returned.operands]
    )
    unknown = parsed(str(unknown))

    inferred = lowered(unknown, "ttnn-infer-shapes")

    open_results = [
        op
        for op in inferred.walk()
        if any("?" in str(result.type) for result in op.results) and op.name != "func.func"
    ]
    if all(op.name == "deconv.interleave" for op in open_results) and open_results:
        assert _leaves_a_phase_out(open_results[0])
    else:
        assert inferred.is_structurally_equivalent(module)


def _leaves_a_phase_out(op: Operation) -> bool:
    strides = op.properties["strides"].get_values()
    seen = [
        {value for item in op.properties[name] for value in item.get_values()}
        for name in ("rows", "columns")
    ]
    return any(len(phases) < stride for phases, stride in zip(seen, strides, strict=True))


# Interleaved phases ------------------------------------------------------------------------------

SIZES = st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(1, 3))


@settings(max_examples=200, deadline=None)
@given(SIZES, st.tuples(st.integers(1, 4), st.integers(1, 4)), st.data())
def test_phases_tell_the_size_or_leave_it_open(
    output: tuple[int, ...], strides: tuple[int, int], data: st.DataObject
) -> None:
    """What is said is true, and where all phases are there, it is said."""
    axes = [
        data.draw(st.lists(st.integers(0, stride - 1), unique=True, min_size=1))
        for stride in strides
    ]
    phases = [([row], [column]) for row in axes[0] for column in axes[1]]
    blocks = [interleave_block_shape(*pair, output, strides) for pair in phases]

    shape = interleaved_shape(blocks, phases, strides, UNKNOWN)

    assert (shape[0], shape[3]) == (output[0], output[3])
    for axis in (0, 1):
        size, stride = output[axis + 1], strides[axis]
        fitting = [
            candidate
            for candidate in range(40)
            if all(
                len(range(p, candidate, stride)) == len(range(p, size, stride)) for p in axes[axis]
            )
        ]
        assert shape[axis + 1] == (size if len(fitting) == 1 else UNKNOWN)
        if len(axes[axis]) == stride:
            assert fitting == [size]


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([(1, 4, 1, 2), (1, 2, 1, 2)], "expected blocks of one image, got at least 7 rows and at"),
        ([(1, 4, 1, 2), (2, 4, 1, 2)], "expected blocks of one image, got a batch of 1 and 2"),
        ([(1, 4, 1, 2), (1, 4, 1, 3)], "expected blocks of one image, got channels of 2 and 3"),
    ],
)
def test_blocks_that_do_not_belong_together(blocks: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        interleaved_shape(blocks, [((0,), (0,)), ((1,), (0,))], (2, 1), UNKNOWN)


BROKEN = {
    "blocks of two images": (
        "%0 = deconv.interleave %a, %b strides = [2, 1] rows = [array<i64: 0>, array<i64: 1>] "
        "columns = [array<i64: 0>, array<i64: 0>] : (tensor<1x4x1x2xf32>, tensor<1x2x1x2xf32>) "
        "-> tensor<?x?x?x?xf32>",
        "'deconv.interleave' op expected blocks of one image, got at least 7 rows and at most 5",
    ),
    "a background of other channels": (
        "%0 = deconv.interleave %a background(%b : tensor<1x2x1x2xf32>) strides = [1, 1] "
        "rows = [array<i64: 0>] columns = [array<i64: 0>] : (tensor<1x4x1x2xf32>) "
        "-> tensor<?x?x?x?xf32>",
        "'deconv.interleave' op expected a background of shape (1, 1, 1, ?), got (1, 2, 1, 2)",
    ),
    "products of rank 4": (
        '%0 = "deconv.col2im"(%a) <{input_size = array<i64: 2, 2>, kernel_size = array<i64: 1, 1>, '
        "stride = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, "
        "dilation = array<i64: 1, 1>, output_padding = array<i64: 0, 0>}> "
        ": (tensor<1x4x1x2xf32>) -> tensor<?x?x?x?xf32>",
        "'deconv.col2im' op expected products of rank 3, got rank 4",
    ),
    "an input without pixels": (
        '%0 = "deconv.col2im"(%a) <{input_size = array<i64: 0, 2>, kernel_size = array<i64: 1, 1>, '
        "stride = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, "
        "dilation = array<i64: 1, 1>, output_padding = array<i64: 0, 0>}> "
        ": (tensor<1x4x1x2xf32>) -> tensor<?x?x?x?xf32>",
        "'deconv.col2im' op expected values of 1 to 2147483647 in 'input_size', got (0, 2)",
    ),
    "a bias of other channels": (
        "%0 = deconv.finish %a bias(%b : tensor<1x2x1x2xf32>) : tensor<1x4x1x2xf32> "
        "-> tensor<?x?x?x?xf32>",
        "'deconv.finish' op expected a bias of 2 channels, got (1, 2, 1, 2)",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_fit_together_is_refused(name: str) -> None:
    line, message = BROKEN[name]
    ir = f"""func.func @main(%a: tensor<1x4x1x2xf32>, %b: tensor<1x2x1x2xf32>)
        -> tensor<?x?x?x?xf32> {{
      {line}
      return %0 : tensor<?x?x?x?xf32>
    }}"""

    with pytest.raises(VerifyException) as refused:
        parsed(ir)

    assert message in str(refused.value)
