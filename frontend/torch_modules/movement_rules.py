"""Rules of ops that move elements, and of pooling and upsampling."""

from __future__ import annotations

import numpy as np

from ..graph import GraphBuilder, Sliding, Value
from .calls import Call, Result, rule

# Movement ----------------------------------------------------------------------------------------


@rule(
    *("view.default", "_unsafe_view.default", "reshape.default", "alias.default"),
    *("unsqueeze.default", "squeeze.default", "squeeze.dim", "squeeze.dims"),
    *("clone.default", "contiguous.default", "detach.default", "dropout.default"),
)
def _view(graph: GraphBuilder, call: Call) -> Value:
    """The same elements in the same order, under the shape that torch says."""
    value = call.arguments.get("self", call.arguments.get("input"))
    assert value is not None
    return _reshape(graph, value, call)


def _reshape(graph: GraphBuilder, value: Value, call: Call) -> Value:
    return value if value.shape == call.shape else graph.reshape(value, call.shape, name=call.name)


@rule("permute.default")
def _permute(graph: GraphBuilder, call: Call) -> Value:
    rank = len(call.shape)
    return graph.permute(call["self"], [axis % rank for axis in call["dims"]], name=call.name)


@rule("cat.default")
def _cat(graph: GraphBuilder, call: Call) -> Value:
    parts = [call.operand(graph, part) for part in call["tensors"]]
    return graph.concat(parts, call["dim"], name=call.name)


@rule("slice.Tensor")
def _slice(graph: GraphBuilder, call: Call) -> Value:
    shape = call["self"].shape
    axis = call["dim"] % len(shape)
    start, stop, step = slice(call["start"], call["end"], call["step"]).indices(shape[axis])
    if (start, stop, step) == (0, shape[axis], 1):
        return call["self"]
    bounds, steps = [(0, size) for size in shape], [1] * len(shape)
    bounds[axis], steps[axis] = (start, max(start, stop)), step
    return graph.slice(call["self"], bounds, steps, name=call.name)


@rule("select.int")
def _select(graph: GraphBuilder, call: Call) -> Value:
    shape = call["self"].shape
    axis = call["dim"] % len(shape)
    index = call["index"] % shape[axis]
    bounds = [(0, size) for size in shape]
    bounds[axis] = (index, index + 1)
    part = graph.slice(call["self"], bounds, name=f"{call.name}_slice")
    return graph.reshape(part, call.shape, name=call.name)


@rule("split_with_sizes.default")
def _split(graph: GraphBuilder, call: Call) -> Result:
    shape, start = call["self"].shape, 0
    axis = call["dim"] % len(shape)
    parts: list[Value | None] = []
    for index, size in enumerate(call["split_sizes"]):
        bounds = [(0, extent) for extent in shape]
        bounds[axis] = (start, start + size)
        is_read = index in call.read
        name = f"{call.name}_{index}"
        parts.append(graph.slice(call["self"], bounds, name=name) if is_read else None)
        start += size
    return tuple(parts)


@rule("constant_pad_nd.default")
def _pad(graph: GraphBuilder, call: Call) -> Value:
    """torch lists (low, high) from the last dimension on; negative amounts cut off."""
    value, shape = call["self"], call["self"].shape
    pairs = list(zip(call["pad"][::2], call["pad"][1::2], strict=True))[::-1]
    pairs = [(0, 0)] * (len(shape) - len(pairs)) + pairs
    bounds = [
        (max(-low, 0), size - max(-high, 0)) for size, (low, high) in zip(shape, pairs, strict=True)
    ]
    if any(bound != (0, size) for bound, size in zip(bounds, shape, strict=True)):
        value = graph.slice(value, bounds, name=f"{call.name}_cropped")
    amounts = [(max(low, 0), max(high, 0)) for low, high in pairs]
    return graph.pad(value, amounts, float(call["value"]), name=call.name)


# Pooling and upsampling --------------------------------------------------------------------------


