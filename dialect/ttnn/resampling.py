"""The op that repeats pixels, and its verifier in tt-mlir's order and words."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    Signedness,
    StringAttr,
    i32,
)
from xdsl.irdl import (
    base,
    eq,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import Shape, upsample_shape
from ..shaped import DroppedIfIdentity, ShapedOp
from ..tensor_types import (
    AnyTensor,
    agrees,
    fail,
    shape_of,
)
from .element_types import verify_pooled_element_types
from .memory import MemoryConfigAttr

SI32 = IntegerAttr.constr(eq(IntegerType(32, Signedness.SIGNED)))
I32Array = DenseArrayBase.constr(i32)

UPSAMPLE_MODES = ("nearest", "bilinear")


@irdl_op_definition
class UpsampleOp(ShapedOp):
    """Every pixel `scale_factor` times along height and width.

    out[n, y, x, c] = in[n, y div scale_h, x div scale_w, c] for mode "nearest", the default.

    Source: tt-mlir, TTNN_UpsampleOp; `memory_config` is of older files.
    """

    name = "ttnn.upsample"

    input = operand_def(AnyTensor)
    """(N, H, W, C)."""
    scale_factor = prop_def(SI32 | I32Array)
    """One factor for both axes, or [height, width]."""
    mode = prop_def(base(StringAttr), StringAttr("nearest"))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)
    """(N, H*scale_h, W*scale_w, C)."""

    traits = traits_def(Pure(), DroppedIfIdentity())

    @property
    def scale_factors(self) -> tuple[int, int]:
        """(height, width).

        Raises: ValueError for a list of another length than 2.
        """
        if not isinstance(self.scale_factor, DenseArrayBase):
            factor = self.scale_factor.value.data
            return (factor, factor)
        values = self.scale_factor.get_values()
        if len(values) != 2:
            raise ValueError(
                f"Expected integer or pair of integers, got tuple of size {len(values)}"
            )
        return (values[0], values[1])

    def result_shape(self) -> Shape:
        return upsample_shape(shape_of(self.input), self.scale_factors)

    def is_identity(self) -> bool:
        return self.scale_factors == (1, 1)

    def verify_(self) -> None:
        verify_upsample(self)


def verify_upsample(op: UpsampleOp) -> None:
    """All checks of `ttnn.upsample`, in tt-mlir's order."""
    after = shape_of(op.result)
    for name, shape in (("input", shape_of(op.input)), ("output", after)):
        if len(shape) != 4:
            fail(op, f"Expected rank of {name} tensor is 4, got rank {len(shape)}")
    try:
        expected = op.result_shape()
    except ValueError as error:
        fail(op, str(error))
    for axis, name in ((1, "H"), (2, "W")):
        if not agrees(after[axis], expected[axis]):
            fail(
                op,
                f"Expected output {name} dimension to be input {name} dimension * scale{name} = "
                f"{expected[axis]}, got {after[axis]}",
            )
    for axis, name in ((0, "N"), (3, "C")):
        if not agrees(after[axis], expected[axis]):
            fail(
                op,
                f"Expected output {name} dimension to be {expected[axis]}, got {after[axis]}",
            )
    if op.mode.data not in UPSAMPLE_MODES:
        fail(op, f'Expected modes are ({", ".join(UPSAMPLE_MODES)}), got "{op.mode.data}"')
    verify_pooled_element_types(op)
