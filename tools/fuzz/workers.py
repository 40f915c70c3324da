"""Cases on several processes. One that dies, hangs or takes too much memory is a finding."""

from __future__ import annotations

import gc
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from .campaign import Batch, Campaign, Fuzzer, Store
from .outcomes import Finding, Outcome, crash

MEMORY_BYTES = 2 * 1024**3
"""Of address space, for each process."""

CASES_OF_A_PROCESS = 2000
"""So that what libraries keep for ever does not add up."""

CASES_BETWEEN_COLLECTIONS = 50

WALL_FACTOR = 15
"""A case that takes so many times its processor seconds by the clock is stuck."""


class TooLong(BaseException):
    """A case took more processor time than it may. No handler of ordinary errors catches it."""


def _raise_too_long(signum: int, frame: FrameType | None) -> None:
    raise TooLong


def checked(fuzzer: Fuzzer, seed: int, case: int) -> Outcome:
    """One case, within its time."""
    signal.signal(signal.SIGPROF, _raise_too_long)
    signal.setitimer(signal.ITIMER_PROF, fuzzer.cpu_seconds)
    try:
        return fuzzer.check(seed, case)
    except TooLong as error:
        found = crash(error, f"{fuzzer.cpu_seconds} s of processor time", "too long")
    except MemoryError as error:
        found = crash(error, f"{MEMORY_BYTES >> 20} MiB", "memory")
    except Exception as error:
        found = crash(error, "the fuzzer", "fuzzer")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(Counter(), [found], fuzzer.files(seed, case))


@dataclass(frozen=True)
class Work:
    """What every process needs to know."""

    fuzzer: Fuzzer
    seed: int
    store: Store


def _serve(work: Work, pipe: Connection) -> None:
    """Check cases as they are asked for, until there are no more or there were enough."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.collect()
    gc.freeze()
    gc.disable()
    for number in range(CASES_OF_A_PROCESS):
        case = pipe.recv()
        if case is None:
            return
        start = time.process_time()
        outcome = checked(work.fuzzer, work.seed, case)
        for finding in outcome.findings:
            work.store.keep(finding, case, list(outcome.files.items()))
        keys = [finding.key for finding in outcome.findings]
        pipe.send((outcome.counts, keys, time.process_time() - start))
        if any(finding.kind in ("memory", "too long") for finding in outcome.findings):
            # Whatever was interrupted may be in pieces.
            return
        if number % CASES_BETWEEN_COLLECTIONS == 0:
            gc.collect()


@dataclass
class Worker:
    """One process, and the batch it is at."""

    work: Work
    process: BaseProcess = field(init=False)
    pipe: Connection = field(init=False)
    batch: Batch | None = None
    case: int = 0
    since: float = 0.0
    counts: Counter[str] = field(default_factory=Counter[str])
    findings: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    seconds: float = 0.0

    def start(self) -> None:
        """A new process."""
        context = get_context("fork")
        self.pipe, inner = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.work, inner), daemon=True)
        sys.stdout.flush()
        self.process.start()
        inner.close()

    def begin(self, batch: Batch) -> None:
        """Take a batch on."""
        self.batch, self.case = batch, batch.first - 1
        self.counts, self.findings, self.seconds = Counter(), [], 0.0
        self.next()

    def next(self) -> Batch | None:
        """Go on with the next case; what came of the batch where there is none."""
        assert self.batch is not None
        self.case += 1
        if self.case == self.batch.stop:
            found = tuple(self.findings)
            done = Batch(self.batch.first, self.batch.stop, self.counts, found, self.seconds)
            self.batch = None
            return done
        if not self.process.is_alive():
            self.restart()
        self.since = time.monotonic()
        try:
            self.pipe.send(self.case)
        except OSError:
            self.restart()
            self.pipe.send(self.case)
        return None

    def restart(self) -> None:
        """Another process instead of one that ended."""
        self.stop()
        self.start()

    def receive(self) -> None:
        """What came of the case: an answer, or the end of the process."""
        try:
            counts, keys, seconds = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(5)
            code = self.process.exitcode
            if code == 0:
                # It had checked enough cases, or too large a one, before it read this one.
                self.case -= 1
            else:
                self._record(Finding("death", f"exit code {code}", "expected an answer"))
            self.restart()
            return
        self.counts += counts
        self.seconds += seconds
        self.findings += [(key, self.case) for key in keys]

    def check_clock(self) -> bool:
        """Whether the case was stuck, and is recorded as such."""
        limit = self.work.fuzzer.cpu_seconds * WALL_FACTOR
        if self.batch is None or time.monotonic() - self.since < limit:
            return False
        self._record(Finding("hang", "a case", f"expected an end within {limit} s"))
        self.restart()
        return True

    def _record(self, finding: Finding) -> None:
        files = self.work.fuzzer.files(self.work.seed, self.case)
        self.work.store.keep(finding, self.case, list(files.items()))
        self.findings.append((finding.key, self.case))

    def stop(self) -> None:
        """End the process."""
        with suppress(OSError):
            self.pipe.send(None)
        self.pipe.close()
        self.process.join(0.5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def run_batches(campaign: Campaign, work: Work, count: int, jobs: int) -> Iterator[Batch]:
    """Check what is missing of so many cases; each batch as it is done."""
    pending = campaign.missing(count)
    workers = [Worker(work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    try:
        for worker, batch in zip(workers, pending, strict=False):
            worker.begin(batch)
        while busy := [worker for worker in workers if worker.batch is not None]:
            for worker in _answered(busy):
                done = worker.next()
                if done is not None:
                    campaign.add(done)
                    yield done
                    following = next(pending, None)
                    if following is not None:
                        worker.begin(following)
    finally:
        for worker in workers:
            worker.stop()


def _answered(busy: list[Worker]) -> list[Worker]:
    """The workers whose case came to an end."""
    by_pipe: dict[Any, Worker] = {worker.pipe: worker for worker in busy}
    ready = [by_pipe[pipe] for pipe in wait(list(by_pipe), timeout=1.0)]
    for worker in ready:
        worker.receive()
    return ready or [worker for worker in busy if worker.check_clock()]
