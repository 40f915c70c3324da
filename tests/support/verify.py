"""What a verifier says of IR text."""

from __future__ import annotations

import pytest
from xdsl.utils.exceptions import VerifyException

from xdsl_ttnn.dialect.text.parsing import parse_module


def verify_ir(ir: str) -> None:
    """Parse and verify, nested operations included."""
    parse_module(ir).verify()


def diagnostic(ir: str) -> str:
    """The message with which the verifier refuses IR that parses."""
    module = parse_module(ir)
    with pytest.raises(VerifyException) as refusal:
        module.verify()
    return str(refusal.value)
