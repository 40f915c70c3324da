"""Names of a source, made fit for values of the IR."""

import re

_UNFIT = re.compile(r"[^A-Za-z0-9_]+")


def value_name(name: str) -> str:
    """A name hint: what xDSL does not take becomes an underscore.

    Example: value_name("/up.1/ConvTranspose_output_0") is "up_1_ConvTranspose_output_0".
    """
    fit = _UNFIT.sub("_", name).strip("_")
    return f"_{fit}" if fit[:1].isdigit() else fit or "value"
