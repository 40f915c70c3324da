"""ONNX files that PyTorch writes: imported, they give what eager and onnxruntime give."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.torch_models import assert_close, dcgan_generator, fcn8s_head, unet
from xdsl_ttnn.frontend import import_onnx

MODELS = {
    "dcgan": (lambda torch: dcgan_generator(torch, 4, 10), [(2, 10, 1, 1)], 5),
    "unet": (lambda torch: unet(torch, 4), [(2, 3, 12, 20)], 2),
    "fcn8s": (fcn8s_head, [(1, 6, 29, 33), (1, 8, 15, 17), (1, 10, 2, 3)], 3),
}

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*treespec:FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def torch() -> Any:
    pytest.importorskip("onnxscript", reason="onnxscript, which torch exports with, is missing")
    return pytest.importorskip("torch", reason="torch is not installed")


@pytest.mark.parametrize("is_new", [True, False], ids=["dynamo", "torchscript"])
@pytest.mark.parametrize("name", MODELS)
def test_exported_models(name: str, is_new: bool, torch: Any, tmp_path: Path) -> None:
    make, shapes, transposed = MODELS[name]
    model = make(torch)
    inputs = [torch.randn(shape) for shape in shapes]
    path = tmp_path / "model.onnx"
    torch.onnx.export(model, tuple(inputs), path, dynamo=is_new, verbose=False)

    imported = import_onnx(path)

    counts = Counter(op.name for op in imported.module.walk())
    assert counts["ttnn.conv_transpose2d"] == transposed
    expected = _onnxruntime(path, inputs)
    for floor in ("ttnn", "linalg"):
        (result,) = imported.compile(floor)(*(x.numpy() for x in inputs))

        assert_close(torch, torch.from_numpy(result), model(*inputs))
        assert_close(torch, torch.from_numpy(result), torch.from_numpy(expected))


def _onnxruntime(path: Path, inputs: list[Any]) -> Any:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_inputs()]
    (result,) = session.run(None, dict(zip(names, (x.numpy() for x in inputs), strict=True)))
    return result
