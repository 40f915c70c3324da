"""What a call says besides tensors, read and ready to be written into IR.

Lengths, ranges and combinations are the verifier's to judge; here numbers only become whole ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xdsl.dialects.builtin import BoolAttr, DenseArrayBase, IntegerAttr, i32
from xdsl.ir import Attribute

from .configs import Conv2dConfig, Conv2dSliceConfig, DeviceComputeKernelConfig, Key
from .numbers import check_kind, truth, whole_number, whole_numbers

SCALARS = ("in_channels", "out_channels", "batch_size", "input_height", "input_width", "groups")
LISTS = ("kernel_size", "stride", "padding", "output_padding", "dilation")


@dataclass(frozen=True)
class Parameters:
    """The attributes of one transposed convolution, under the names of the Python call.

    All numbers are in elements; pairs are (height, width), `padding` is (height, width) or (top,
    bottom, left, right). Configurations are held by their keys.
    """

    in_channels: int
    out_channels: int
    batch_size: int
    input_height: int
    input_width: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...] = (1, 1)
    padding: tuple[int, ...] = (0, 0)
    output_padding: tuple[int, ...] = (0, 0)
    dilation: tuple[int, ...] = (1, 1)
    groups: int = 1
    mirror_kernel: bool = True
    conv_config: Key | None = None
    compute_config: Key | None = None
    dram_slice_config: Conv2dSliceConfig | None = None

    def properties(self, *, leave_out: Sequence[str] = ()) -> dict[str, Attribute]:
        """The op's properties; `mirror_kernel` only where it is false."""
        properties: dict[str, Attribute] = {}
        for name in SCALARS:
            properties[name] = IntegerAttr(getattr(self, name), i32)
        for name in LISTS:
            properties[name] = DenseArrayBase.from_list(i32, getattr(self, name))
        properties |= self._configurations()
        if not self.mirror_kernel:
            properties["mirror_kernel"] = BoolAttr.from_bool(False)
        return {name: value for name, value in properties.items() if name not in leave_out}

    def _configurations(self) -> dict[str, Attribute]:
        made: dict[str, Attribute | None] = {}
        if self.conv_config is not None:
            made["conv2d_config"] = Conv2dConfig.attribute_of(self.conv_config)
        if self.compute_config is not None:
            made["compute_config"] = DeviceComputeKernelConfig.attribute_of(self.compute_config)
        if self.dram_slice_config is not None:
            made["conv2d_slice_config"] = self.dram_slice_config.attribute()
        return {name: value for name, value in made.items() if value is not None}

    def largest_factor(self) -> str:
        """The parameter that adds most to the size of the result, by its name in the Python call.

        Of an axis: (size - 1) * stride + dilation * (kernel - 1) + output_padding + 1.
        """
        sizes = (self.input_height, self.input_width)
        added = {
            "input_tensor": sizes,
            "kernel_size": self.kernel_size,
            "stride": _each_less_one(self.stride, sizes),
            "dilation": _each_less_one(self.dilation, self.kernel_size),
            "output_padding": self.output_padding,
        }
        return max(added, key=lambda name: max(added[name]))

    def with_output_padding(self, output_padding: tuple[int, ...]) -> Parameters:
        """The same but for the output padding."""
        return replace(self, output_padding=output_padding)


def _each_less_one(steps: Sequence[int], counts: Sequence[int]) -> tuple[int, ...]:
    """What steps wider than 1 add between so many elements, along each axis."""
    return tuple((step - 1) * (count - 1) for step, count in zip(steps, counts, strict=True))


PARAMETER_NAMES = {
    "input": "input_tensor",
    "weight": "weight_tensor",
    "bias": "bias_tensor",
    "result": "dtype",
    "conv2d_config": "conv_config",
    "conv2d_slice_config": "dram_slice_config",
}
"""Parameters of the Python call by what the verifier calls them, where that differs."""


def read_parameters(
    given: Mapping[str, Any],
    conv_config: Conv2dConfig | None,
    compute_config: DeviceComputeKernelConfig | None,
    dram_slice_config: Conv2dSliceConfig | None,
) -> Parameters:
    """The parameters of a call, from its keyword arguments.

    Raises: ValueError naming the parameter.
    """
    configs = (
        ("conv_config", conv_config, Conv2dConfig),
        ("compute_config", compute_config, DeviceComputeKernelConfig),
        ("dram_slice_config", dram_slice_config, Conv2dSliceConfig),
    )
    for name, config, kind in configs:
        check_kind(name, config, kind)
    read: dict[str, Any] = {name: whole_number(name, given[name]) for name in SCALARS}
    read |= {name: whole_numbers(name, given[name]) for name in LISTS}
    return Parameters(
        **read,
        mirror_kernel=truth("mirror_kernel", given["mirror_kernel"]),
        conv_config=conv_config.key() if conv_config is not None else None,
        compute_config=compute_config.key() if compute_config is not None else None,
        dram_slice_config=dram_slice_config,
    )
