"""How much of a worker's CPU is rules and fold."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from rules.decision.fold import fold
from rules.durable.process import EngineProcess
from streams.cases import unit_of_work

P = ParamSpec("P")
T = TypeVar("T")


class Rules:
    """A stopwatch for rules and fold, in whatever thread they run; what it does not see is the engine's."""

    def __init__(self) -> None:
        self.cpu_ns = 0

    def timed(self, work: Callable[P, T]) -> Callable[P, T]:
        """The same, on the clock."""

        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            started_ns = time.thread_time_ns()
            try:
                return work(*args, **kwargs)
            finally:
                self.cpu_ns += time.thread_time_ns() - started_ns

        return run

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Time also what a step calls by itself: the fold, and asking the engine's process."""
        with (
            patch.object(unit_of_work, "fold", self.timed(fold)),
            patch.object(EngineProcess, "ask", self.timed(EngineProcess.ask)),
        ):
            yield
