"""`python -m xdsl_ttnn.tools.fuzz`: many cases, on several processes, to be interrupted at will."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .campaign import Fuzzer

# Threads of a linear algebra library would only wait for each other, and each takes memory.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

FOUND, BAD_USAGE = 1, 2
EPILOG = """\
Exit codes: 0 nothing found, 1 something found, 2 bad usage. A run that is interrupted goes on where
it was when it is started again.
"""


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        "python -m xdsl_ttnn.tools.fuzz",
        description="Check random cases, and keep what is wrong.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    kinds = parser.add_subparsers(dest="fuzzer", required=True, metavar="FUZZER")
    kinds.add_parser("modules", help="random modules through random pipelines")
    texts = kinds.add_parser("texts", help="mutated text through the command lines")
    texts.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help=".mlir files, or folders"
    )
    for kind in kinds.choices.values():
        add = kind.add_argument
        add("--count", type=int, default=1000, metavar="N", help="how many cases (1000)")
        add("--seed", type=int, default=0, metavar="S", help="another seed, other cases (0)")
        add("--jobs", type=int, default=1, metavar="J", help="how many processes (1)")
        add("--state", type=Path, metavar="FILE", help="what was done so far")
        add("--findings", type=Path, metavar="DIR", default=Path("build/fuzz/findings"))
        add("--case", type=int, metavar="N", help="check this case alone, and show what is wrong")
    return parser


def main(args: Sequence[str] | None = None) -> int:
    """Run a campaign; the exit code."""
    from .campaign import Campaign, StateError, Store
    from .report import progress, summary
    from .workers import Work, run_batches

    options = make_parser().parse_args(args)
    fuzzer = _fuzzer(options)
    if options.case is not None:
        return _check_one(fuzzer, options.seed, options.case)
    state = options.state or Path(f"build/fuzz/{fuzzer.name}-{options.seed}.jsonl")
    campaign = Campaign(fuzzer.name, options.seed, state)
    try:
        campaign.load()
    except StateError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    paths = map(str, getattr(options, "paths", ()))
    command = ["python", "-m", "xdsl_ttnn.tools.fuzz", fuzzer.name, *paths]
    store = Store(options.findings, f"{shlex.join(command)} --seed={options.seed} --case={{case}}")
    before, start = campaign.cases, time.monotonic()
    try:
        for _ in run_batches(
            campaign, Work(fuzzer, options.seed, store), options.count, options.jobs
        ):
            print(progress(campaign, before, time.monotonic() - start), file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
    print(summary(campaign, options.findings))
    return FOUND if campaign.findings else 0


def _fuzzer(options: argparse.Namespace) -> "Fuzzer":
    from .module_fuzzer import ModuleFuzzer
    from .text_fuzzer import TextFuzzer

    return ModuleFuzzer() if options.fuzzer == "modules" else TextFuzzer(tuple(options.paths))


def _check_one(fuzzer: "Fuzzer", seed: int, case: int) -> int:
    from .workers import checked

    outcome = checked(fuzzer, seed, case)
    for name, content in fuzzer.files(seed, case).items():
        if not name.endswith(".npz"):
            print(f"// {name}\n{content.decode('utf-8', 'replace')}")
    for finding in outcome.findings:
        print(f"{finding.key}\n{finding.text}\n{finding.detail}")
    return FOUND if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
