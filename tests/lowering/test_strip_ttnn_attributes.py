"""Stripping leaves upstream types and attributes everywhere but at unknown ops."""

from __future__ import annotations

from xdsl.dialects.builtin import NoneAttr, TensorType, UnregisteredOp
from xdsl.dialects.tensor import CastOp
from xdsl.ir import Operation

from support import load_text
from support.floors import FLOORS, lowered, parsed

ENCODED = "tensor<2xf32, #ttnn.layout<tile>>"


def stripped(ir: str) -> Operation:
    return lowered(ir, "strip-ttnn-attributes")


def encoded_values(module: Operation) -> set[str]:
    """Names of the ops that make a tensor with an encoding, and `block` for arguments."""
    found: set[str] = set()
    for op in module.walk():
        makers = [(op.name, value) for value in op.results]
        makers += [
            ("block", argument)
            for region in op.regions
            for block in region.blocks
            for argument in block.args
        ]
        for name, value in makers:
            if isinstance(value.type, TensorType) and not isinstance(value.type.encoding, NoneAttr):
                found.add(name)
    return found


def test_an_unknown_op_keeps_its_types_between_casts() -> None:
    ir = f"""
func.func @main(%x: {ENCODED}) -> {ENCODED} {{
  %0 = "ttnn.unknown"(%x, %x) {{ttnn.kept = 1 : i32}} : ({ENCODED}, {ENCODED}) -> {ENCODED}
  %1 = "ttnn.unknown"(%0, %x) : ({ENCODED}, {ENCODED}) -> {ENCODED}
  return %1 : {ENCODED}
}}"""
    module = stripped(ir)

    unknown = [op for op in module.walk() if isinstance(op, UnregisteredOp)]
    assert [sorted(op.attributes.keys() - {"op_name__"}) for op in unknown] == [["ttnn.kept"], []]
    for op in unknown:
        assert all(str(value.type) == ENCODED for value in (*op.operands, *op.results))
    # Each operand comes from a cast of its own, each result goes into one and nothing else.
    casts = [op for op in module.walk() if isinstance(op, CastOp)]
    assert len(casts) == 6
    assert all(
        {str(op.source.type), str(op.dest.type)} == {ENCODED, "tensor<2xf32>"} for op in casts
    )
    assert encoded_values(module) == {"builtin.unregistered", "tensor.cast"}


def test_unknown_ops_with_blocks_and_other_values_stay() -> None:
    ir = """
func.func @main(%x: i32) {
  "mystery.loop"(%x) ({
  ^bb0(%i: i32):
    "mystery.end"(%i) {mystery.kept} : (i32) -> ()
  }) {plain = 2 : i32} : (i32) -> ()
  return
}"""
    assert stripped(ir).is_structurally_equivalent(parsed(ir))


def test_upstream_attributes_stay_wherever_they_stand() -> None:
    ir = """
module attributes {plain, llvm.kept = 1 : i32, ttcore.gone = 2 : i32} {
  func.func @main(%x: i32 {llvm.kept, ttir.gone}, %y: i32 {ttir.gone})
      -> (i32 {llvm.kept, ttcore.gone}) attributes {tt.gone = "x", kept} {
    %0 = arith.addi %x, %y {ttnn.gone, kept} : i32
    return %0 : i32
  }
}"""
    text = str(stripped(ir))

    assert "gone" not in text
    assert text.count("kept") == 5
    assert "plain" in text


def test_literals_follow_their_results() -> None:
    text = f"""
func.func @main() -> {ENCODED} {{
  %0 = arith.constant dense<[1.0, 2.0]> : {ENCODED}
  return %0 : {ENCODED}
}}"""
    module = stripped(text)

    expected = parsed(text.replace(ENCODED, "tensor<2xf32>"))
    assert module.is_structurally_equivalent(expected)


def test_twice_is_once_on_real_files() -> None:
    for name in ("tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"):
        once = lowered(load_text(name), f"{FLOORS['loops']},strip-ttnn-attributes")
        assert lowered(once, "strip-ttnn-attributes").is_structurally_equivalent(once), name


def test_a_device_that_an_unknown_op_names_stays() -> None:
    """Also where the name stands in a list, a dictionary, or an attribute nobody knows."""
    device = "ttcore.device @d = <workerGrid = #ttcore.grid<8x8>, meshShape = 1x1, chipIds = [0]>"
    attributes = {
        "at = @d": 1,
        "at = [[@d]]": 1,
        "at = {inner = @d}": 1,
        "at = #ttnn.new<on @d, 3>": 1,
        "at = @other": 0,
        "at = #ttnn.new<on @dd>": 0,
    }
    for attribute, expected in attributes.items():
        module = lowered(f'{device}\n"ttnn.unknown"() {{{attribute}}} : () -> ()', FLOORS["linalg"])
        found = [op for op in module.walk() if op.name == "ttcore.device"]
        assert len(found) == expected, attribute
