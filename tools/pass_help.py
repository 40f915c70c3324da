"""What `ttnn-opt --help` says of this project's passes: their options and the defaults."""

from collections.abc import Callable

from xdsl.passes import ModulePass, get_pass_option_infos

MEANINGS = {
    "max-ops": "an op that would become more ops is refused; strategy=auto leaves such out",
    "max-temporary-bytes": "a larger value between inputs and results is refused, likewise",
    "floor": "whose ops and bytes count: decomposed or linalg",
}
"""Options that several passes have, limits above all."""


def options_text(passes: dict[str, Callable[[], type[ModulePass]]]) -> str:
    """A line for each pass that has options, in the notation of `-p`, and what limits mean.

    Example: `  legalize-deconv-to-ttnn{max-ops=16384}`.
    """
    lines = [line for name, load in passes.items() if (line := _options_of(name, load()))]
    width = max(map(len, MEANINGS))
    meanings = [f"  {name:{width}}  {meaning}" for name, meaning in MEANINGS.items()]
    return "\n".join(["options of this project's passes, with their defaults:", *lines, *meanings])


def _options_of(name: str, kind: type[ModulePass]) -> str:
    options = [
        f"{option.name.replace('_', '-')}={_default(option.default_value)}"
        for option in get_pass_option_infos(kind)
    ]
    return f"  {name}{{{' '.join(options)}}}" if options else ""


def _default(value: str | None) -> str:
    """A default as it would be written; nothing for an empty list or text."""
    return "" if value in (None, "()", "") else str(value)
