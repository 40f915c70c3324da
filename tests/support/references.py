"""What a transposed convolution gives, from sources that share no code with the project.

`brute_force` is the formula of the op, one product at a time in height and width; onnxruntime and
torch are other people's implementations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from .cases import Case

Array = NDArray[Any]

DTYPES: Mapping[str, Any] = {
    "f32": np.float32,
    "f64": np.float64,
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "i1": np.bool_,
    "i4": np.int8,
    "ui4": np.uint8,
    "i8": np.int8,
    "si8": np.int8,
    "ui8": np.uint8,
    "i16": np.int16,
    "si16": np.int16,
    "ui16": np.uint16,
    "i32": np.int32,
    "si32": np.int32,
    "ui32": np.uint32,
    "i64": np.int64,
    "si64": np.int64,
}
"""NumPy's types by the name of the element type in IR."""


def input_shape(case: Case) -> tuple[int, ...]:
    return (case["n"], case["h"], case["w"], case["c"])


def weight_shape(case: Case) -> tuple[int, ...]:
    return (case["c"], case["o"] // case["groups"], case["kh"], case["kw"])


def output_shape(case: Case) -> tuple[int, ...]:
    return (case["n"], case["hout"], case["wout"], case["o"])


def flattened(shape: Sequence[int]) -> tuple[int, ...]:
    batch, height, width, channels = shape
    return (1, 1, batch * height * width, channels)


def integer_arrays(
    case: Case, element_type: str = "f32", seed: int = 0, bounds: tuple[int, int] = (-4, 5)
) -> dict[str, Array]:
    """x, w and, where the case has a bias, b, of small whole numbers; none is symmetric."""
    random = np.random.default_rng(seed)
    shapes = {"x": input_shape(case), "w": weight_shape(case), "b": (1, 1, 1, case["o"])}
    if not case["bias"]:
        del shapes["b"]
    return {
        name: random.integers(*bounds, shape).astype(DTYPES[element_type])
        for name, shape in shapes.items()
    }


def normal_arrays(case: Case, element_type: str, seed: int = 0) -> dict[str, Array]:
    """x, w and, where the case has a bias, b, from a normal distribution."""
    random = np.random.default_rng(seed)
    return {
        name: random.standard_normal(array.shape).astype(DTYPES[element_type])
        for name, array in integer_arrays(case).items()
    }


def pads(case: Case) -> tuple[int, int, int, int]:
    """(top, bottom, left, right), read from the documented orders of ttnn's padding."""
    values = case["padding"]
    if len(values) == 2:
        return (values[0], values[0], values[1], values[1])
    return tuple(values)


def macs_with_zeros(case: Case) -> int:
    """Multiply-adds of the convolution over the zero-inserted input."""
    outputs = case["n"] * case["hout"] * case["wout"] * case["o"]
    return outputs * (case["c"] // case["groups"]) * case["kh"] * case["kw"]


def patch_bytes(case: Case) -> int:
    """Bytes of the f32 matrix of patches of that convolution."""
    return case["n"] * case["hout"] * case["wout"] * case["c"] * case["kh"] * case["kw"] * 4


def brute_force(case: Case, x: Array, w: Array, b: Array | None = None) -> Array:
    """out[n, y, x, o] = bias[o] + sum of in[n, i, j, c] * w[c, o - g*O/G, kh', kw'], as it stands.

    Computed in f64 or i64; for each position and tap one product over channels, group by group.
    """
    wide = np.float64 if x.dtype.kind not in "iu" else np.int64
    groups, inputs = case["groups"], case["c"] // case["groups"]
    x = x.astype(wide).reshape(*input_shape(case)[:3], groups, inputs)
    w = w.astype(wide).reshape(groups, inputs, *weight_shape(case)[1:])
    batch, hout, wout, channels = output_shape(case)
    out = np.zeros((batch, hout, wout, groups, channels // groups), wide)
    top, _, left, _ = pads(case)
    mirrored = case["mirror_kernel"] is not False
    for i, j, kh, kw in np.ndindex(case["h"], case["w"], case["kh"], case["kw"]):
        row = i * case["sh"] - top + case["dh"] * kh
        column = j * case["sw"] - left + case["dw"] * kw
        if 0 <= row < hout and 0 <= column < wout:
            tap = (kh, kw) if mirrored else (case["kh"] - 1 - kh, case["kw"] - 1 - kw)
            out[:, row, column] += np.einsum("ngc,gco->ngo", x[:, i, j], w[..., *tap])
    result = out.reshape(output_shape(case))
    return result if b is None else result + b.astype(wide).reshape(-1)


def torch_style_weight(case: Case, w: Array) -> Array:
    """The kernel as libraries that always mirror take it."""
    return w[:, :, ::-1, ::-1] if case["mirror_kernel"] is False else w


def onnx_expresses(case: Case) -> bool:
    """Whether onnxruntime's ConvTranspose takes the case: output padding below the stride."""
    return all(case[f"op{axis}"] < case[f"s{axis}"] for axis in "hw")


def onnxruntime_result(case: Case, x: Array, w: Array, b: Array | None = None) -> Array:
    """The f32 result of onnxruntime's ConvTranspose, in NHWC; pads are top, left, bottom, right."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    top, bottom, left, right = pads(case)
    names = ["x", "w", *(["b"] if b is not None else [])]
    node = helper.make_node(
        "ConvTranspose",
        names,
        ["y"],
        dilations=[case["dh"], case["dw"]],
        group=case["groups"],
        kernel_shape=[case["kh"], case["kw"]],
        output_padding=[case["oph"], case["opw"]],
        pads=[top, left, bottom, right],
        strides=[case["sh"], case["sw"]],
    )
    feeds = {"x": x.reshape(input_shape(case)).transpose(0, 3, 1, 2)}
    feeds["w"] = torch_style_weight(case, w)
    if b is not None:
        feeds["b"] = b.reshape(-1)
    feeds = {name: np.ascontiguousarray(value, np.float32) for name, value in feeds.items()}
    graph = helper.make_graph(
        [node],
        "reference",
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=min(10, onnx.IR_VERSION)
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    (result,) = session.run(["y"], feeds)
    return result.transpose(0, 2, 3, 1)


def torch_expresses(case: Case) -> bool:
    """Whether torch takes the case: equal pads on both sides, small output padding."""
    top, bottom, left, right = pads(case)
    small = all(case[f"op{axis}"] < max(case[f"s{axis}"], case[f"d{axis}"]) for axis in "hw")
    return (top, left) == (bottom, right) and small


def torch_result(torch: Any, case: Case, x: Array, w: Array, b: Array | None = None) -> Array:
    """The f32 result of torch's conv_transpose2d, in NHWC."""
    top, _, left, _ = pads(case)
    feeds = [x.reshape(input_shape(case)).transpose(0, 3, 1, 2), torch_style_weight(case, w)]
    values = [torch.from_numpy(np.ascontiguousarray(feed, np.float32)) for feed in feeds]
    bias = None if b is None else torch.from_numpy(b.reshape(-1).astype(np.float32))
    result = torch.nn.functional.conv_transpose2d(
        *values,
        bias,
        stride=(case["sh"], case["sw"]),
        padding=(top, left),
        output_padding=(case["oph"], case["opw"]),
        groups=case["groups"],
        dilation=(case["dh"], case["dw"]),
    )
    return result.numpy().transpose(0, 2, 3, 1)
