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
    i32,
    i32_array,
    tensor,
    with_property,
)
from .verify import diagnostic, verify_ir

__all__ = [
    "CASES_FOLDER",
    "REJECTED_TAGS",
    "Case",
    "case_id",
    "conv_properties",
    "conv_transpose2d_ir",
    "diagnostic",
    "function_ir",
    "generic_op",
    "i32",
    "i32_array",
    "is_rejected",
    "load_cases",
    "load_text",
    "make_case",
    "tensor",
    "verify_ir",
    "with_property",
]
