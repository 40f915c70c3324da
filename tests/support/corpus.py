"""Modules of every kind that the project knows, for tests of what all passes have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import ParseError, VerifyException

from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.verify_module import verify_module

from .cases import case_id, load_cases, load_text
from .floors import context
from .ir import conv_transpose2d_ir, with_property
from .prepared_ir import prepared_conv_transpose2d_ir

ROOT = Path(__file__).parents[2]
ACTIVATIONS = ("relu", "gelu", "tanh", "relu6")


def convolutions() -> Iterator[tuple[str, str]]:
    """The covering cases, one at a time: element types, fused activations, prepared weights."""
    for index, case in enumerate(load_cases("cover")):
        element_type = ("f32", "bf16", "i32", "f16")[index % 4]
        properties = None
        if index % 4 == 1:
            config = f"#ttnn.conv2d_config<activation = <op_type = {ACTIVATIONS[index // 4 % 4]}>>"
            properties = with_property(case, "conv2d_config", config)
        ir = conv_transpose2d_ir(case, element_type, properties=properties)
        yield f"cover {case_id(case)}", ir
        if index % 4 == 0:
            plain, cached = case | {"bias": False}, bool(index % 8)
            name = f"{'cached' if cached else 'prepared'} {case_id(case)}"
            yield name, prepared_conv_transpose2d_ir(plain, cached=cached)


def pieces(path: Path) -> Iterator[tuple[str, str]]:
    """The modules of a file of which lines `// -----` make several."""
    texts = path.read_text().split("// -----")
    for number, text in enumerate(texts):
        name = str(path.relative_to(ROOT))
        yield f"{name}#{number}" if len(texts) > 1 else name, text


def files() -> Iterator[tuple[str, str]]:
    """The recorded pipelines, the examples, and what the filecheck files have as inputs."""
    for name in ("tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"):
        yield name, load_text(name)
    for folder in ("examples", "filecheck"):
        for path in sorted((ROOT / folder).rglob("*.mlir")):
            yield from pieces(path)


def read(ir: str) -> ModuleOp | None:
    """A module, or None for what does not parse or verify, as inputs of diagnostics do not."""
    try:
        module = parse_module(ir, "corpus.mlir", context())
        verify_module(module)
    except (ParseError, VerifyException):
        return None
    return module
