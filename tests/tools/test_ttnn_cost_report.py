"""`ttnn-cost-report`: tables, JSON, reasons and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import conv_transpose2d_ir, load_cases, load_text, make_case
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.text.quantities import bytes_text, seconds_text
from xdsl_ttnn.passes.cost.report import cost_of
from xdsl_ttnn.passes.cost.targets import PRESETS
from xdsl_ttnn.passes.strategies.registry import own_names
from xdsl_ttnn.tools import ttnn_cost_report
from xdsl_ttnn.tools.missing_op import transposed_convolutions
from xdsl_ttnn.tools.ttnn_cost_report import EPILOG

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
CASE = make_case(h=4, w=4, c=8, o=8, kh=4, kw=4, sh=2, sw=2, padding=[1, 1], bias=True)
KERNEL_IS_STRIDE = make_case(h=4, w=4, c=8, o=8, kh=2, kw=2, sh=2, sw=2)
IR = conv_transpose2d_ir(CASE)
TWO = f"{IR}\n{conv_transpose2d_ir(KERNEL_IS_STRIDE, name='other')}"


NONE = "no ttnn.conv_transpose2d"


@pytest.fixture
def report(tool, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    return tool(ttnn_cost_report.main)


def test_a_table(report, write) -> None:
    path = write(IR)

    outcome = report(path)

    assert outcome.code == 0, outcome.err
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert lines[0] == (
        f"{path}:3:5 in @main: 1x4x4x8 -> 1x8x8x8 f32, 16,384 multiply-adds, 77% of them useful"
    )
    words = "strategy estimate adds cropped read written temporary tiles"
    assert " ".join(lines[2].split()) == words
    rows = [line.replace("*", " ").split() for line in lines[4:7]]
    assert {row[0] for row in rows} == {"zero-insert", "sub-pixel", "gemm-col2im"}
    (gemm,) = (row for row in rows if row[0] == "gemm-col2im")
    # read: 512 B + 4096 B, 196 * 8 products, 512 sums; written: 2048 products, 512, 512.
    assert " ".join(gemm[2:]) == "us 16,384 3,840 12.9 kB 12.3 kB 8.19 kB 4"
    (marked,) = (line.split()[1] for line in lines if line.startswith("*"))
    (reason,) = (line for line in lines if line.startswith("auto: "))
    assert reason.startswith(f"auto: {marked} takes {rows[0][1]} us on cpu ")
    assert rows[0][0] == marked
    assert any(line.startswith("matmul refuses: expected a dilated kernel of") for line in lines)


@pytest.mark.parametrize("columns", [20, 40, 74, 75, 80, 81, 82, 120, 200, None])
def test_nothing_is_cut_at_any_width(columns: int | None, report, write, monkeypatch) -> None:
    layers = load_cases("model-zoo")[::4]
    path = write(
        "\n".join(conv_transpose2d_ir(layer, name=f"f{n}") for n, layer in enumerate(layers))
    )
    if columns is not None:
        monkeypatch.setenv("COLUMNS", str(columns))

    text = report(path).out

    costs = [
        cost_of(op, PRESETS["cpu"])
        for op in transposed_convolutions(parse_module(path.read_text()))
    ]
    words = " ".join(text.split())
    assert "…" not in text
    for cost in costs:
        for strategy in cost.costs.values():
            assert seconds_text(strategy.estimate.seconds) in words
            assert bytes_text(strategy.figures.bytes_read) in words
    lines = text.splitlines()
    if columns is None:
        assert len(lines) < 12 * len(costs)
    else:
        assert all(len(line) <= columns for line in lines)
    assert ("─" in text) is (columns is None or columns >= 75)


def test_several_ops_are_summed_up(report, write) -> None:
    """A strategy that takes them all is one way to do it; matmul takes the second only."""
    path = write(TWO)
    ops = json.loads(report(path, "--json").out)["ops"]

    *_, line = report(path).out.splitlines()

    def sums(name: str) -> str:
        return seconds_text(sum(op["strategies"][name]["seconds"] for op in ops))

    best = sum(op["strategies"][op["auto"]["strategy"]]["seconds"] for op in ops)
    assert line.startswith(f"all 2 on cpu: auto {seconds_text(best)}; by one strategy for all: ")
    names = ("sub-pixel", "gemm-col2im", "zero-insert")
    assert all(f"{name} {sums(name)}" in line for name in names)
    assert "matmul" not in line


def test_colours_are_for_terminals(report, write, monkeypatch) -> None:
    path = write(IR)
    assert "\x1b[" not in report(path).out

    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32m* " in report(path).out


def test_several_files(report, write, tmp_path: Path) -> None:
    first, second = write(IR), tmp_path / "second.mlir"
    second.write_text(TWO)

    data = json.loads(report(first, second, "--json").out)
    text = report(first, second).out

    assert [op["file"] for op in data["ops"]] == [str(first), str(second), str(second)]
    assert [text.count(f"{path}:") for path in (first, second)] == [1, 2]
    assert text.splitlines()[-1].startswith("all 3 on cpu: auto ")


def test_a_bad_file_among_several_is_named(report, write, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mlir"
    bad.write_text("module {")

    outcome = report(write(IR), bad)

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"{bad}:1:9: error: ")
    assert report("-", "-").err == (
        "<stdin>: error: expected one of FILE.mlir and FILE.mlir 2 to be read from here, got both\n"
    )


def test_passes_run_first(report) -> None:
    path = EXAMPLES / "jax_decoder.mlir"

    outcome = report(path, "--passes", "convert-stablehlo-to-ttnn", "--json")

    assert len(json.loads(outcome.out)["ops"]) == 2
    assert outcome.err == ""


def test_a_pass_that_refuses_is_named(report, write) -> None:
    outcome = report(write(IR.replace("4x4x8xf32", "?x4x8xf32")), "--passes", "ttnn-to-loops")

    assert outcome.code == 2
    assert "ttnn-to-loops" in outcome.err and len(outcome.error_lines) == 1


@pytest.mark.parametrize(
    ("name", "door", "count"),
    [("jax_decoder", "convert-stablehlo-to-ttnn", 2), ("ttir_up_block", "convert-ttir-to-ttnn", 1)],
)
def test_the_pass_that_brings_the_op_in_is_named(name: str, door: str, count: int, report) -> None:
    path = EXAMPLES / f"{name}.mlir"

    outcome = report(path)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        f"{path}: {NONE}; {door} makes {count} of what is there: --passes {door}\n"
    )
    remark = report(path, "--json")
    assert (json.loads(remark.out)["ops"], remark.err) == ([], outcome.out)


def test_a_pass_that_brings_in_nothing_is_not_named(report, write) -> None:
    path = write(
        "func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {\n"
        "  %y = stablehlo.tanh %x : tensor<3xf32>\n  return %y : tensor<3xf32>\n}"
    )

    assert report(path).out == f"{path}: {NONE}\n"


def test_a_pass_that_would_refuse_is_named(report, write) -> None:
    """What it refuses it says itself, once it is asked for."""
    refused = ROOT / "filecheck" / "frontend" / "convert-stablehlo-to-ttnn-refusals.mlir"
    path, door = write(refused.read_text().split("// -----")[0]), "convert-stablehlo-to-ttnn"

    assert report(path).out == f"{path}: {NONE}; run {door} first: --passes {door}\n"
    assert "'stablehlo.convolution' op expected window" in report(path, "--passes", door).err


def test_what_is_decomposed_is_said(report, write, opt, tmp_path: Path) -> None:
    path, lower = write(IR), tmp_path / "lower.mlir"
    pipeline = "ttnn-to-decomposed{strategy=zero-insert}"
    assert opt(path, "-p", pipeline, "-o", lower).code == 0

    assert report(lower).out == f"{lower}: {NONE} left: what there was is decomposed\n"
    assert report(path, "--passes", pipeline).out == f"{path}: {NONE} left by --passes\n"


def test_every_op_is_reported(report, write) -> None:
    outcome = report(write(TWO), "--json")

    ops = json.loads(outcome.out)["ops"]
    assert [op["function"] for op in ops] == ["main", "other"]
    assert [op["macs"] for op in ops] == [16384, 4096]
    assert ops[1]["auto"]["strategy"] == "matmul"
    assert "refused" not in ops[1]["strategies"]["matmul"]


def test_nested_modules(report, write) -> None:
    outcome = report(write(load_text("tt-mlir-pipeline.mlir")), "--json")

    assert outcome.code == 0, outcome.err
    assert [op["function"] for op in json.loads(outcome.out)["ops"]] == ["forward"]


def test_an_op_inside_another_op(report, write) -> None:
    (line,) = (line for line in IR.splitlines() if "%y = " in line)
    inner = line.replace("%y = ", "%z = ")
    region = f'"other.op"() ({{\n{inner}\n"other.end"() : () -> ()\n}}) : () -> ()'

    outcome = report(write(IR.replace(line, f"{line}\n{region}")), "--json")

    assert [op["function"] for op in json.loads(outcome.out)["ops"]] == ["main", "main"]


def test_json(report, write) -> None:
    path = write(IR)

    data = json.loads(report(path, "--json", "--target", "wormhole").out)

    assert data["target"]["name"] == "wormhole"
    (op,) = data["ops"]
    assert (op["place"], op["groups"], op["element_type"]) == (f"{path}:3:5", 1, "f32")
    assert (op["input"], op["weight"]) == ([1, 4, 4, 8], [8, 8, 4, 4])
    assert (op["output"], op["flops"]) == ([1, 8, 8, 8], 2 * op["macs"])
    assert set(op["strategies"]) == set(own_names())
    assert op["strategies"]["matmul"] == {"refused": op["strategies"]["matmul"]["refused"]}
    assert " on wormhole by the cost model" in op["auto"]["reason"]
    sub_pixel = op["strategies"]["sub-pixel"]
    assert sub_pixel["multiply_adds"] == 16384
    assert sub_pixel["seconds"] == pytest.approx(
        sum(sub_pixel[f"{what}_seconds"] for what in ("multiply_add", "movement", "launch"))
    )


def test_the_keys_are_documented(report, write) -> None:
    (op,) = json.loads(report(write(IR), "--json").out)["ops"]

    for key in (*op, *op["auto"], *op["strategies"]["sub-pixel"], "refused"):
        assert key in EPILOG


def test_strategies_shown(report, write) -> None:
    path = write(IR)

    (op,) = json.loads(report(path, "--json", "--strategy", "sub-pixel", "matmul").out)["ops"]
    text = report(path, "--strategy", "zero-insert").out

    assert set(op["strategies"]) == {"sub-pixel", "matmul"}
    assert "gemm-col2im" not in [line.split()[0] for line in text.splitlines() if line.strip()]
    assert "matmul refuses" not in text
    assert "auto: " in text


def test_a_target_of_ones_own(report, write, tmp_path: Path) -> None:
    target = tmp_path / "slow.toml"
    keys = ("peak_multiply_adds_per_second", "bandwidth_bytes_per_second")
    target.write_text(
        "\n".join(f"{key} = 1" for key in (*keys, "cache_bandwidth_bytes_per_second"))
        + "\ncache_bytes = 0\ntile = [1, 1, 1]\nlaunch_overhead_seconds = 0\n"
    )

    outcome = report(write(IR), "--target", target, "--json")

    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["target"]["name"] == "slow"
    assert " on slow by the cost model" in outcome.out


def test_nothing_to_report(report, write) -> None:
    path = write("func.func @main() { return }")

    outcome = report(path)

    assert (outcome.code, outcome.out) == (0, f"{path}: {NONE}\n")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--strategy", "magic"), "ttnn-cost-report: error: strategy: expected one of zero-insert"),
        (("--strategy", "auto"), "ttnn-cost-report: error: strategy: expected one of zero-insert"),
        (("--target", "tpu"), "ttnn-cost-report: error: target: expected one of cpu, wormhole"),
        (("--target", "absent.toml"), "target absent.toml: expected a file to read, got: no such"),
        (("--passes", "nonsense"), "ttnn-cost-report: error: unknown pass 'nonsense'"),
        (("--nonsense",), "unrecognized arguments"),
    ],
)
def test_bad_usage(flags: tuple[str, ...], message: str, report, write) -> None:
    outcome = report(write(IR), *flags)

    assert outcome.code == 2
    assert outcome.out == ""
    assert message in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("ir", "message"),
    [
        ("module {", "error: "),
        ("", "expected a module, got an empty file"),
        (IR.replace("stride = array<i32: 2, 2>", "stride = array<i32: 0, 2>"), ":3:5: error: "),
        (
            conv_transpose2d_ir(CASE, types={"x": "tensor<?x4x4x8xf32>"}),
            ":3:5: error: 'ttnn.conv_transpose2d' op expected tensors of known shape, got ",
        ),
    ],
)
def test_bad_files(ir: str, message: str, report, write) -> None:
    outcome = report(write(ir))

    assert outcome.code == 2
    assert message in outcome.err
    assert len(outcome.error_lines) == 1


def test_a_missing_file(report) -> None:
    outcome = report("absent.mlir")

    assert outcome.code == 2
    assert outcome.err == "absent.mlir: error: no such file or directory\n"


def test_the_model_zoo(report, write) -> None:
    """Every layer: sub-pixel executes at most `macs`, gemm-col2im says what it crops."""
    layers = load_cases("model-zoo")
    functions = [conv_transpose2d_ir(layer, name=f"f{n}") for n, layer in enumerate(layers)]

    ops = json.loads(report(write("\n".join(functions)), "--json").out)["ops"]

    assert len(ops) == 18
    for layer, op in zip(layers, ops, strict=True):
        assert op["macs"] == layer["macs"]
        sub_pixel, gemm = op["strategies"]["sub-pixel"], op["strategies"]["gemm-col2im"]
        assert sub_pixel["multiply_adds"] <= layer["macs"]
        cropped = layer["macs"] - gemm["useful_multiply_adds"]
        assert gemm["cropped_multiply_adds"] == cropped
    assert sum(op["strategies"]["gemm-col2im"]["cropped_multiply_adds"] > 0 for op in ops) > 10
