"""A temporary above the stated size is refused, with its size; one of just that size is not."""

from __future__ import annotations

import pytest
from xdsl.utils.exceptions import PassFailedException

from support import conv_transpose2d_ir, make_case
from support.floors import lowered, parsed

CASE = make_case(n=2, h=5, w=4, c=6, o=3, kh=3, kw=2, sh=4, sw=3, groups=3)
"""Padded input 2 x 21 x 12 x 6, output 2 x 19 x 11 x 3: 12,096 and 5,016 bytes in f32."""

PATCHES = 3 * 418 * 12 * 4
"""im2col: groups, pixels, taps and channels of one group, bytes."""


def refusal(pipeline: str, element_type: str = "f32") -> str | None:
    try:
        lowered(parsed(conv_transpose2d_ir(CASE, element_type)), pipeline)
    except PassFailedException as error:
        return str(error)
    return None


@pytest.mark.parametrize("element_type", ["f32", "bf16", "i32"])
@pytest.mark.parametrize(
    ("pipeline", "what"),
    [
        (
            "ttnn-to-decomposed{strategy=zero-insert},convert-ttnn-to-linalg{%s}",
            "of shape (2, 21, 12, 6); raise max-temporary-bytes",
        ),
        (
            "ttnn-to-linalg{strategy=zero-insert %s}",
            "for strategy zero-insert, got one of %d bytes",
        ),
        ("ttnn-to-loops{strategy=zero-insert %s}", "for strategy zero-insert, got one of %d bytes"),
    ],
)
def test_the_padded_input_decides(pipeline: str, what: str, element_type: str) -> None:
    """bf16 counts as the f32 it is widened to."""
    size = 2 * 21 * 12 * 6 * 4

    assert refusal(pipeline % f"max-temporary-bytes={size}", element_type) is None
    message = refusal(pipeline % f"max-temporary-bytes={size - 1}", element_type)
    assert message is not None
    assert f"expected temporaries of at most {size - 1} bytes" in message
    assert what.replace("%d", str(size)) in message


@pytest.mark.parametrize("pass_name", ["ttnn-to-loops", "ttnn-to-linalg,tile-linalg-to-loops"])
def test_the_patches_decide_with_im2col(pass_name: str) -> None:
    head, _, tail = pass_name.partition(",")
    options = "max-temporary-bytes=%d conv=im2col"
    spec = f"{head}{{strategy=zero-insert {options}}}"
    if tail:
        spec = f"{head}{{strategy=zero-insert}},{tail}{{{options}}}"

    assert refusal(spec % PATCHES) is None
    message = refusal(spec % (PATCHES - 1))
    assert message is not None
    assert f"got {PATCHES} bytes for {3 * 418} patches of 12" in message
    assert refusal((spec % (PATCHES - 1)).replace("im2col", "direct")) is None


def test_the_default_lets_four_gigabytes_pass() -> None:
    """A 1x1 kernel of stride 1 makes the output alone: 1 x H x W x 1 in f32."""
    below = make_case(h=2**15, w=2**15, c=1, o=1, kh=1, kw=1)
    above = below | {"h": 2**15 + 1, "hout": 2**15 + 1}

    lowered(conv_transpose2d_ir(below), "ttnn-to-linalg{strategy=zero-insert}")
    with pytest.raises(PassFailedException) as refused:
        lowered(conv_transpose2d_ir(above), "ttnn-to-linalg{strategy=zero-insert}")

    assert "at most 4294967296 bytes, got 4295098368 bytes" in str(refused.value)


def test_several_unknown_sizes_are_no_huge_temporary() -> None:
    ir = """
func.func @main(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.add"(%x, %x) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}"""
    with pytest.raises(PassFailedException) as refused:
        lowered(ir, "convert-ttnn-to-linalg")

    assert "expected tensors of known shape, got (?, ?); run ttnn-infer-shapes first" in str(
        refused.value
    )
