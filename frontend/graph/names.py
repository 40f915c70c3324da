"""Names of a source, made fit for values of the IR."""

import re

from ...dialect.text.names import stem

_UNFIT = re.compile(r"[^A-Za-z0-9_]+")


def value_name(name: str) -> str:
    """A name hint: what xDSL does not take becomes an underscore.

    A name that begins with a digit gets a word in front: xDSL takes a number at the end for its
    own.
    Examples: value_name("/up.1/ConvTranspose_output_0") is "up_1_ConvTranspose_output",
    value_name("22") is "value_22".
    """
    fit = stem(_UNFIT.sub("_", name).strip("_"))
    return f"value_{fit}" if fit[:1].isdigit() else fit or "value"
