"""Configurations that a convolution is called with, and their attributes in IR.

Fields and defaults are those of TTNN's Python API, with the fields of older releases. Only
`weights_dtype` and `activation` change values; what steers a device's memory is checked, kept, and
written into the IR where it is not the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, TypeAlias

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DictionaryAttr,
    FloatAttr,
    IntAttr,
    StringAttr,
    f32,
)
from xdsl.ir import Attribute

from ...dialect.text.attribute_syntax import Keyword
from ...dialect.ttnn.configs import (
    CONV2D_CONFIG_FIELDS,
    Conv2dConfigAttr,
    Conv2dSliceConfigAttr,
    DeviceComputeKernelConfigAttr,
    UnaryWithParamAttr,
)
from .enums import (
    DataType,
    Layout,
    MathFidelity,
    PaddingMode,
    TensorMemoryLayout,
    UnaryOpType,
)

Key: TypeAlias = tuple[Any, ...]
"""A configuration's values, hashable: calls of equal keys share one compiled function."""


@dataclass(frozen=True, init=False)
class UnaryWithParam:
    """A function with its parameters: `UnaryWithParam(UnaryOpType.LEAKY_RELU, 0.1)`."""

    op_type: UnaryOpType
    params: tuple[float, ...]

    def __init__(self, op_type: UnaryOpType, param: float | Sequence[float] = ()):
        params = (param,) if isinstance(param, int | float) else tuple(param)
        if not isinstance(op_type, UnaryOpType):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"op_type: expected a UnaryOpType, got {op_type!r}")
        object.__setattr__(self, "op_type", op_type)
        object.__setattr__(self, "params", tuple(map(float, params)))

    def attribute(self) -> UnaryWithParamAttr:
        """Its form in IR."""
        params = ArrayAttr(FloatAttr(value, f32) for value in self.params)
        return UnaryWithParamAttr(StringAttr(self.op_type.value), params)


@dataclass(kw_only=True)
class Conv2dConfig:
    """What a convolution is told of weights, activation and the device's memory."""

    weights_dtype: DataType | None = None
    """What the weight is rounded to. Block formats are treated as bfloat16."""
    activation: UnaryWithParam | UnaryOpType | str | None = None
    """Applied to the result; a name (`"relu"`) as in older releases too."""
    deallocate_activation: bool = False
    reallocate_halo_output: bool = True
    config_tensors_in_dram: bool = False
    act_block_h_override: int = 0
    act_block_w_div: int = 1
    reshard_if_not_optimal: bool = False
    override_sharding_config: bool = False
    shard_layout: TensorMemoryLayout | None = None
    core_grid: Any = field(default=None, compare=False)
    """Kept for the script that set it, and not written into the IR."""
    transpose_shards: bool = False
    output_layout: Layout = Layout.TILE
    enable_act_double_buffer: bool = False
    enable_weights_double_buffer: bool = False
    full_inner_dim: bool = False
    enable_kernel_stride_folding: bool | None = None
    enable_activation_reuse: bool = False
    force_split_reader: bool | None = None
    override_output_sharding_config: bool = False
    padding_mode: PaddingMode = PaddingMode.Zeros
    dtype: DataType | None = None
    """The data type of the result, in older releases; the call's own `dtype` goes before it."""
    input_channels_alignment: int = 32
    preprocess_weights_on_device: bool = False
    always_preprocess_weights: bool = False
    enable_split_reader: bool = False
    enable_subblock_padding: bool = False
    in_place: bool = False

    def __post_init__(self) -> None:
        self.key()

    def key(self) -> Key:
        """The fields' values, checked; a configuration may be changed after it was made.

        Raises: ValueError naming the field.
        """
        self.function()
        _check("weights_dtype", self.weights_dtype, DataType, optional=True)
        _check("dtype", self.dtype, DataType, optional=True)
        _check("shard_layout", self.shard_layout, TensorMemoryLayout, optional=True)
        _check("output_layout", self.output_layout, Layout)
        if self.padding_mode is not PaddingMode.Zeros:
            raise ValueError(
                f"conv_config.padding_mode: expected PaddingMode.Zeros, got {self.padding_mode}"
            )
        for name, expected in _NUMBERS_AND_FLAGS.items():
            if not isinstance(value := getattr(self, name), int):
                raise ValueError(f"conv_config.{name}: expected {expected}, got {value!r}")
        for name in ("enable_kernel_stride_folding", "force_split_reader"):
            if getattr(self, name) not in (None, True, False):
                got = repr(getattr(self, name))
                raise ValueError(f"conv_config.{name}: expected True, False or None, got {got}")
        return tuple([getattr(self, name) for name in _CONV2D_FIELDS])

    @staticmethod
    def attribute_of(key: Key) -> Conv2dConfigAttr | None:
        """The form in IR of the configuration that has a key."""
        return Conv2dConfig(**dict(zip(_CONV2D_FIELDS, key, strict=True))).attribute()

    def function(self) -> UnaryWithParam | None:
        """The activation, however it was given.

        Raises: ValueError for one that is no activation.
        """
        given = self.activation
        if given is None or isinstance(given, UnaryWithParam):
            return given
        if isinstance(given, UnaryOpType):
            return UnaryWithParam(given)
        names = [kind.value for kind in UnaryOpType]
        if given not in names:
            raise ValueError(
                f"conv_config.activation: expected one of {', '.join(names)}, got {given!r}"
            )
        return UnaryWithParam(UnaryOpType(given))

    def attribute(self) -> Conv2dConfigAttr | None:
        """Its form in IR, the fields that are not their default; None where all are."""
        values: dict[str, Attribute] = {}
        for entry in fields(self):
            value, written = getattr(self, entry.name), entry.name in CONV2D_CONFIG_FIELDS
            if value == entry.default or not written or not entry.compare:
                continue
            if entry.name == "activation":
                function = self.function()
                assert function is not None
                values["activation"] = function.attribute()
            elif entry.name != "dtype":
                values[entry.name] = _field_attribute(value)
        return Conv2dConfigAttr.new([DictionaryAttr(values)]) if values else None


