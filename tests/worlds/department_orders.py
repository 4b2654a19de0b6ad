"""What the step `cases` writes for one department of a tiny street, in order: orders, and the end of one."""

import json
from typing import Any, NamedTuple

from rules.book.compiled_rulebook import book_of
from schemas.command import Act, AnyCommand, Do, Open
from schemas.place import Found, PlaceGiven
from schemas.report import Report, Reporter
from schemas.topics import home
from streams.cases.step import CasesStep
from streams.partition.contract import Output
from streams.rulebooks.cache import cache_of
from tests.unit.streams.partition_lab import Lab
from tests.worlds.commanded_street import START_MS, region, rulebook

DEPARTMENT = "waste"


class Orders(NamedTuple):
    """Records of the department's topic."""

    first: list[Output]
    """Three cases: one goes on, one is handed to another department, one has just come."""
    later: Output
    """The first case is closed."""
    failed: Output
    """Of a fourth case, whose transaction is to fail."""


def written_orders() -> Orders:
    """All of it, as the step makes it of commands."""
    book = book_of(region(), rulebook())
    at = Lab(lambda: CasesStep(0, 1, cache_of(book)))

    def opening(report: str, text: str) -> Open:
        found = book.places.locate(PlaceGiven(address="First Road 12"))
        assert isinstance(found, Found)
        words = Report(id=report, text=text, reporter=Reporter(id="walker"), door="page", received_ms=START_MS)
        return Open(id=report, home=home("test", found.place.grid), report=words, place=found.place)

    def act(what: Act, by: str, case: int, **more: Any) -> Do:
        return Do(id=f"{what}-{by}", home="test-G1", act=what, case=f"test-G1-2610-{case:05}", by=by, **more)

    def run(*commands: AnyCommand) -> list[Output]:
        start, written = len(at.log), len(at.outputs)
        for command in commands:
            at.append(START_MS + len(at.log) * 60_000, command)
        at.run(at.log[start:])
        return [output for output in at.outputs[written:] if output.topic == f"department.{DEPARTMENT}"]

    first = [
        *run(opening("r1", "dirty, 台阶上有油")),
        *run(act(Act.ACKNOWLEDGE, "owner-a", 1)),
        *run(opening("r2", "else")),
        *run(act(Act.RESOLVE, "owner-a", 1, note="cleaned")),
        *run(act(Act.CORRECT, "chief", 2, category="hole")),
        *run(opening("r3", "something")),
    ]
    (later,) = run(act(Act.VERIFY, "walker", 1))
    (failed,) = run(opening("r4", "more"))
    return Orders(first, later, failed)


def line_of(order: Output) -> str:
    """What the programs of the documentation print of a record."""
    if order.value is None:
        return f"{order.key.decode()} finished"
    value = json.loads(order.value)
    return f"{order.key.decode()} {value['state']} {value['category']}"
