"""The pass that a named pipeline is, made from its entry in the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, make_dataclass
from typing import ClassVar, cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, ParameterListType, ParameterType, parse_pipeline

from ..passes.collection import paused_collection
from .pipelines import NamedPipeline, PassTable, class_stem, options_by_pass, options_class


@dataclass(frozen=True)
class NamedPipelinePass(ModulePass):
    """Runs the passes of an entry; each class made of it has the options of one."""

    entry: ClassVar[NamedPipeline]
    table: ClassVar[PassTable]

    def __post_init__(self) -> None:
        self.steps()

    def steps(self) -> tuple[ModulePass, ...]:
        """The passes in order; they check the options."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return build_steps(self.entry.passes, given, self.table)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        with paused_collection():
            for step in self.steps():
                step.apply(ctx, op)


def pass_of(entry: NamedPipeline, table: PassTable) -> type[NamedPipelinePass]:
    """The class of the pass that a pipeline is; `table` is where its passes are found."""
    made = make_dataclass(
        f"{class_stem(entry.name)}Pass",
        (),
        bases=(options_class(entry, options_by_pass()), NamedPipelinePass),
        namespace={
            "name": entry.name,
            "entry": entry,
            "table": table,
            "__doc__": _docstring(entry),
            "__module__": __name__,
        },
        frozen=True,
    )
    return cast("type[NamedPipelinePass]", made)


def _docstring(entry: NamedPipeline) -> str:
    *names, last = (f"`{name}`" for name in entry.pass_names)
    listed = f"The passes are {', '.join(names)} and {last}.\n{entry.remark}".strip()
    contract = f"Requires: {entry.requires}. Ensures: {entry.ensures}.\nRefuses: {entry.refuses}.\n"
    return f"{entry.does}\n\n{listed}\n\n{contract}"


def build_steps(
    passes: str, given: Mapping[str, ParameterType | tuple[ParameterType, ...]], table: PassTable
) -> tuple[ModulePass, ...]:
    """Passes in the notation of `-p`, each with what is given for those of its options that the
    text does not state; options are named as fields are, with underscores.

    Raises: what the passes raise for an option that they refuse.
    """
    return tuple(
        _build_step(spec.normalize_parameter_names(), given, table[spec.name]())
        for spec in parse_pipeline(passes)
    )


def _build_step(
    spec: ArgSpec,
    given: Mapping[str, ParameterType | tuple[ParameterType, ...]],
    pass_class: type[ModulePass],
) -> ModulePass:
    handed: dict[str, ParameterListType] = {
        field.name: value if isinstance(value := given[field.name], tuple) else (value,)
        for field in fields(pass_class)
        if field.name in given
    }
    return pass_class.from_spec(ArgSpec(spec.name, handed | spec.parameters))


def expanded(steps: Iterable[ModulePass]) -> Iterator[ModulePass]:
    """Passes in order, those of a named pipeline in place of it."""
    for step in steps:
        if isinstance(step, NamedPipelinePass):
            yield from expanded(step.steps())
        else:
            yield step
