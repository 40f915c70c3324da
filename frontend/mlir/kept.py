"""What a door says of the ops that it leaves as they are."""

from __future__ import annotations

from collections import Counter

from xdsl.dialects.builtin import ModuleOp, UnregisteredOp
from xdsl.ir import Operation

from ...passes.remarks import remark


def _name_of(op: Operation) -> str:
    return op.op_name.data if isinstance(op, UnregisteredOp) else op.name


def say_what_is_kept(module: ModuleOp, dialect: str, pass_name: str) -> None:
    """Name, in one remark, the ops of a dialect that are left, and how many of each."""
    names = map(_name_of, module.walk())
    kept = Counter(name for name in names if name.startswith(f"{dialect}."))
    if kept:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(kept.items()))
        remark(f"{pass_name}: kept what has no counterpart here: {listed}")
