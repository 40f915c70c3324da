"""A second run changes nothing: every registered pass, on IR of every floor, behind every strategy.

Once is compared with twice as text, so names count too. A pass that a module does not suit refuses
it, and then has nothing to do twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from support import conv_transpose2d_ir, make_case, with_property
from support.corpus import ROOT, convolutions, files, pieces, read
from support.floors import context
from support.prepared_ir import prepared_conv_transpose2d_ir
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.dialect.verify_module import verify_module
from xdsl_ttnn.frontend.pipelines import build_pipeline, project_passes
from xdsl_ttnn.passes.strategies.registry import own_names

GROUPED = make_case(n=2, h=2, w=3, c=4, o=4, kh=3, kw=2, sh=2, sw=2, groups=2)
OVERLAPPING = make_case(h=2, w=2, c=2, o=3, kh=4, kw=3, sh=3, sw=2, bias=True)
CONFIG = "#ttnn.conv2d_config<activation = <op_type = relu>>"
RELU = with_property(OVERLAPPING, "conv2d_config", CONFIG)
CONSTANT_WEIGHT = """
func.func @main(%x: tensor<1x2x2x1xf32>) -> tensor<1x5x4x1xf32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %0 = arith.constant dense<[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]>
    : tensor<1x3x3xf32>
  %1 = "ttnn.to_layout"(%0) : (tensor<1x3x3xf32>) -> tensor<1x3x3xf32>
  %2 = "ttnn.reshape"(%1) <{shape = [1 : i32, 1 : i32, 3 : i32, 3 : i32]}>
    : (tensor<1x3x3xf32>) -> tensor<1x1x3x3xf32>
  %w = "ttnn.to_layout"(%2) : (tensor<1x1x3x3xf32>) -> tensor<1x1x3x3xf32>
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{batch_size = 1 : i32,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32, input_height = 2 : i32,
      input_width = 2 : i32, kernel_size = array<i32: 3, 3>, out_channels = 1 : i32,
      output_padding = array<i32: 0, 1>, padding = array<i32: 0, 1>, stride = array<i32: 2, 2>}>
    : (tensor<1x2x2x1xf32>, tensor<1x1x3x3xf32>, !ttnn.device) -> tensor<1x5x4x1xf32>
  return %y : tensor<1x5x4x1xf32>
}
"""
SMALL = {
    "grouped": conv_transpose2d_ir(GROUPED),
    "bias and relu": conv_transpose2d_ir(OVERLAPPING, "bf16", properties=RELU),
    "prepared": prepared_conv_transpose2d_ir(GROUPED, "bf16"),
    "cached": prepared_conv_transpose2d_ir(GROUPED, cached=True),
    "constant weight": CONSTANT_WEIGHT,
}
CORPUS = dict([*convolutions(), *files()])

VARIANTS: dict[str, tuple[str, ...]] = {
    "decompose-conv-transpose2d": ("strategy={}",),
    "ttnn-to-decomposed": ("strategy={}",),
    "ttnn-to-linalg": ("strategy={}",),
    "ttnn-to-loops": ("strategy={}", "strategy={} conv=im2col tile-m=7 tile-n=5 tile-k=3"),
    "tile-linalg-to-loops": ("", "conv=im2col tile-m=7 tile-n=5 tile-k=3"),
    "ttnn-fuse": ("", "change-rounding=true"),
    "hoist-weight-preparation": ("", "arguments=1"),
}
"""Options that make another pass of a pass, with a place for the strategy; others have none."""

BEHIND = (
    "",
    "ttnn-to-decomposed{{strategy={}}}",
    "ttnn-fuse,ttnn-canonicalize,ttnn-to-linalg{{strategy={}}}",
    "decompose-conv-transpose2d{{strategy={}}},legalize-deconv-to-ttnn",
    "ttnn-to-decomposed{{strategy={}}},legalize-deconv-to-ttnn",
    "ttnn-to-decomposed{{strategy={}}},hoist-weight-preparation{{arguments=1}}",
    "ttnn-to-linalg{{strategy={}}},hoist-weight-preparation{{arguments=1}}",
    "ttnn-to-loops{{strategy={}}},hoist-weight-preparation",
    "ttnn-to-loops{{strategy={} conv=im2col}},strip-ttnn-attributes",
)
"""What leads to a floor. It is run twice itself, and then each pass is run twice behind it.

