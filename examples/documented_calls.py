"""Every documented parameter and return form of `ttnn.conv_transpose2d`, on this machine.

Each call is compared with the scatter definition of the op, written out below, on small whole
numbers (bit for bit) and, where torch is installed, with torch on random f32 numbers.

    python examples/documented_calls.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from xdsl_ttnn import frontend as ttnn

BATCH, HEIGHT, WIDTH, IN, OUT, KERNEL = 2, 4, 5, 4, 6, (3, 2)

BASE: dict[str, Any] = {
    "in_channels": IN,
    "out_channels": OUT,
    "batch_size": BATCH,
    "input_height": HEIGHT,
    "input_width": WIDTH,
    "kernel_size": KERNEL,
}

PARAMETERS: list[dict[str, Any]] = [
    {},
    {"stride": (2, 3)},
    {"padding": (1, 0)},
    {"padding": (0, 1, 2, 0)},
    {"stride": (2, 3), "output_padding": (1, 2)},
    {"dilation": (2, 3)},
    {"groups": 2},
    {"mirror_kernel": True},
    {"mirror_kernel": False},
    {
        "stride": (3, 2),
        "padding": (2, 1),
        "output_padding": (2, 0),
        "dilation": (1, 2),
        "groups": 2,
    },
    {"queue_id": 0},
    {"dtype": ttnn.float32},
    {"memory_config": ttnn.L1_MEMORY_CONFIG},
    {"conv_config": ttnn.Conv2dConfig(weights_dtype=ttnn.float32, act_block_h_override=32)},
    {"conv_config": ttnn.Conv2dConfig(activation=ttnn.UnaryWithParam(ttnn.UnaryOpType.RELU))},
    {"compute_config": ttnn.DeviceComputeKernelConfig(math_fidelity=ttnn.MathFidelity.HiFi2)},
    {
        "dram_slice_config": ttnn.Conv2dSliceConfig(
            slice_type=ttnn.Conv2dDRAMSliceHeight, num_slices=2
        )
    },
]


def scatter(x: np.ndarray, w: np.ndarray, b: np.ndarray, given: dict[str, Any]) -> np.ndarray:
    """out[n, y, x, o] = bias[o] + sum of in[n, i, j, c] * w[c, o mod O/G, kh, kw], in f64."""
    stride, dilation = given.get("stride", (1, 1)), given.get("dilation", (1, 1))
    extra, groups = given.get("output_padding", (0, 0)), given.get("groups", 1)
    top, bottom, left, right = pads(given)
    if not given.get("mirror_kernel", True):
        w = w[:, :, ::-1, ::-1]
    rows = (HEIGHT - 1) * stride[0] + dilation[0] * (KERNEL[0] - 1) + extra[0] + 1
    columns = (WIDTH - 1) * stride[1] + dilation[1] * (KERNEL[1] - 1) + extra[1] + 1
    whole = np.zeros((BATCH, rows, columns, OUT))
    for c, o, kh, kw in np.ndindex(IN, OUT // groups, *KERNEL):
        channel = c // (IN // groups) * (OUT // groups) + o
        landing = whole[:, kh * dilation[0] :: stride[0], kw * dilation[1] :: stride[1], channel]
        landing[:, :HEIGHT, :WIDTH] += x[..., c].astype(float) * w[c, o, kh, kw]
    out = whole[:, top : rows - bottom, left : columns - right] + b
    config = given.get("conv_config")
    return np.maximum(out, 0) if config is not None and config.activation else out


def pads(given: dict[str, Any]) -> tuple[int, int, int, int]:
    """(top, bottom, left, right)."""
    padding = given.get("padding", (0, 0))
    return padding if len(padding) == 4 else (padding[0], padding[0], padding[1], padding[1])


def torch_result(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, given: dict[str, Any]
) -> np.ndarray | None:
    """What torch says; None where torch has no such call."""
    import torch

    top, bottom, left, right = pads(given)
    if (top, left) != (bottom, right):
        return None
    kernel = torch.from_numpy(w)
    kernel = kernel if given.get("mirror_kernel", True) else kernel.flip(2, 3)
    out = torch.nn.functional.conv_transpose2d(
        torch.from_numpy(x).permute(0, 3, 1, 2),
        kernel,
        torch.from_numpy(b),
        stride=given.get("stride", (1, 1)),
        padding=(top, left),
        output_padding=given.get("output_padding", (0, 0)),
        dilation=given.get("dilation", (1, 1)),
        groups=given.get("groups", 1),
    )
    config = given.get("conv_config")
    out = out.relu() if config is not None and config.activation else out
    return out.permute(0, 2, 3, 1).numpy()


def tensors(given: dict[str, Any], *, whole: bool) -> tuple[np.ndarray, ...]:
    """x, w and b in f32: whole numbers from -4 to 4, or normal ones."""
    random = np.random.default_rng(0)
    shapes = ((BATCH, HEIGHT, WIDTH, IN), (IN, OUT // given.get("groups", 1), *KERNEL), (OUT,))
    make = (lambda s: random.integers(-4, 5, s)) if whole else random.standard_normal
    return tuple(make(shape).astype(np.float32) for shape in shapes)


def call(x: Any, w: Any, b: Any, given: dict[str, Any]) -> Any:
    """The call, as a script writes it."""
    return ttnn.conv_transpose2d(input_tensor=x, weight_tensor=w, bias_tensor=b, **(BASE | given))


def check_parameters() -> Iterator[str]:
    """Each parameter, against the definition and torch."""
    for given in PARAMETERS:
        x, w, b = tensors(given, whole=True)
        assert np.array_equal(call(x, w, b, given), scatter(x, w, b, given)), given
        verdict = "exact"
        if find_spec("torch") is not None:
            x, w, b = tensors(given, whole=False)
            expected = torch_result(x, w, b, given)
            if expected is not None:
                np.testing.assert_allclose(call(x, w, b, given), expected, rtol=1e-5, atol=1e-5)
                verdict = "exact, equals torch"
        yield f"{', '.join(map(str, given)) or 'the defaults':<60} {verdict}"


def check_return_forms() -> Iterator[str]:
    """The four return forms, and what was prepared fed back."""
    given = {"stride": (2, 3), "output_padding": (1, 2), "groups": 2}
    x, w, b = tensors(given, whole=True)
    expected = scatter(x, w, b, given)
    for size in (False, True):
        for weights in (False, True):
            forms = {"return_output_dim": size, "return_weights_and_bias": weights}
            answer = call(x, w, b, given | forms)
            out, *rest = answer if size or weights else (answer,)
            assert np.array_equal(out, expected)
            if size:
                assert rest.pop(0) == expected.shape[1:3]
            if weights:
                weight, bias = rest.pop(0)
                assert np.array_equal(call(x, weight, bias, given), expected)
            assert not rest
            asked = ", ".join(name for name, is_asked in forms.items() if is_asked)
            yield f"{asked or 'the result alone':<60} exact"


def check_tensors() -> Iterator[str]:
    """The module's own tensors, on a device, their weight prepared beforehand."""
    given: dict[str, Any] = {"stride": (2, 3), "groups": 2}
    x, w, b = tensors(given, whole=True)
    with ttnn.manage_device(device_id=0, l1_small_size=16384) as device:
        image = ttnn.from_numpy(x, ttnn.bfloat16, layout=ttnn.TILE_LAYOUT, device=device)
        weight = ttnn.prepare_conv_transpose2d_weights(
            weight_tensor=ttnn.from_numpy(w), device=device, **(BASE | given)
        )
        bias = ttnn.prepare_conv_transpose2d_bias(
            bias_tensor=ttnn.from_numpy(b), device=device, **(BASE | given)
        )
        out = call(image, weight, bias, given | {"device": device, "dtype": ttnn.float32})
    assert np.array_equal(ttnn.to_numpy(out), scatter(x, w, b, given))
    yield f"{'tensors on a device, prepared weight and bias':<60} exact"


def main() -> int:
    """All of it."""
    for check in (check_parameters, check_return_forms, check_tensors):
        for line in check():
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
