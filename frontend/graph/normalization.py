"""Batch normalization at inference: into the convolution before it, or as a scale and a shift."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from xdsl.ir import Operation, SSAValue

from ...dialect import ttnn
from ...dialect.numpy_types import FLOAT64, Array, convert, numpy_dtype
from ...dialect.tensor_types import shape_of
from .convolutions import Convolved
from .pooling import Pooling
from .values import Constant, Tensor, Value


@dataclass(frozen=True)
class BatchNorm:
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, one number of each a channel."""

    scale: Array
    bias: Array
    mean: Array
    variance: Array
    epsilon: float = 1e-5

    @property
    def factor(self) -> Array:
        """scale / sqrt(variance + epsilon), in f64."""
        return self.scale.astype(FLOAT64) / np.sqrt(self.variance.astype(FLOAT64) + self.epsilon)

    @property
    def shift(self) -> Array:
        """bias - mean * factor, in f64."""
        return self.bias.astype(FLOAT64) - self.mean.astype(FLOAT64) * self.factor


@dataclass(frozen=True)
class Normalized:
    """A batch normalization as it was built: x * factor + shift."""

    x: SSAValue
    product: Operation
    total: Operation
    norm: BatchNorm
    name: str


@dataclass(eq=False)
class Normalization(Pooling):
    """Batch normalizations; what can be folded is when the graph is finished."""

    _normalized: list[Normalized] = field(default_factory=list[Normalized], init=False)

    def batch_norm(self, x: Value, norm: BatchNorm, *, name: str = "norm") -> Tensor:
        """The normalization of dimension 1 of `x`.

        Where it alone reads a convolution of known weights, it is folded into them.
        """
        tensor = self.tensor(x)
        dtype = numpy_dtype(tensor.element_type)
        sizes = (-1, *[1] * (len(x.shape) - 2))
        factor = Constant(convert(norm.factor, dtype).reshape(sizes), f"{name}_factor")
        shift = Constant(convert(norm.shift, dtype).reshape(sizes), f"{name}_shift")
        product = self.multiply(tensor, factor, name=f"{name}_scaled")
        total = self.add(product, shift, name=name)
        first, second = product.ssa.owner, total.ssa.owner
        assert isinstance(first, Operation) and isinstance(second, Operation)
        self._normalized.append(Normalized(tensor.ssa, first, second, norm, name))
        return total

    def fold_normalizations(self) -> None:
        """Scale weights and biases in place of results, where nothing else reads those."""
        for normalized in self._normalized:
            convolved = self.convolved.get(normalized.x)
            if convolved is not None and convolved.op.result.has_one_use():
                self._fold(normalized, convolved)

    def _fold(self, normalized: Normalized, convolved: Convolved) -> None:
        op, norm = convolved.op, normalized.norm
        dtype = convolved.weight.array.dtype
        weight = Constant(
            convert(scaled_weight(convolved, norm.factor), dtype), convolved.weight.name
        )
        before = 0.0 if convolved.bias is None else convolved.bias.array.astype(FLOAT64).reshape(-1)
        bias_name = f"{normalized.name}_bias" if convolved.bias is None else convolved.bias.name
        bias = Constant(convert(before * norm.factor + norm.shift, dtype), bias_name)
        op.operands = [
            op.input,
            self.stored(weight, shape_of(op.weight), before=op),
            self.stored(bias, (1, 1, 1, -1), before=op),
            op.device,
        ]
        (total,) = normalized.total.results
        total.replace_all_uses_with(op.result)
        for dead in (normalized.total, normalized.product):
            dead.detach()
            dead.erase()
        self.convolved[total] = replace(convolved, weight=weight, bias=bias)


def scaled_weight(convolved: Convolved, factor: Array) -> Array:
    """The weight with each output channel times its factor, in f64.

    Output channels are dimension 0 of a convolution's weight, (O, C/G, K...), and dimension 1 of
    each group of a transposed one's, (C, O/G, K...).
    """
    weight = convolved.weight.array.astype(FLOAT64)
    if isinstance(convolved.op, ttnn.Conv2dOp):
        return weight * factor.reshape(-1, *[1] * (weight.ndim - 1))
    groups = convolved.groups
    grouped = weight.reshape(groups, -1, *weight.shape[1:])
    factors = factor.reshape(groups, 1, -1, *[1] * (weight.ndim - 2))
    return (grouped * factors).reshape(weight.shape)
