"""What `ttnn-opt --help` says of this project's passes: their options and the defaults."""

from dataclasses import fields

from ..lowering.pipelines import options_by_pass

MEANINGS = {
    "max-ops": "an op that would become more ops is refused; strategy=auto leaves such out",
    "max-temporary-bytes": "a larger value between inputs and results is refused, likewise",
    "floor": "whose ops and bytes count: decomposed or linalg",
}
"""Options that several passes have, limits above all."""


def options_text() -> str:
    """A line for each pass that has options, in the notation of `-p`, and what limits mean.

    Example: `  legalize-deconv-to-ttnn{max-ops=16384}`.
    """
    lines = [_options_of(name, options) for name, options in options_by_pass().items()]
    width = max(map(len, MEANINGS))
    meanings = [f"  {name:{width}}  {meaning}" for name, meaning in MEANINGS.items()]
    return "\n".join(["options of this project's passes, with their defaults:", *lines, *meanings])


def _options_of(name: str, options: type) -> str:
    written = " ".join(
        f"{field.name.replace('_', '-')}={_default(field.default)}" for field in fields(options)
    )
    return f"  {name}{{{written}}}"


def _default(value: object) -> str:
    """A default as it would be written; nothing for an empty list or text."""
    return "" if value in ((), "") else str(value).lower()
