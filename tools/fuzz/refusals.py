"""The refusals that a random module may meet, each with what must be true of it then.

What is not in this list is a finding: so a pass that refuses too much is seen, and how often each
was met is printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection

ALLOWED: dict[str, str] = {
    "door": r"run convert-(ttir|stablehlo)-to-ttnn first",
    "open sizes": r"run ttnn-infer-shapes first",
    "unknown activation": r"expected (an activation among|.*activation).* got hardtanh",
    "unknown configuration field": r"expected known fields in conv2d_config",
    "curve of integers": r"expected (a float tensor|a float result for activation .*), got",
    "integer division": r"expected a float result, got",
    "average of integers": r"expected a float tensor, got",
    "max-temporary-bytes": r"raise max-temporary-bytes to allow it",
    "max-ops": r"raise max-ops",
    "bilinear upsampling": r"expected mode nearest, got bilinear",
}
"""Names of reasons, and the message of each. `strategy NAME` is one more for each strategy: it
refuses an op of the module, whatever the limits."""

_OVER_A_LIMIT = r"at most \d+ ops|temporaries of|numbers of"


def _message_of(name: str) -> str:
    if name.startswith("strategy "):
        return rf"expected (?!{_OVER_A_LIMIT}).* for {name}, got .* takes? it"
    return ALLOWED[name]


def reason_of(message: str, reasons: Collection[str]) -> str | None:
    """Which of the reasons that a case has the message states; None where it is none of them."""
    for name in sorted(reasons):
        if re.search(_message_of(name), message):
            return name
    return None
