"""IREE as the benchmarks use it: compile a module, run it, and its own import of a layer."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import iree.compiler
import iree.runtime
import numpy as np
import onnx
from _support import Layer
from onnx import TensorProto, helper, numpy_helper

FLAGS = ("--iree-llvmcpu-target-cpu=host", "--iree-opt-level=O3")
"""Compiler flags, the same for both sides."""

Array = np.ndarray[Any, np.dtype[Any]]


class Compiled:
    """A compiled module on one thread of this machine's CPU; arrays stay on the device."""

    def __init__(self, text: str, input_type: str = "auto"):
        binary = iree.compiler.compile_str(
            text, target_backends=["llvm-cpu"], input_type=input_type, extra_args=list(FLAGS)
        )
        self._config = iree.runtime.Config("local-sync")
        context = iree.runtime.SystemContext(config=self._config)
        module = iree.runtime.VmModule.copy_buffer(context.instance, binary)
        context.add_vm_module(module)
        self._module = context.modules[module.name]

    def to_device(self, arrays: Sequence[Array]) -> list[Any]:
        return [iree.runtime.asdevicearray(self._config.device, array) for array in arrays]

    def call(self, name: str, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """The results of a function, on the device."""
        results = self._module[name](*arguments)
        return results if isinstance(results, tuple) else (results,)


def onnx_model(layer: Layer, weight: Array, bias: Array | None) -> onnx.ModelProto:
    """ConvTranspose of a layer with its weights as initializers; NCHW, as ONNX has it."""
    vertical, horizontal = layer["padding"][:2]
    node = helper.make_node(
        "ConvTranspose",
        ["x", "w", *(["b"] if bias is not None else [])],
        ["y"],
        kernel_shape=[layer["kh"], layer["kw"]],
        strides=[layer["sh"], layer["sw"]],
        pads=[vertical, horizontal, vertical, horizontal],
        output_padding=[layer["oph"], layer["opw"]],
        dilations=[layer["dh"], layer["dw"]],
        group=layer["groups"],
    )
    constants = [numpy_helper.from_array(weight, "w")]
    if bias is not None:
        constants.append(numpy_helper.from_array(bias.reshape(-1), "b"))
    shapes = {
        "x": (layer["n"], layer["c"], layer["h"], layer["w"]),
        "y": (layer["n"], layer["o"], layer["hout"], layer["wout"]),
    }
    values = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    }
    graph = helper.make_graph([node], "main", [values["x"]], [values["y"]], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def import_onnx(model: onnx.ModelProto) -> str:
    """IREE's own import of a model, as text."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "model.onnx"), Path(folder, "model.mlir")
        onnx.save(model, source)
        command = [sys.executable, "-m", "iree.compiler.tools.import_onnx", source, "-o", target]
        subprocess.run([str(part) for part in command], check=True)
        return target.read_text()
