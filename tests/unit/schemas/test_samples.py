"""What was stored by a released version can be read now, whole: fields are added, never reinterpreted."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from schemas.case import Case, State
from schemas.codec import decode_any, encode
from schemas.event import EVENT, EventType
from schemas.measure import Measure
from schemas.order import Order, Written
from schemas.settling import IN_COMMANDS, IN_REPORTS
from schemas.system import Content, Switched, System
from streams.cases.proof import draft_of
from streams.cases.recent_commands import Remembered
from streams.cases.recurrence import Recurrence
from streams.cases.state_records import CaseWords, HomeCount, Roster
from streams.locate.seen_record import SeenReport

FOLDER = Path(__file__).parents[2] / "samples"
SAMPLES = sorted(FOLDER.glob("*/*.json"))
READERS: dict[str, TypeAdapter[Any]] = {
    "report": IN_REPORTS,
    "command": IN_COMMANDS,
    "event": EVENT,
    "case": TypeAdapter(Case),
    "text": TypeAdapter(Written),
    "order": TypeAdapter(Order),
    "measure": TypeAdapter(Measure),
    "system": TypeAdapter(System),
    "content": TypeAdapter(Content),
    "switched": TypeAdapter(Switched),
    "state-words": TypeAdapter(CaseWords),
    "state-home": TypeAdapter(HomeCount),
    "state-roster": TypeAdapter(Roster),
    "state-lately": TypeAdapter(Recurrence),
    "state-seen": TypeAdapter(Remembered),
    "state-intake": TypeAdapter(SeenReport),
}


def reader(path: Path) -> TypeAdapter[Any]:
    return READERS.get(path.stem) or READERS[path.stem.split("-")[0]]


def missing(stored: Any, now: Any, where: str = "") -> list[str]:
    """Where something that is stored is not there, or is something else, after reading."""
    if isinstance(stored, dict) and isinstance(now, dict):
        inside = [missing(value, now.get(name, "?"), f"{where}.{name}") for name, value in stored.items()]
        return [place for each in inside for place in each]
    if isinstance(stored, list) and isinstance(now, list) and len(stored) == len(now):
        return [
            place for n, (a, b) in enumerate(zip(stored, now, strict=True)) for place in missing(a, b, f"{where}.{n}")
        ]
    return [] if stored == now else [where]


def faults(paths: Iterable[Path], check: Callable[[Path], object]) -> dict[str, str]:
    """What goes wrong with each of the samples, by its name."""
    found = {}
    for path in paths:
        try:
            check(path)
        except Exception as error:  # noqa: BLE001 - any error is a fault of this sample
            found[path.stem] = repr(error)
    return found


def read_whole(path: Path) -> None:
    raw = path.read_bytes()
    read = decode_any(reader(path), raw)
    assert missing(json.loads(raw), read.model_dump(mode="json")) == []
    assert decode_any(reader(path), encode(read)) == read


def test_stored_samples_are_read_whole() -> None:
    assert len(SAMPLES) > 100
    assert faults(SAMPLES, read_whole) == {}


def test_every_kind_has_a_sample() -> None:
    names = {path.stem for path in SAMPLES if path.parent.name == "v1"}
    assert {f"event-{kind}" for kind in EventType} <= names
    assert {f"case-{state}" for state in State} <= names
    kinds = {json.loads(path.read_bytes())["type"] for path in SAMPLES if path.stem.startswith("command-")}
    assert kinds == set(IN_COMMANDS.json_schema()["discriminator"]["mapping"])
    kinds = {json.loads(path.read_bytes())["type"] for path in SAMPLES if path.stem.startswith("report")}
    assert kinds == set(IN_REPORTS.json_schema()["discriminator"]["mapping"])


def folded(path: Path) -> None:
    event = decode_any(EVENT, path.read_bytes())
    draft = draft_of(event)
    assert set(draft.now) == set(event.now)
    base = Case(number="n", home="h", report="r", state=State.SUBMITTED)
    after = base.after(draft.now)
    assert Case.model_validate_json(encode(after)) == after


def test_stored_events_can_be_folded() -> None:
    """Every field that one names is one a case has, with a value that field takes."""
    events = [path for path in SAMPLES if path.stem.startswith("event-")]
    assert len(events) >= len(EventType)
    assert faults(events, folded) == {}


def test_a_fault_of_a_sample_is_named() -> None:
    assert faults([FOLDER / "v1" / "no-such.json"], read_whole).keys() == {"no-such"}


def test_a_field_that_is_gone_or_means_something_else_is_noticed() -> None:
    assert missing({"a": [{"b": 1}], "c": 2}, {"a": [{"b": 1}], "c": 2, "d": 3}) == []
    assert missing({"a": [{"b": 1}], "c": 2}, {"a": [{"b": 2}]}) == [".a.0.b", ".c"]
