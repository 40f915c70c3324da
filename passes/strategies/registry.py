"""The strategies that there are."""

from __future__ import annotations

from xdsl.utils.exceptions import PassFailedException

AVAILABLE = ("zero-insert", "sub-pixel", "gemm-col2im", "matmul")


def check_strategy(strategy: str) -> None:
    """Refuse a name that is no strategy.

    Raises: PassFailedException naming the ones that are.
    """
    if strategy not in ("auto", *AVAILABLE):
        expected = ", ".join(("auto", *AVAILABLE))
        raise PassFailedException(f"strategy: expected one of {expected}, got {strategy}")
