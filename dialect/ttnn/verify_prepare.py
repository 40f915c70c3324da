"""Verifiers of the ops that prepare weights and biases, in tt-mlir's wording."""

from __future__ import annotations

from ..tensor_types import agrees, fail, shape_of
from .convolution import PrepareConvTranspose2dBiasOp, PrepareConvTranspose2dWeightsOp
from .prepared_weights import op_behind_prepare
from .verify_convolution import verify_value_ranges


def verify_prepare_weights(op: PrepareConvTranspose2dWeightsOp) -> None:
    shape = shape_of(op.weight_tensor)
    if len(shape) != 4:
        fail(op, "Weight must be a 4D tensor", "weight")
    if op.weights_format.data != "IOHW":
        fail(op, "Only `IOHW` weights format is currently supported", "weights_format")
    in_channels, out_channels, groups = op.channel_counts
    if not agrees(shape[0], in_channels):
        fail(
            op,
            f"Expected input channels attribute ({in_channels}) to match the first dimension of "
            f"the weight tensor ({shape[0]})",
            "weight",
        )
    if groups < 1:
        fail(op, f"expected 'groups' of at least 1, got {groups}", "groups")
    if (
        in_channels % groups
        or out_channels % groups
        or not agrees(shape[1], out_channels // groups)
    ):
        fail(
            op,
            f"Expected output channels attribute ({out_channels}) to match the number of output "
            f"channels per group ({shape[1]})",
            "weight",
        )
    _verify_raw(op)
    _verify_kernel(op, shape)
    for name, attribute in (("stride", op.stride), ("dilation", op.dilation)):
        if len(attribute) != 2:
            fail(op, f"Expected {name} attribute to be a 2D tensor", name)
    if len(op.padding) not in (2, 4):
        fail(op, "Expected padding attribute to be a 2D tensor", "padding")
    if op.output_padding is not None and len(op.output_padding) != 2:
        fail(
            op,
            f"expected 2 values in 'output_padding', got {len(op.output_padding)}",
            "output_padding",
        )
    verify_value_ranges(op)


def _verify_raw(op: PrepareConvTranspose2dWeightsOp) -> None:
    """A weight is prepared once; where raw and prepared shapes coincide no other check says so."""
    if op_behind_prepare(op.weight_tensor) is not None:
        fail(op, "expected a raw weight, got one that is prepared", "weight")


def _verify_kernel(op: PrepareConvTranspose2dWeightsOp, shape: tuple[int, ...]) -> None:
    kernel = op.kernel_size.get_values()
    if len(kernel) != 2:
        fail(op, "Expected kernel size attribute to be a 2D tensor", "kernel_size")
    places = (("height", "third", 2), ("width", "fourth", 3))
    for size, (name, place, dimension) in zip(kernel, places, strict=True):
        if not agrees(shape[dimension], size):
            fail(
                op,
                f"Expected kernel {name} attribute ({size}) to match the {place} dimension of the "
                f"weight tensor ({shape[dimension]})",
                "kernel_size",
            )


def verify_prepare_bias(op: PrepareConvTranspose2dBiasOp) -> None:
    shape = shape_of(op.bias_tensor)
    if len(shape) != 4:
        fail(op, "Bias must be a 4D tensor", "bias")
    out_channels = op.out_channels.value.data
    if not agrees(shape[3], out_channels):
        fail(
            op,
            f"Expected output channels attribute ({out_channels}) to match the number of output "
            f"channels in the bias tensor ({shape[3]})",
            "bias",
        )
    lists = (
        ("Kernel size", op.kernel_size, (2,), "two"),
        ("Stride", op.stride, (2,), "two"),
        ("Padding", op.padding, (2, 4), "two or four"),
        ("Dilation", op.dilation, (2,), "two"),
    )
    for name, attribute, lengths, words in lists:
        if len(attribute) not in lengths:
            fail(
                op,
                f"{name} attribute must have {words} values, got: {len(attribute)}",
                name.lower().replace(" ", "_"),
            )