@rule("max_pool2d_with_indices.default")
def _max_pool(graph: GraphBuilder, call: Call) -> Result:
    kernel, sliding = _windows(call)
    images = _images(graph, call)
    pooled = graph.max_pool(images, kernel, sliding, ceil_mode=call["ceil_mode"], name=call.name)
    return call.only_first(_reshape(graph, pooled, call))


@rule("avg_pool2d.default")
def _avg_pool(graph: GraphBuilder, call: Call) -> Value:
    if call["divisor_override"] is not None:
        raise ValueError(f"expected no divisor_override, got {call['divisor_override']}")
    kernel, sliding = _windows(call)
    pooled = graph.avg_pool(
        _images(graph, call),
        kernel,
        sliding,
        ceil_mode=call["ceil_mode"],
        count_include_pad=call["count_include_pad"],
        name=call.name,
    )
    return _reshape(graph, pooled, call)


@rule("mean.dim")
def _mean(graph: GraphBuilder, call: Call) -> Value:
    value, rank = call["self"], len(call["self"].shape)
    axes = sorted(axis % rank for axis in call["dim"] or range(rank))
    if rank not in (3, 4) or axes != list(range(2, rank)):
        raise ValueError(f"expected the mean of all spatial dimensions, got that of {axes}")
    return _reshape(graph, graph.global_avg_pool(call.cast(graph, value), name=call.name), call)


def _windows(call: Call) -> tuple[tuple[int, ...], Sliding]:
    """The kernel of a pooling and how it moves: without a stride by the size of the kernel."""
    kernel = call.per_axis("kernel_size", 2)
    stride = call.per_axis("stride", 2) if call["stride"] else kernel
    dilation = call.per_axis("dilation", 2) if "dilation" in call.arguments else ()
    padding = tuple((amount, amount) for amount in call.per_axis("padding", 2))
    return kernel, Sliding(stride, padding, dilation)


def _images(graph: GraphBuilder, call: Call) -> Value:
    """What a pooling reads, with a batch of one where torch was given none."""
    value = call["self"]
    if len(value.shape) == 4:
        return value
    return graph.reshape(value, (1, *value.shape), name=f"{call.name}_batch")


@rule(
    *("upsample_nearest1d.default", "upsample_nearest1d.vec"),
    *("upsample_nearest2d.default", "upsample_nearest2d.vec"),
)
def _upsample(graph: GraphBuilder, call: Call) -> Value:
    value = call.arguments.get("self", call.arguments.get("input"))
    assert value is not None
    before, after = value.shape[2:], call.shape[2:]
    factors = tuple(large // small for small, large in zip(before, after, strict=True))
    scales = call.arguments.get("scale_factors") or [
        call.arguments.get(name)
        for name in (("scales",) if len(before) == 1 else ("scales_h", "scales_w"))
    ]
    for small, large, factor, scale in zip(before, after, factors, scales, strict=True):
        if small * factor != large or scale not in (None, factor):
            said = f"{large / small:g}" if scale is None else f"{scale:g}"
            raise ValueError(f"expected whole factors, got {said} (from {small} to {large})")
        if not _repeats(small, factor, scale):
            raise ValueError(
                f"expected factors at which torch repeats every element {factor} times, got "
                f"{factor}, whose inverse rounds down in f32 (from {small} to {large})"
            )
    return graph.upsample_nearest(value, factors, name=call.name)


def _repeats(size: int, factor: int, scale: float | None) -> bool:
    """Whether torch takes each of `size` elements `factor` times.

    It multiplies the index of a result by an inverse scale in f32, which rounds: at a scale of 41
    the 41st result is still element 0. Results ascend, so the first and the last of each suffice.
    """
    step = np.float32(1 / scale) if scale else np.float32(size) / np.float32(size * factor)
    wanted = np.arange(size)
    return all(
        np.array_equal(np.minimum(np.floor(results.astype(np.float32) * step), size - 1), wanted)
        for results in (wanted * factor, wanted * factor + factor - 1)
    )
