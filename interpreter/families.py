"""Everything the interpreter can run: importing this module registers the emitters of all ops."""

from . import (
    emit_affine,
    emit_arith_bits,
    emit_arith_float,
    emit_arith_integer,
    emit_builtin,
    emit_control,
    emit_deconv,
    emit_linalg,
    emit_math,
    emit_memref,
    emit_tensor,
    emit_ttcore,
    emit_ttnn,
    emit_ttnn_convolution,
    emit_ttnn_pooling,
    emit_vector,
)
from .emit_control import emit_function

__all__ = [
    "emit_affine",
    "emit_arith_bits",
    "emit_arith_float",
    "emit_arith_integer",
    "emit_builtin",
    "emit_control",
    "emit_deconv",
    "emit_function",
    "emit_linalg",
    "emit_math",
    "emit_memref",
    "emit_tensor",
    "emit_ttcore",
    "emit_ttnn",
    "emit_ttnn_convolution",
    "emit_ttnn_pooling",
    "emit_vector",
]