What hoists weights stands last in each: see `test_hoisting_comes_last`.
"""


def passes(strategy: str) -> list[str]:
    """Every pass of the project, in each of its variants."""
    return [
        f"{name}{{{options.format(strategy)}}}" if options else name
        for name in project_passes()
        for options in VARIANTS.get(name, ("",))
    ]


def run(pipeline: str, module: ModuleOp) -> ModuleOp | None:
    """The module after a pipeline, verified; None where a pass refuses it."""
    result = module.clone()
    try:
        with collect_remarks():
            for step in steps(pipeline):
                step.apply(context(), result)
    except PassFailedException:
        return None
    verify_module(result)
    return result


_BUILT: dict[str, Sequence[ModulePass]] = {}


def steps(pipeline: str) -> Sequence[ModulePass]:
    if pipeline not in _BUILT:
        _BUILT[pipeline] = build_pipeline(pipeline, project_passes())
    return _BUILT[pipeline]


def check_twice(pipeline: str, module: ModuleOp, behind: str = "") -> ModuleOp | None:
    """The module after a pipeline, which a second run does not change; None if it is refused."""
    once = run(pipeline, module)
    if once is None:
        return None
    twice = run(pipeline, once)
    where = f"{pipeline} behind '{behind}'"
    assert twice is not None, f"{where}: the second run refuses what the first one made"
    assert str(twice) == str(once), where
    return once


def floors(module: ModuleOp, strategy: str) -> Iterator[tuple[str, ModuleOp]]:
    """Each pipeline of BEHIND that takes the module, with what it makes; once for each text."""
    seen: set[str] = set()
    for pattern in BEHIND:
        pipeline = pattern.format(strategy)
        made = check_twice(pipeline, module)
        if made is not None and str(made) not in seen:
            seen.add(str(made))
            yield pipeline, made


@pytest.mark.parametrize("strategy", own_names())
@pytest.mark.parametrize("name", SMALL)
def test_twice_is_once(name: str, strategy: str) -> None:
    module = read(SMALL[name])
    assert module is not None
    takes_all = strategy in ("zero-insert", "sub-pixel", "gemm-col2im")
    assert len(list(floors(module, strategy))) > 1 or not takes_all


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(CORPUS)), ids=list(CORPUS))
def test_twice_is_once_everywhere(number: int) -> None:
    """Strategies take turns; every pass behind every way to a floor."""
    module = read(list(CORPUS.values())[number])
    if module is None:
        return
    strategy = own_names()[number % len(own_names())]
    for behind, made in floors(module, strategy):
        for pipeline in passes(strategy):
            check_twice(pipeline, made, behind)


@pytest.mark.parametrize("lowering", ["ttnn-to-linalg", "ttnn-to-loops"])
def test_hoisting_comes_last(lowering: str) -> None:
    """In front of lowering there is little to hoist, and what lowering makes is left: why the page
    on weights says behind.
    """
    module = read(conv_transpose2d_ir(GROUPED))
    assert module is not None
    early, late = f"hoist-weight-preparation{{arguments=1}},{lowering}", lowering
    late += ",hoist-weight-preparation{arguments=1}"

    once = run(early, module)
    assert once is not None
    twice = run(early, once)

    assert "@prepare_main" not in str(once)
    assert "@prepare_main" in str(twice)
    assert "@prepare_main" in str(check_twice(late, module))


@pytest.mark.parametrize("name", project_passes())
def test_every_pass_does_something(name: str) -> None:
    """What is compared above is not always what went in: each pass changes some of its own file."""
    (path,) = (ROOT / "filecheck").rglob(f"{name}.mlir")
    modules = [module for _, ir in pieces(path) if (module := read(ir)) is not None]
    variants = [variant for variant in passes("zero-insert") if variant.split("{")[0] == name]

    changed = [
        module
        for module in modules
        for variant in variants
        if (made := check_twice(variant, module)) is not None and str(made) != str(module)
    ]

    assert changed
