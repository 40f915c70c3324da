"""Names of the decomposition strategies and which of them exist."""

from __future__ import annotations

from xdsl.utils.exceptions import PassFailedException

AVAILABLE = ("zero-insert", "sub-pixel", "gemm-col2im", "matmul")
PLANNED: tuple[str, ...] = ()


def check_strategy(strategy: str) -> None:
    """Refuse a name that is no strategy, or one that is not available yet.

    Raises: PassFailedException naming the ones that are.
    """
    expected = ", ".join(("auto", *AVAILABLE))
    if strategy in PLANNED:
        raise PassFailedException(
            f"strategy: expected one of {expected}, got {strategy}, which is not available yet"
        )
    if strategy not in ("auto", *AVAILABLE):
        raise PassFailedException(f"strategy: expected one of {expected}, got {strategy}")


def resolve_strategy(strategy: str) -> str:
    """The strategy that a name stands for: `auto` is the only available one so far."""
    return AVAILABLE[0] if strategy == "auto" else strategy
