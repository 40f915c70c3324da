"""Models with transposed convolutions, as ONNX: DCGAN generator, U-Net, head of an FCN-8s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, helper

from .onnx_graphs import Array, model_of


@dataclass
class Network:
    """Nodes one behind the other, with random weights.

    `whole` makes weights and factors of -1, 0 and 1 and biases that are whole numbers, so that
    everything but a Tanh stays a whole number.
    """

    whole: bool
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))
    nodes: list[NodeProto] = field(default_factory=list)
    known: dict[str, Array] = field(default_factory=dict)

    def node(self, op_type: str, inputs: Sequence[str], **attributes: Any) -> str:
        name = f"{op_type.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op_type, inputs, [name], name=name, **attributes))
        return name

    def array(self, array: Array, dtype: type = np.float32) -> str:
        name = f"weight{len(self.known)}"
        self.known[name] = array.astype(dtype)
        return name

    def weight(self, shape: tuple[int, ...], terms: int) -> str:
        """A weight whose sums of `terms` products are about as large as what they sum."""
        if self.whole:
            signs = self.random.choice([-1.0, 1.0], shape)
            return self.array(np.where(self.random.random(shape) < 4 / terms, signs, 0.0))
        return self.array(self.random.normal(size=shape) * np.sqrt(2 / terms))

    def conv(self, x: str, channels: int, out: int, kernel: int, *, bias: bool = False) -> str:
        """A convolution that keeps the size of an image."""
        weight = self.weight((out, channels, kernel, kernel), channels * kernel**2)
        inputs = [x, weight, *([self.weight((out,), 1)] if bias else [])]
        return self.node("Conv", inputs, pads=[kernel // 2] * 4)

    def up(self, x: str, channels: int, out: int, kernel: int, stride: int, pad: int = 0) -> str:
        """A transposed convolution."""
        weight = self.weight((channels, out, kernel, kernel), channels * (kernel // stride) ** 2)
        return self.node("ConvTranspose", [x, weight], strides=[stride] * 2, pads=[pad] * 4)

    def norm(self, x: str, channels: int) -> str:
        """A batch normalization and a relu."""
        if self.whole:
            rows = [
                self.random.integers(low, 3, channels).astype(np.float32) for low in (1, -2, -2)
            ]
            statistics, epsilon = [*rows, np.ones(channels, np.float32)], 0.0
        else:
            scale, bias, mean = self.random.normal((1, 0, 0), 0.2, (channels, 3)).T
            statistics, epsilon = [scale, bias, mean, self.random.uniform(0.5, 1.5, channels)], 1e-5
        names = [self.array(row) for row in statistics]
        return self.node("Relu", [self.node("BatchNormalization", [x, *names], epsilon=epsilon)])

    def model(self, inputs: dict[str, Array], output: str) -> ModelProto:
        self.nodes.append(helper.make_node("Identity", [output], ["y"]))
        return model_of(self.nodes, inputs, self.known)

    def image(self, *shape: int) -> Array:
        drawn = self.random.integers(-2, 3, shape) if self.whole else self.random.normal(size=shape)
        return drawn.astype(np.float32)


Built = tuple[ModelProto, dict[str, Array]]


def dcgan_generator(whole: bool, features: int = 64, noise: int = 100) -> Built:
    """Noise of 100 numbers to an image of 64x64: four layers with normalization and relu, a tanh.

    `features` is the number of channels in front of the last layer; the first has 8 times as many.
    """
    network = Network(whole)
    feeds = {"z": network.image(1, noise, 1, 1)}
    x, channels = "z", noise
    for index, factor in enumerate((8, 4, 2, 1)):
        stride, pad = (1, 0) if index == 0 else (2, 1)
        x = network.norm(
            network.up(x, channels, factor * features, 4, stride, pad), factor * features
        )
        channels = factor * features
    x = network.up(x, channels, 3, 4, 2, 1)
    return network.model(feeds, x if whole else network.node("Tanh", [x])), feeds


def unet(whole: bool, features: int = 64, depth: int = 4, size: int = 64) -> Built:
    """Two convolutions a level, a max pool down, a transposed convolution and a concat up."""
    network = Network(whole)
    feeds = {"x": network.image(1, 3, size, size // 2)}

    def twice(x: str, channels: int, out: int) -> str:
        first = network.norm(network.conv(x, channels, out, 3), out)
        return network.norm(network.conv(first, out, out, 3), out)

    x, channels, skips = "x", 3, []
    for level in range(depth):
        x = twice(x, channels, features << level)
        channels = features << level
        skips.append(x)
        x = network.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
    x = twice(x, channels, 2 * channels)
    channels *= 2
    for skip in reversed(skips):
        half = channels // 2
        x = network.node("Concat", [skip, network.up(x, channels, half, 2, 2)], axis=1)
        x, channels = twice(x, channels, half), half
    return network.model(feeds, network.conv(x, channels, 2, 1, bias=True)), feeds


def fcn8s_head(
    whole: bool, classes: int = 21, channels: tuple[int, int, int] = (256, 512, 4096), size: int = 7
) -> Built:
    """Scores of three poolings, fused coarse to fine: 1x1 convolutions, upsampling, crop, sum."""
    network = Network(whole)
    feeds = {
        name: network.image(1, count, size * factor, (size - 1) * factor)
        for name, count, factor in zip(("pool3", "pool4", "fc7"), channels, (4, 2, 1), strict=True)
    }
    pool3, pool4, fc7 = (
        network.conv(name, count, classes, 1, bias=True)
        for name, count in zip(feeds, channels, strict=True)
    )

    def cropped(x: str, margin: int, height: int) -> str:
        bounds = ([margin, margin], [margin + height, margin + height * (size - 1) // size], [2, 3])
        return network.node(
            "Slice", [x, *(network.array(np.array(row), np.int64) for row in bounds)]
        )

    x = cropped(network.up(fc7, classes, classes, 4, 2), 1, 2 * size)
    x = network.node("Add", [x, pool4])
    x = cropped(network.up(x, classes, classes, 4, 2), 1, 4 * size)
    x = network.node("Add", [x, pool3])
    x = cropped(network.up(x, classes, classes, 16, 8), 4, 32 * size)
    return network.model(feeds, x), feeds
