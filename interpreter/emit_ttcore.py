"""The ttcore dialect: cached calls. Its modules are seen through when functions are looked up."""

from __future__ import annotations

from ..dialect import ttcore
from .emit_control import emit_call
from .emitter import Emitter
from .registry import emits


@emits(ttcore.LoadCachedOp)
def load_cached(e: Emitter, op: ttcore.LoadCachedOp) -> None:
    """The call itself: what is kept between runs changes no value."""
    emit_call(e, op, op.callee.string_value())
