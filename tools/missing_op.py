"""What is said of a module without a ttnn.conv_transpose2d."""

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import DiagnosticException

from ..dialect.deconv import DECONV
from ..dialect.remarks import collect_remarks
from ..dialect.ttnn import ConvTranspose2dOp
from ..frontend.mlir import get_all_passes

NO_OP = "no ttnn.conv_transpose2d"


def transposed_convolutions(module: ModuleOp) -> list[ConvTranspose2dOp]:
    """Those of a module and of what is nested in it, in order."""
    return [op for op in module.walk() if isinstance(op, ConvTranspose2dOp)]


def why_none(module: ModuleOp, context: Context) -> str:
    """That a module has no ttnn.conv_transpose2d, and the pass that would make some, if one does.

    The passes are tried on copies: only they know what of another dialect they take.
    """
    for name, door in get_all_passes().items():
        tried = module.clone()
        try:
            with collect_remarks():
                door()().apply(context, tried)
        except DiagnosticException:
            # What the pass refuses it will say when it is asked for.
            return f"{NO_OP}; run {name} first: --passes {name}"
        if count := len(transposed_convolutions(tried)):
            return f"{NO_OP}; {name} makes {count} of what is there: --passes {name}"
    if any(type(op) in DECONV.operations for op in module.walk()):
        return f"{NO_OP} left: what there was is decomposed"
    return NO_OP
