"""What a weight or a bias was prepared for."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import BoolAttr, StringAttr
from xdsl.ir import Attribute

from ...dialect.ttcore.attributes import DataTypeAttr
from ...dialect.ttnn.attributes import LayoutAttr
from .enums import DRAM_MEMORY_CONFIG, DataType, Layout, MemoryConfig
from .parameters import Parameters


@dataclass(frozen=True)
class Preparation:
    """The arguments of a prepare call: the convolution's parameters, and the input to come."""

    parameters: Parameters
    """The documented prepare call has no `output_padding`: where none was stated the weight goes
    with any, and `states_output_padding` is false."""

    states_output_padding: bool = True
    has_bias: bool = True
    input_memory_config: MemoryConfig = DRAM_MEMORY_CONFIG
    input_layout: Layout = Layout.ROW_MAJOR
    input_dtype: DataType = DataType.FLOAT32
    weights_format: str = "IOHW"

    def for_use_with(self, parameters: Parameters) -> Preparation:
        """The same, with the output padding of a convolution where none was stated."""
        if self.states_output_padding:
            return self
        stated = self.parameters.with_output_padding(parameters.output_padding)
        return Preparation(
            stated,
            True,
            self.has_bias,
            self.input_memory_config,
            self.input_layout,
            self.input_dtype,
            self.weights_format,
        )

    def _input_properties(self) -> dict[str, Attribute]:
        return {
            "input_memory_config": self.input_memory_config.attribute(),
            "input_tensor_layout": LayoutAttr(self.input_layout.value),
            "input_dtype": DataTypeAttr(self.input_dtype.value),
        }

    def weight_properties(self) -> dict[str, Attribute]:
        """The properties of `ttnn.prepare_conv_transpose2d_weights`."""
        own: dict[str, Attribute] = {
            "weights_format": StringAttr(self.weights_format),
            "has_bias": BoolAttr.from_bool(self.has_bias),
        }
        properties = self.parameters.properties() | self._input_properties() | own
        return dict(sorted(properties.items()))

    def bias_properties(self) -> dict[str, Attribute]:
        """The properties of `ttnn.prepare_conv_transpose2d_bias`."""
        shared = self.parameters.properties(leave_out=("output_padding", "mirror_kernel"))
        return dict(sorted((shared | self._input_properties()).items()))
