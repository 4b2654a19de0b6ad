"""Writes stored samples of messages and states: `python -m tests.generators.samples tests/samples/v2`.

A released version's samples are never written again: they are the proof that what was stored then can be read now.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from schemas.case import State
from schemas.codec import decode, encode
from schemas.command import (
    Act,
    Activate,
    Cover,
    Do,
    Join,
    Joined,
    Leave,
    MasterEnded,
    Open,
    Outcome,
    Record,
    RecordWhat,
    ReturnReason,
    Supply,
    Tick,
    Trouble,
)
from schemas.event import Because, Event, EventType
from schemas.joint import Assist, ReportInStep, Scores
from schemas.measure import Measure, Tally
from schemas.models import LogModel
from schemas.order import Order, Written
from schemas.people import Role
from schemas.place import Candidate, Coordinates, Datum, Elsewhere, FoundBy, PlaceGiven
from schemas.report import (
    Activation,
    Department,
    Photo,
    Report,
    Reporter,
    ReportKind,
    SourceFacts,
    Supplement,
    Unusable,
)
from schemas.settling import Settle, SettleCommand, SettleReport
from schemas.system import Content, Mode, Switched, System
from streams.cases.event_writer import event_value
from streams.cases.recent_commands import Remembered
from streams.cases.state_records import CaseWords, CoverSpan, HomeCount, Roster
from streams.locate.seen_record import SeenReport
from tests.unit.rules.life import one_street, step
from tests.unit.rules.states import in_state
from tests.worlds.street import HOUR, ON_S1, PHOTO, T0

NUMBER, OTHER = "R1-G1-2611-00001", "R1-G2-2611-00004"
WHY = Because(
    code="act", zh="理由", en="Reason", version="ab", row="R1", row_number=1, facts={"category": "dirty"}, also=("R2",)
)


def write(folder: Path) -> None:
    """One file per kind of message; refuses to change what is stored."""
    folder.mkdir(parents=True)
    for name, value in samples():
        (folder / f"{name}.json").write_bytes(encode(value) + b"\n")


def samples() -> Iterator[tuple[str, LogModel]]:
    """(name, value) of every kind; `<topic>-<kind>`."""
    yield from _reports()
    yield from _commands()
    yield from _events()
    for state in State:
        yield f"case-{state}", in_state(state)[1]
    words = Written(id="a1", case=NUMBER, by="owner-1", role="after", at_ms=T0, text="已清扫", photos=(_photo(),))
    yield "text", words
    yield "order", _order(words)
    yield "order-assisting", _order_of_an_assistant(words)
    yield "measure", _measure()
    yield "system", System(partitions=8, mode=Mode.HISTORY, region="ab", rulebook="cd", decide=True)
    yield (
        "switched",
        Switched(
            id="v",
            rulebook="ab",
            region="cd",
            by="list-steward",
            at_ms=T0,
            effective_ms=T0,
            in_flight=True,
            note="试行",
        ),
    )
    yield "content", Content(kind="rulebook", part=0, parts=1, json_text="{}")
    yield "state-words", CaseWords(written=(words,))
    yield "state-home", HomeCount(yymm="2611", count=7)
    yield "state-roster", Roster(spans=(CoverSpan(cover="owner-2", by="office", from_ms=T0, until_ms=T0 + HOUR),))
    yield "state-seen", Remembered(id="c-1")
    yield "state-intake", SeenReport(home="R1-G1", content="ab", minute=29_916_666)


def _photo() -> Photo:
    return Photo(digest="cd" * 32, taken_ms=T0, lon=118.08, lat=24.46)


def _report() -> Report:
    return Report(
        id="r1", text="路面油污", category="dirty", photos=(_photo(),), after_photos=(PHOTO,), fixed=True,
        place=PlaceGiven(coordinates=Coordinates(lon=118.08, lat=24.46, datum=Datum.GCJ02)),
        reporter=Reporter(id="rider-1", team="riders-1"), door="web", received_ms=T0, links=OTHER,
        source=SourceFacts(
            occurred_ms=T0, due_ms=T0 + HOUR, department=Department(code="police", name="NYPD"), category="Noise"
        ),
    )  # fmt: skip


def _reports() -> Iterator[tuple[str, LogModel]]:
    who = Reporter(id="patrol-1")
    yield "report", _report()
    yield "report-supplement", Supplement(
        id="s1", report="r1", text="门口", photos=(PHOTO,), place=PlaceGiven(code="S1"), reporter=who, door="web",
        received_ms=T0,
    )  # fmt: skip
    yield "report-duty", Report(
        id="duty/school-run/2026-11-18", kind=ReportKind.SERVICE_REQUEST, text="护学岗", category="other",
        place=PlaceGiven(code="S1"), reporter=Reporter(id="duties", kind=Role.SYSTEM), door="duties", duty="school-run",
        received_ms=T0,
    )  # fmt: skip
    yield "report-pushed", Report(
        id="r2", text="请核发许可", place=PlaceGiven(code="S1"), reporter=Reporter(id="officer"), door="cli",
        received_ms=T0, pushed_by="parks", item="P03", attributes={"land": "forest"},
    )  # fmt: skip
    yield "report-change", Report(
        id="r3", place=PlaceGiven(code="G1"), reporter=who, door="web", received_ms=T0, links=NUMBER,
        change={"id": "P03", "name": {"zh": "采伐", "en": "Felling"}, "verdict": "assist", "lead": "parks"},
    )  # fmt: skip
    yield "report-settle", SettleReport(
        id="settle/3-17", parked="3-17", settle=Settle.RETRY, by="office", why="改正", error="UnreadableError",
        value_b64="e30=",
    )  # fmt: skip
    yield "report-activation", Activation(id="v", rulebook="ab", region="cd", effective_ms=T0)
    yield "report-unusable", Unusable(id="u1", reason="unreadable time", door="replay", received_ms=T0)


def _commands() -> Iterator[tuple[str, LogModel]]:
    trouble = Trouble(reason="ambiguous", candidates=(Candidate(code="S1", label="测试路"),))
    other = Elsewhere(by=FoundBy.ADDRESS, label="样例路2号", grid="G2", segment="S2", metres=420)
    yield "command-settle", SettleCommand(
        id="settle/3-17", home="*", parked="3-17", settle=Settle.DROP, by="office", why="测试件",
        error="WrongHomeError", value_b64="e30=",
    )  # fmt: skip
    yield (
        "command-open-elsewhere",
        Open(id="r1", home="R1-G1", report=_report(), place=ON_S1.model_copy(update={"elsewhere": (other,)})),
    )
    yield (
        "command-open",
        Open(id="r1", home="R1-G1", report=_report(), place=ON_S1, trouble=trouble, moved_from=OTHER, submitted_ms=T0),
    )
    yield (
        "command-supply",
        Supply(
            id="s1", home="R1-U", report="r1", by="patrol-1", text="门口", photos=(PHOTO,), place=ON_S1, trouble=trouble
        ),
    )
    yield (
        "command-supply-number",
        Supply(
            id="s2", home="R1-U", report="r1", by="patrol-1", address="12号",
            trouble=trouble.model_copy(update={"more": 7}),
        ),
    )  # fmt: skip
    yield "command-do", Do(
        id="a1", home="R1-G1", act=Act.RETURN, case=NUMBER, by="owner-1", occurred_ms=T0, note="不是", photos=(PHOTO,),
        cite="I1", reason=ReturnReason.WRONG_PLACE, to="owner-2", category="leak",
        place=PlaceGiven(address="测试路12号"), outcome=Outcome.FIXED, until_ms=T0, hours=5,
    )  # fmt: skip
    yield (
        "command-do-whistle",
        Do(
            id="w1",
            home="R1-G1",
            act=Act.WHISTLE,
            case=NUMBER,
            by="office",
            occurred_ms=T0,
            cite="H20",
            to="water,roads",
        ),
    )
    yield "command-do-rate-report-in", Do(
        id="w2", home="R1-G1", act=Act.RATE_REPORT_IN, case=NUMBER, by="office", occurred_ms=T0, to="water",
        scores=Scores(cooperation=1, professionalism=4),
    )  # fmt: skip
    yield (
        "command-record",
        Record(
            id="r1.merged", home="R1-G1", what=RecordWhat.MERGED, report=_report(), at_ms=T0, place=ON_S1, into="r0"
        ),
    )
    yield (
        "command-record-by-day",
        Record(id="r1.closed", home="R1-G1", what=RecordWhat.CLOSED, report=_report(), at_ms=T0, by_day=True),
    )
    yield (
        "command-join",
        Join(id="j", home="R1-G2", case=OTHER, source=NUMBER, report="r1", reporter="patrol-1", by="office"),
    )
    yield (
        "command-joined",
        Joined(id="k", home="R1-G1", case=NUMBER, into=OTHER, accepted=False, reason="not_a_master", by="office"),
    )
    yield "command-leave", Leave(id="l", home="R1-G2", case=OTHER, source=NUMBER, by="patrol-1")
    yield (
        "command-master-ended",
        MasterEnded(
            id="m", home="R1-G1", case=NUMBER, master=OTHER, state="closed", outcome=Outcome.FIXED, because=WHY
        ),
    )
    yield (
        "command-cover",
        Cover(id="c", home="*", person="owner-1", cover="owner-2", by="owner-1", from_ms=T0, until_ms=T0 + HOUR),
    )
    yield "command-activate", Activate(id="v", home="*", rulebook="ab", region="cd", by="list-steward", effective_ms=T0)
    yield "command-tick", Tick(id="t", home="*")


def _events() -> Iterator[tuple[str, LogModel]]:
    """The first of every type in lives of a street; those that no life has are made by hand."""
    seen: set[str] = set()
    random = Random(36)
    while len(seen) < len(EventType) - 5:
        street, life = one_street(at_work=len(seen) % 2 == 1)
        for _ in life.play([step(random.randrange(10**8)) for _ in range(60)]):
            pass
        for n, draft in enumerate(street.drafts):
            if draft.type not in seen:
                seen.add(draft.type)
                yield f"event-{draft.type}", decode(Event, event_value(draft, n, "ab" * 16))
    base = Event(
        n=7, prev="ab" * 16, t_ms=T0, type=EventType.RULEBOOK_ACTIVATED, home="*", grid="*", command="v", by="office",
        because=WHY,
    )  # fmt: skip
    active = {"rulebook": "ab", "region": "cd", "effective_ms": T0}
    parked = {"error": "UnreadableError", "sha256": "ab" * 16}
    yield "event-rulebook_activated", base.model_copy(update={"type": EventType.RULEBOOK_ACTIVATED, "facts": active})
    taken = {"assignee": "owner-3", "department": {"code": "water", "name": "供水"}}
    yield "event-taken_over", base.model_copy(update={
        "type": EventType.TAKEN_OVER, "home": "R1-G1", "grid": "G1", "case": NUMBER, "by": "system",
        "command": "due:succession", "now": taken, "facts": {"was": {"assignee": "owner-1", "department": "old-water"}},
    })  # fmt: skip
    yield "event-command_parked", base.model_copy(update={"type": EventType.COMMAND_PARKED, "facts": parked})
    settled = {"parked": "3-17", "report": "r1"}
    for kind in (EventType.PARKED_RETRIED, EventType.PARKED_DROPPED):
        yield f"event-{kind}", base.model_copy(update={"type": kind, "facts": settled})


def _measure() -> Measure:
    figure = Tally()
    figure.add(36 * 60_000)
    figure.add(2 * HOUR)
    return figure.measure


def _order(words: Written) -> Order:
    case = in_state(State.REWORK)[1]
    assert case.department is not None
    assert case.assignee is not None
    assert case.dispatched_ms is not None
    return Order(
        case=case.number, seq=case.seq, changed=(EventType.REWORK_ORDERED,), state=case.state, kind=case.kind,
        category=case.category, item=case.item, department=case.department, assignee=case.assignee,
        executor="cleaner-1", place=case.place, submitted_ms=case.submitted_ms, dispatched_ms=case.dispatched_ms,
        deadlines=case.deadlines, due_ms=case.due_ms, reworks=case.reworks, written=(words,), because=WHY,
    )  # fmt: skip


def _order_of_an_assistant(words: Written) -> Order:
    """What a department is told that was called beside the owner's, and signed too late."""
    water = Department(code="water", name="供水")
    due = dict(zip(ReportInStep, (T0, T0 + HOUR, T0 + 2 * HOUR), strict=True))
    part = Assist(
        department=water, cause="whistle", item="H20", called_ms=T0, due=due, done={ReportInStep.SIGN: T0 + 1},
        missed=(ReportInStep.SIGN,), rate_until_ms=T0 + 3 * HOUR, scores=Scores(responsibility=2),
    )  # fmt: skip
    return _order(words).model_copy(update={"assisting": water, "assists": (part,)})


if __name__ == "__main__":
    write(Path(sys.argv[1]))
