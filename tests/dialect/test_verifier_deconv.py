"""The verifiers of interleave, col2im and finish, with their messages."""

from __future__ import annotations

import pytest

from support import diagnostic, verify_ir

COL2IM = {
    "input_size": "2, 3",
    "kernel_size": "2, 1",
    "stride": "2, 2",
    "padding": "0, 0, 0, 0",
    "dilation": "1, 1",
    "output_padding": "0, 0",
}


def col2im(products: str = "1x12x4", result: str = "2x4x5x2", **changes: str) -> str:
    """One op; two images of 2 x 3 pixels, two taps, two channels."""
    listed = {**COL2IM, **changes}
    properties = ", ".join(f"{name} = array<i64: {values}>" for name, values in listed.items())
    return (
        f'%x = "foo.x"() : () -> tensor<{products}xf32>\n'
        f'%y = "deconv.col2im"(%x) <{{{properties}}}> '
        f": (tensor<{products}xf32>) -> tensor<{result}xf32>"
    )


def test_col2im_verifies() -> None:
    verify_ir(col2im())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"products": "12x4"}, "expected products of rank 3, got rank 2"),
        ({"products": "1x1x12x4"}, "expected products of rank 3, got rank 4"),
        ({"products": "1x11x4"}, "images of 6 pixels and of 2 taps, got 11 and 4"),
        ({"products": "1x12x3"}, "images of 6 pixels and of 2 taps, got 12 and 3"),
        ({"result": "2x4x5x3"}, "expected a result of shape (2, 4, 5, 2), got (2, 4, 5, 3)"),
        ({"kernel_size": "2"}, "expected 2 values in 'kernel_size', got 1"),
        ({"padding": "0, 0"}, "expected 4 values in 'padding', got 2"),
        (
            {"kernel_size": "0, 1"},
            "expected values of 1 to 2147483647 in 'kernel_size', got (0, 1)",
        ),
        ({"input_size": "2, 0"}, "expected values of 1 to 2147483647 in 'input_size', got (2, 0)"),
        ({"stride": "-2, 2"}, "expected values of 1 to 2147483647 in 'stride', got (-2, 2)"),
        ({"dilation": "0, 0"}, "expected values of 1 to 2147483647 in 'dilation', got (0, 0)"),
        (
            {"output_padding": "0, -1"},
            "expected values of 0 to 2147483647 in 'output_padding', got (0, -1)",
        ),
        (
            {"padding": "0, 0, 0, -1"},
            "expected values of 0 to 2147483647 in 'padding', got (0, 0, 0, -1)",
        ),
    ],
)
def test_col2im(changes: dict[str, str], text: str) -> None:
    assert text in diagnostic(col2im(**changes))


def finish(input: str, bias: str) -> str:
    return (
        f'%x = "foo.x"() : () -> tensor<{input}f32>\n%b = "foo.x"() : () -> tensor<{bias}f32>\n'
        f"%y = deconv.finish %x bias(%b : tensor<{bias}f32>) "
        f": tensor<{input}f32> -> tensor<{input}f32>"
    )


def test_finish_verifies() -> None:
    verify_ir(finish("2x3x", "1x1x1x3x"))


@pytest.mark.parametrize(
    ("input", "bias", "text"),
    [
        ("2x3x", "1x1x1x2x", "expected a bias of 3 channels, got (1, 1, 1, 2)"),
        ("", "1x1x1x1x", "expected an input with channels, got a scalar"),
    ],
)
def test_finish(input: str, bias: str, text: str) -> None:
    assert diagnostic(finish(input, bias)) == f"'deconv.finish' op {text}"


def interleave(
    rows: str = "[array<i64: 0>]", block: str = "1x2x2x2", result: str = "1x3x4x1", **changes: str
) -> str:
    """One op: row 0 of 2, both columns, side by side."""
    columns, strides = changes.get("columns", "[array<i64: 0, 1>]"), changes.get("strides", "2, 2")
    return (
        f'%x = "foo.x"() : () -> tensor<{block}xf32>\n'
        f'%y = "deconv.interleave"(%x) <{{columns = {columns}, rows = {rows}, '
        f"strides = array<i64: {strides}>, operandSegmentSizes = array<i32: 1, 0>}}> "
        f": (tensor<{block}xf32>) -> tensor<{result}xf32>"
    )


def test_interleave_verifies() -> None:
    verify_ir(interleave())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"rows": "[]"}, "expected rows and columns for 1 blocks, got 0"),
        ({"rows": "[1 : i32]"}, "1 : i32 should be of base attribute array"),
        ({"rows": "[array<i32: 0>]"}, "Expected attribute i64 but got i32"),
        ({"rows": "[array<i64: 2>]"}, "expected phases below (2, 2), each once, got (2,) x (0, 1)"),
        ({"rows": "[array<i64>]"}, "expected phases below (2, 2), each once, got () x (0, 1)"),
        ({"block": "1x2x2x3"}, "expected a block of shape (1, 2, 2, 2), got (1, 2, 2, 3)"),
        ({"block": "2x2x2"}, "expected a block of shape (1, 2, 2, 2), got (2, 2, 2)"),
        ({"result": "3x4x1"}, "expected a 4D result and two strides of at least 1"),
        ({"strides": "2"}, "expected a 4D result and two strides of at least 1"),
        ({"strides": "0, 2"}, "expected a 4D result and two strides of at least 1"),
    ],
)
def test_interleave(changes: dict[str, str], text: str) -> None:
    assert text in diagnostic(interleave(**changes))
