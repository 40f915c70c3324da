"""What several test files share: the recorded cases, and IR made from them."""

from .cases import (
    CASES_FOLDER,
    REJECTED_TAGS,
    Case,
    case_id,
    is_rejected,
    load_cases,
    load_text,
    make_case,
)
from .ir import (
    conv_properties,
    conv_transpose2d_ir,
    function_ir,
    generic_op,
    tensor,
    with_property,
)

__all__ = [
    "CASES_FOLDER",
    "REJECTED_TAGS",
    "Case",
    "case_id",
    "conv_properties",
    "conv_transpose2d_ir",
    "function_ir",
    "generic_op",
    "is_rejected",
    "load_cases",
    "load_text",
    "make_case",
    "tensor",
    "with_property",
]
