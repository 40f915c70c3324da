"""The documented Python call, made of a case."""

from __future__ import annotations

from typing import Any

from .cases import Case
from .references import Array

SHARED = {
    "in_channels": "c",
    "out_channels": "o",
    "batch_size": "n",
    "input_height": "h",
    "input_width": "w",
    "groups": "groups",
}


def call_parameters(case: Case) -> dict[str, Any]:
    """What a case says besides tensors, by the names of the call."""
    parameters: dict[str, Any] = {name: case[field] for name, field in SHARED.items()}
    pairs = {"kernel_size": "k", "stride": "s", "output_padding": "op", "dilation": "d"}
    for name, prefix in pairs.items():
        parameters[name] = (case[f"{prefix}h"], case[f"{prefix}w"])
    parameters["padding"] = tuple(case["padding"])
    if case["mirror_kernel"] is not None:
        parameters["mirror_kernel"] = case["mirror_kernel"]
    return parameters


def call_arguments(case: Case, arrays: dict[str, Array]) -> dict[str, Any]:
    """All arguments of the call for a case; the bias is (O,)."""
    tensors: dict[str, Any] = {"input_tensor": arrays["x"], "weight_tensor": arrays["w"]}
    if "b" in arrays:
        tensors["bias_tensor"] = arrays["b"].reshape(-1)
    return tensors | call_parameters(case)
