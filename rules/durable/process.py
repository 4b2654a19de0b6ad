"""The worker's side of the engine's process: start it, ask it within a limit, end it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from rules.durable.envelope import Condition, Conditions, Ruleset
from schemas.errors import Retry
from schemas.table import Fact

Ask: TypeAlias = tuple[int, Mapping[str, Fact]]
"""A ruleset's number and its facts; none is absent or empty."""

START_LIMIT_S: Final = 30.0
CHUNK: Final = 100  # questions sent at once: larger ones are hardly faster and notice the limit late
CHILD: Final = "rules.durable.child"
_END_S: Final = 1.0


class EngineFailedError(Retry):
    """The rule engine failed; the index decides until it is up again. Report the table if it happens again."""


def definitions(rulesets: Sequence[Ruleset], alarm_s: float) -> str:
    """The first frame for the child. Rules are named by row, so that no text of a table is a name."""
    loaded = [{f"{row}:{n}": _rule(c) for n, (row, c) in enumerate(ruleset.rules)} for ruleset in rulesets]
    return json.dumps({"alarm_s": alarm_s, "rulesets": loaded}, ensure_ascii=False)


def _rule(conditions: Conditions) -> dict[str, object]:
    tests = [_test(condition) for condition in conditions]
    return {"all": [{"m": tests[0] if len(tests) == 1 else {"$and": tests}}]}


def _test(condition: Condition) -> dict[str, object]:
    equal = {condition.name: condition.value}
    match condition.operator:
        case "eq":
            return dict(equal)
        case "ge":
            return {"$gte": equal}
        case "le":
            return {"$lte": equal}


class EngineProcess:
    """One child process with the engine. Not thread-safe; every failure is an `EngineFailedError` and ends it."""

    def __init__(self, child: str = CHILD, python: str = sys.executable, start_limit_s: float = START_LIMIT_S) -> None:
        """Run the module `child`, which must be ready within `start_limit_s`."""
        self._start_limit_s = start_limit_s
        self._link, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        with theirs:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(  # closes all our other descriptors in the child
                [python, "-P", "-m", child],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": paths},
            )

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def load(self, order: str) -> None:
        """Send it its rulesets (see `definitions`) and wait until it is ready, within its limit."""
        self._talk(order, time.monotonic() + self._start_limit_s)

    def ask(self, asks: Sequence[Ask], deadline: float) -> list[tuple[int, ...]]:
        """The rows (place in the table, in no order) for each ask, in as many chunks as fit.

        Answers may be fewer than asks: no new chunk begins when less than half of the time until `deadline`
        (of `time.monotonic`) is left.
        """
        answers: list[tuple[int, ...]] = []
        latest = (time.monotonic() + deadline) / 2
        for start in range(0, len(asks), CHUNK):
            if time.monotonic() > latest:
                break
            lines = self._talk("\n".join(_line(ask) for ask in asks[start : start + CHUNK]), deadline).split("\n")
            answers += [tuple(map(int, line.split(","))) if line else () for line in lines]
        return answers

    def _talk(self, text: str, deadline: float) -> str:
        data = text.encode()
        try:
            self._limit(deadline)
            self._link.sendall(len(data).to_bytes(4, "big") + data)
            size = int.from_bytes(self._receive(4, deadline), "big")
            answer = self._receive(size, deadline).decode()
        except TimeoutError as error:
            self.kill()
            raise EngineFailedError(what="late") from error
        except OSError as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)  # its exit code is worth reporting
            self.kill()
            raise EngineFailedError(what="lost", exit_code=self._process.returncode) from error
        if answer.startswith("!"):
            self.kill()
            raise EngineFailedError(what="error", error=answer[1:])
        return answer

    def _receive(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._limit(deadline)
            part = self._link.recv(min(size - len(data), 1 << 20))
            if not part:
                raise ConnectionResetError
            data += part
        return bytes(data)

    def _limit(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._link.settimeout(left)

    def interrupt(self) -> None:
        """Make the call in which another thread waits fail now."""
        self._process.kill()

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()
        self._link.close()

    def close(self) -> None:
        """Let it end by itself, or kill it after a second."""
        self._link.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.kill()


def _line(ask: Ask) -> str:
    ruleset, facts = ask
    return f"{ruleset} {json.dumps({**facts, 'id': '1', 'sid': '0'}, ensure_ascii=False)}"
