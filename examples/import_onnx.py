"""A small image generator, made with ONNX's own helpers, imported and run at every floor.

Each result is compared with that of ONNX's reference implementation.

    python examples/import_onnx.py
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise

import numpy as np

from xdsl_ttnn.frontend import import_onnx

try:
    from onnx import ModelProto, TensorProto, helper, numpy_helper
    from onnx.reference import ReferenceEvaluator
except ImportError:
    sys.exit("expected the package 'onnx', got none; run: pip install 'xdsl-ttnn[onnx]'")

CHANNELS = (16, 32, 16, 8, 3)
"""Of the noise, between the layers, and of the image."""

FLOORS = ("ttnn", "decomposed", "linalg", "loops")
BOUND = 1e-5


def make_model() -> ModelProto:
    """1x1 noise to a 32x32 image: transposed convolutions, normalizations, relus, a tanh."""
    random = np.random.default_rng(0)
    nodes, known, value = [], {}, "noise"
    for layer, (channels, out) in enumerate(pairwise(CHANNELS)):
        scale = np.sqrt(8 / (channels * 16))
        known[f"w{layer}"] = scale * random.normal(size=(channels, out, 4, 4))
        moves = {"strides": [1, 1]} if layer == 0 else {"strides": [2, 2], "pads": [1] * 4}
        nodes.append(
            helper.make_node("ConvTranspose", [value, f"w{layer}"], [f"up{layer}"], **moves)
        )
        value = f"up{layer}"
        if layer == len(CHANNELS) - 2:
            continue
        statistics = [f"{name}{layer}" for name in ("scale", "shift", "mean", "variance")]
        known |= {name: random.uniform(0.5, 1.5, out) for name in statistics}
        nodes.append(helper.make_node("BatchNormalization", [value, *statistics], [f"norm{layer}"]))
        nodes.append(helper.make_node("Relu", [f"norm{layer}"], [f"relu{layer}"]))
        value = f"relu{layer}"
    nodes.append(helper.make_node("Tanh", [value], ["image"]))
    graph = helper.make_graph(
        nodes,
        "generator",
        [helper.make_tensor_value_info("noise", TensorProto.FLOAT, (2, CHANNELS[0], 1, 1))],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array.astype(np.float32), name) for name, array in known.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def main() -> int:
    """Import, run, compare; the exit code is 1 where a result is off."""
    model = make_model()
    imported = import_onnx(model)
    nodes = Counter(node.op_type for node in model.graph.node)
    ops = Counter(
        op.name.removeprefix("ttnn.") for op in imported.module.walk() if "ttnn" in op.name
    )
    print("nodes:", ", ".join(f"{count} {name}" for name, count in nodes.items()))
    print("ops:  ", ", ".join(f"{count} {name}" for name, count in ops.items()))

    noise = np.random.default_rng(1).normal(size=(2, CHANNELS[0], 1, 1)).astype(np.float32)
    (expected,) = ReferenceEvaluator(model).run(None, {"noise": noise})
    worst = 0.0
    for floor in FLOORS:
        (image,) = imported.compile(floor)(noise)
        difference = float(np.abs(image - expected).max())
        worst = max(worst, difference)
        print(f"{floor:<10} image {image.shape}, largest difference {difference:.1e}")
    return int(worst > BOUND)


if __name__ == "__main__":
    sys.exit(main())
