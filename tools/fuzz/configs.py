"""Drawing the configurations that convolutions carry."""

from __future__ import annotations

from xdsl.dialects.builtin import ArrayAttr, BoolAttr, DictionaryAttr, FloatAttr, StringAttr, f32
from xdsl.ir import Attribute

from ...dialect import ttnn
from ...dialect.text.attribute_syntax import Keyword
from ...dialect.ttnn.configs import DeviceComputeKernelConfigAttr, UnaryWithParamAttr
from .drawing import chance
from .facts import is_float
from .scope import Scope

EXACT = ("relu", "relu6", "identity")
CURVES = ("leaky_relu", "sigmoid", "tanh", "silu", "gelu")
UNKNOWN = "hardtanh"


def drawn_activation(scope: Scope, target: Attribute) -> tuple[ttnn.Conv2dConfigAttr, str, float]:
    """(configuration, name, slope) of an activation that a result of this type may have."""
    fields, name, slope = activation_field(scope, target)
    return config_of(fields), name, slope


def config_of(fields: dict[str, Attribute]) -> ttnn.Conv2dConfigAttr:
    return ttnn.Conv2dConfigAttr.new([DictionaryAttr(fields)])


def activation_field(scope: Scope, target: Attribute) -> tuple[dict[str, Attribute], str, float]:
    """(field, name, slope)."""
    random = scope.random
    name = random.choice((*EXACT, *CURVES) if is_float(target) else EXACT)
    slope = 0.0
    if chance(random, 2):
        scope.draft.reasons.add("unknown activation")
        name = UNKNOWN
    params: list[FloatAttr] = []
    if name == "leaky_relu":
        attribute = FloatAttr(random.choice((0.25, 0.5, 0.1)), f32)
        slope = float(attribute.value.data)
        params = [attribute]
    if not params and chance(random, 20):
        # As older files spell it.
        return {"activation": StringAttr(name)}, name, slope
    function = UnaryWithParamAttr(StringAttr(name), ArrayAttr(params))
    return {"activation": function}, name, slope


def other_fields(scope: Scope, weight: Attribute) -> dict[str, Attribute]:
    """Fields that round the weight, which its small whole numbers survive, or change nothing."""
    fields: dict[str, Attribute] = {}
    if chance(scope.random, 30):
        fields["deallocate_activation"] = BoolAttr.from_bool(True)
    if is_float(weight) and chance(scope.random, 25):
        fields["weights_dtype"] = Keyword(scope.random.choice(("bf16", "f32", "bfp_bf8")))
    if chance(scope.random, 1):
        scope.draft.reasons.add("unknown configuration field")
        fields["a_field_of_tomorrow"] = BoolAttr.from_bool(True)
    return fields


def compute_config(scope: Scope) -> Attribute:
    fidelity = Keyword(scope.random.choice(("hifi4", "lofi")))
    fields = {"math_fidelity": fidelity, "fp32_dest_acc_en": BoolAttr.from_bool(True)}
    return DeviceComputeKernelConfigAttr.new([DictionaryAttr(fields)])
