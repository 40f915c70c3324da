"""What ops that do nothing, and chains of movements, become: the patterns of all dialects here."""

from __future__ import annotations

from xdsl.pattern_rewriter import RewritePattern

from .deconv.movement import CancelFlips
from .shaped import DropIdentity
from .ttnn.movement import MergePermutes, MergeReshapes

PATTERNS: tuple[RewritePattern, ...] = (
    DropIdentity(),
    MergeReshapes(),
    MergePermutes(),
    CancelFlips(),
)
