"""Builds TTNN modules from calls that speak the language of ONNX and PyTorch: (N, C, H, W)."""

from .builder import BuiltGraph, GraphBuilder
from .convolutions import Sliding
from .normalization import BatchNorm
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
]
