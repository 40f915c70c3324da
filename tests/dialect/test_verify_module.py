"""A module is valid as a whole: what xDSL's verifier does not look at is refused too."""

from __future__ import annotations

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.utils.exceptions import VerifyException

from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.verify_module import verify_module

RELU = '"ttnn.relu"({}) : (tensor<4xf32>) -> tensor<4xf32>'

VALID = {
    "in order": f"%y = {RELU.format('%x')}\n%z = {RELU.format('%y')}\nreturn",
    "in front of a region": f"""
      %y = {RELU.format("%x")}
      %r = scf.if %c -> (tensor<4xf32>) {{
        %z = {RELU.format("%y")}
        scf.yield %z : tensor<4xf32>
      }} else {{
        scf.yield %y : tensor<4xf32>
      }}
      return""",
    "in a block that dominates": f"""
      %y = {RELU.format("%x")}
      cf.cond_br %c, ^left, ^right
    ^left:
      cf.br ^right
    ^right:
      %z = {RELU.format("%y")}
      return""",
    "in a loop of blocks": f"""
      cf.br ^head(%x : tensor<4xf32>)
    ^head(%y: tensor<4xf32>):
      %z = {RELU.format("%y")}
      cf.cond_br %c, ^head(%z : tensor<4xf32>), ^end
    ^end:
      %w = {RELU.format("%z")}
      return""",
    "where nothing runs": f"""
      return
    ^nowhere:
      %z = {RELU.format("%y")}
      %y = {RELU.format("%x")}
      return""",
    "any order inside an unknown op": f"""
      "foo.graph"() ({{
        %z = {RELU.format("%y")}
        %y = {RELU.format("%x")}
      }}) : () -> ()
      return""",
}

INVALID = {
    "behind": f"%z = {RELU.format('%y')}\n%y = {RELU.format('%x')}\nreturn",
    "by itself": f"%y = {RELU.format('%y')}\nreturn",
    "in one of two branches": f"""
      cf.cond_br %c, ^left, ^right
    ^left:
      %y = {RELU.format("%x")}
      cf.br ^right
    ^right:
      %z = {RELU.format("%y")}
      return""",
}


def text(body: str) -> str:
    return f"func.func @main(%x: tensor<4xf32>, %c: i1) {{\n{body}\n}}"


@pytest.mark.parametrize("body", VALID.values(), ids=VALID.keys())
def test_defined(body: str) -> None:
    verify_module(parse_module(text(body)))


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID.keys())
def test_not_defined(body: str) -> None:
    module = parse_module(text(body))
    with pytest.raises(VerifyException) as refusal:
        verify_module(module)
    expected = "'ttnn.relu' op expected operand 0 to be defined in front of it, got '%y'"
    assert str(refusal.value) == expected


def test_a_value_of_a_region_is_not_used_outside() -> None:
    """What a pass leaves when it takes an op out of a region and forgets one that it reads."""
    module = parse_module(text(VALID["in front of a region"]))
    outer, inner = (op for op in module.walk() if op.name == "ttnn.relu")
    outer.operands[0] = inner.results[0]

    with pytest.raises(VerifyException, match="expected operand 0 to be defined in front of it"):
        verify_module(module)


def test_an_argument_that_its_block_lost() -> None:
    """What a pass leaves when it erases an argument that something still reads."""
    module = parse_module(text(f"%y = {RELU.format('%x')}\nreturn"))
    (function,) = (op for op in module.walk() if isinstance(op, FuncOp))
    block = function.body.block
    block.erase_arg(block.args[0], safe_erase=False)
    function.update_function_type()

    with pytest.raises(VerifyException, match="expected operand 0 to be defined in front of it"):
        verify_module(module)


def test_an_argument_of_another_place() -> None:
    """xDSL takes an argument for one of a block as long as the block is what it remembers."""
    module = parse_module(text(f"%y = {RELU.format('%x')}\nreturn"))
    (function,) = (op for op in module.walk() if isinstance(op, FuncOp))
    x, _ = function.body.block.args
    function.body.block._args = function.body.block.args[1:]
    function.update_function_type()
    module.verify()

    with pytest.raises(VerifyException, match="expected operand 0 to be defined in front of it"):
        verify_module(module)
    assert x.owner is function.body.block


def test_entries_for_each_argument() -> None:
    ir = """
    "func.func"() <{sym_name = "f", function_type = (tensor<4xf32>) -> (), arg_attrs = [{}, {}]}> ({
    ^bb0(%x: tensor<4xf32>):
      func.return
    }) : () -> ()"""
    with pytest.raises(VerifyException) as refusal:
        verify_module(parse_module(ir))
    assert str(refusal.value) == "'func.func' op expected 1 entries in 'arg_attrs', got 2"
