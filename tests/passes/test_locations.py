"""Every op that a pass makes stands where the op it came from stood in the file."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import FileLineColLoc, ModuleOp

from support import conv_transpose2d_ir, load_cases, load_text, make_case
from support.floors import FLOORS, lowered, parsed
from support.prepared_ir import prepared_conv_transpose2d_ir


def places(module: ModuleOp) -> set[tuple[int, int]]:
    """(line, column) of every op; fails for one without."""
    found: set[tuple[int, int]] = set()
    for op in module.walk():
        if op is module:
            continue
        location = op.location
        assert isinstance(location, FileLineColLoc), op.name
        assert location.filename.data == "test.mlir"
        found.add((location.line.data, location.column.data))
    return found


CONFIG = "#ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = silu>>"
TEXTS = {
    "cover": "\n".join(
        conv_transpose2d_ir(case, name=f"case{index}", flattened_input=index % 2 == 0)
        for index, case in enumerate(load_cases("cover")[::4])
    ),
    "fused": conv_transpose2d_ir(
        make_case(h=7, w=3, c=4, o=2, kh=2, kw=3, groups=2, bias=True, padding=[3, 0]),
        "f16",
        properties={"conv2d_config": CONFIG},
    ),
    "prepared": prepared_conv_transpose2d_ir(
        make_case(h=2, w=3, c=4, o=2, kh=2, kw=3, groups=2), "si32", cached=True
    ),
    "pipeline": load_text("tt-mlir-pipeline.mlir"),
    "style": load_text("tt-mlir-style.mlir"),
}


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", TEXTS)
def test_every_op_has_a_place_of_the_file(name: str, floor: str) -> None:
    module = parsed(TEXTS[name])

    assert places(lowered(module, FLOORS[floor])) <= places(module)


@pytest.mark.parametrize("name", ["pipeline", "style"])
def test_stripping_keeps_places(name: str) -> None:
    module = parsed(TEXTS[name])
    stripped = lowered(module, f"{FLOORS['loops']},strip-ttnn-attributes")

    assert places(stripped) <= places(module)


def test_what_is_made_of_an_op_stands_where_it_stood() -> None:
    """The convolution is on line 3: every op of the decomposition that is not beside it too."""
    case = make_case(h=2, w=3, c=4, o=2, kh=2, kw=3, sh=2, bias=True)
    ir = conv_transpose2d_ir(case)
    lines = ir.splitlines()
    assert "ttnn.conv_transpose2d" in lines[2]

    for floor in ("decomposed", "linalg", "loops", "loops-im2col"):
        module = lowered(ir, FLOORS[floor])
        function = module.body.block.first_op
        assert function is not None
        made = list(function.regions[0].block.ops)[:-1]
        assert len(made) > 5
        for op in made:
            location = op.location
            assert isinstance(location, FileLineColLoc)
            expected = 2 if op.name == "ttnn.get_device" else 3
            assert location.line.data == expected, (floor, op.name)


def test_folded_constants_stand_where_the_movement_stood() -> None:
    ir = """func.func @main() -> tensor<2xf32> {
  %0 = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = deconv.flip %0 dimensions = [0] : tensor<2xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}"""
    assert places(lowered(ir, "ttnn-fold-constants")) == {(1, 1), (3, 3), (4, 3)}