_NUMBERS_AND_FLAGS = {
    entry.name: "True or False" if isinstance(entry.default, bool) else "a whole number"
    for entry in fields(Conv2dConfig)
    if isinstance(entry.default, int)
}
_CONV2D_FIELDS = tuple(entry.name for entry in fields(Conv2dConfig) if entry.compare)


def _check(name: str, value: object, kind: type[Enum], *, optional: bool = False) -> None:
    if not isinstance(value, kind) and not (optional and value is None):
        raise ValueError(f"conv_config.{name}: expected a {kind.__name__}, got {value!r}")


def _field_attribute(value: object) -> Attribute:
    if isinstance(value, bool):
        return BoolAttr.from_bool(value)
    if isinstance(value, int):
        return IntAttr(value)
    assert isinstance(value, Enum)
    return Keyword(value.value)


@dataclass(kw_only=True)
class DeviceComputeKernelConfig:
    """Precision of a device's kernels. It is kept in the IR; sums here are IEEE f32 sums."""

    math_fidelity: MathFidelity = MathFidelity.HiFi4
    math_approx_mode: bool = False
    fp32_dest_acc_en: bool = False
    packer_l1_acc: bool = False
    dst_full_sync_en: bool = False

    def key(self) -> Key:
        """The fields' values.

        Raises: ValueError naming the field.
        """
        if not isinstance(self.math_fidelity, MathFidelity):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(
                f"compute_config.math_fidelity: expected a MathFidelity, got {self.math_fidelity!r}"
            )
        for name in _COMPUTE_FIELDS[1:]:
            if not isinstance(value := getattr(self, name), bool):
                raise ValueError(f"compute_config.{name}: expected True or False, got {value!r}")
        return tuple([getattr(self, name) for name in _COMPUTE_FIELDS])

    @staticmethod
    def attribute_of(key: Key) -> DeviceComputeKernelConfigAttr:
        """The form in IR of the configuration that has a key."""
        return DeviceComputeKernelConfig(**dict(zip(_COMPUTE_FIELDS, key, strict=True))).attribute()

    def attribute(self) -> DeviceComputeKernelConfigAttr:
        """Its form in IR."""
        values: dict[str, Attribute] = {"math_fidelity": Keyword(self.math_fidelity.value)}
        for name in _COMPUTE_FIELDS[1:]:
            values[name] = BoolAttr.from_bool(bool(getattr(self, name)))
        return DeviceComputeKernelConfigAttr.new([DictionaryAttr(values)])


_COMPUTE_FIELDS = tuple(entry.name for entry in fields(DeviceComputeKernelConfig))

WormholeComputeKernelConfig = DeviceComputeKernelConfig


def init_device_compute_kernel_config(
    arch: object, config: DeviceComputeKernelConfig | None = None, **options: Any
) -> DeviceComputeKernelConfig:
    """The configuration for an architecture: `config`, with the given fields in place of its own.

    Raises: ValueError for a field there is not.
    """
    for name in options:
        if name not in _COMPUTE_FIELDS and name != "throttle_level":
            expected = ", ".join(_COMPUTE_FIELDS)
            raise ValueError(f"compute_config: expected one of {expected}, got {name!r}")
    options.pop("throttle_level", None)
    start = config or DeviceComputeKernelConfig()
    held = dict(zip(_COMPUTE_FIELDS, start.key(), strict=True))
    return DeviceComputeKernelConfig(**(held | options))


class SliceType(Enum):
    """Along what a convolution is cut into slices. The value is tt-mlir's word."""

    DRAM_HEIGHT = "dram_height"
    DRAM_WIDTH = "dram_width"
    L1_FULL = "l1_full"


Conv2dDRAMSliceHeight = SliceType.DRAM_HEIGHT
Conv2dDRAMSliceWidth = SliceType.DRAM_WIDTH
Conv2dL1Full = SliceType.L1_FULL


@dataclass(frozen=True, kw_only=True)
class Conv2dSliceConfig:
    """How a convolution is cut into slices on a device. It has no effect on values."""

    slice_type: SliceType
    num_slices: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.slice_type, SliceType):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"slice_type: expected a SliceType, got {self.slice_type!r}")
        if not isinstance(self.num_slices, int):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"num_slices: expected a whole number, got {self.num_slices!r}")

    def attribute(self) -> Conv2dSliceConfigAttr:
        """Its form in IR."""
        return Conv2dSliceConfigAttr(StringAttr(self.slice_type.value), IntAttr(self.num_slices))
