"""Builds TTNN modules from calls that speak the language of ONNX and PyTorch: (N, C, H, W)."""

from .builder import BuiltGraph, GraphBuilder
from .normalization import BatchNorm
from .sliding import Sliding, per_axis
from .values import Constant, Tensor, Value, array_type, element_type_for

__all__ = [
    "BatchNorm",
    "BuiltGraph",
    "Constant",
    "GraphBuilder",
    "Sliding",
    "Tensor",
    "Value",
    "array_type",
    "element_type_for",
    "per_axis",
]
