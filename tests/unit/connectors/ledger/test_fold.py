from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from connectors.cases.jobs import nearest
from connectors.ledger.fold import COLUMNS, columns, fold
from connectors.ledger.schema import TABLES
from rules.decision.draft import Draft
from rules.decision.fold import fold as fold_by_rules
from schemas.case import Case, Deadline, State
from schemas.codec import encode
from schemas.event import EventType
from tests.worlds.builders import START, LogBuilder, event

UTC = ZoneInfo("UTC")


def _events(log: LogBuilder) -> list[dict[str, object]]:
    return [from_json(each.value or b"") for each in log.records]


def _folded(log: LogBuilder) -> dict[str, object]:
    doc = None
    for each in _events(log):
        doc = fold(doc, each)
    assert doc is not None
    return doc


def test_later_fields_win_and_others_stay() -> None:
    log = LogBuilder()
    number = log.open(team="t1")
    log.dispatch(number, START + 5)
    log.add(EventType.CORRECTED, number, now={"assignee": None, "category": "pothole"})
    case = Case.model_validate(_folded(log))
    assert (case.state, case.assignee, case.category, case.team) == (State.DISPATCHED, None, "pothole", "t1")
    assert (case.number, case.home, case.seq) == (number, "demo-G001", 3)


def test_a_command_counts_once_among_the_acts_and_a_deadline_never() -> None:
    log = LogBuilder()
    number = log.open()
    for command in ("a1", "a1", "due:resolve"):
        log.add(EventType.URGED, number, command=command)
    assert _folded(log)["acts"] == [_events(log)[0]["command"], "a1"]


def test_a_command_that_was_parked_changes_nothing() -> None:
    """The worker does not count it among the changes of the case, so orders have the same sequence from both."""
    log = LogBuilder()
    number = log.open()
    before = _folded(log)
    log.add(EventType.COMMAND_PARKED, number, command="broken")
    assert _folded(log) == before


def test_the_fold_is_the_one_of_the_rules() -> None:
    """The same events through the fold that the stream uses give an equal case."""
    log = LogBuilder(1).stories(4)
    ours: dict[str, dict[str, object]] = {}
    theirs: dict[str, Case] = {}
    for each in log.records:
        if each.topic != "events":
            continue
        fields = from_json(each.value or b"")
        number = fields["case"]
        ours[number] = fold(ours.get(number), fields)
        now = {k: getattr(Case.model_validate(ours[number]), k) for k in fields["now"]}
        draft = Draft(
            type=EventType(fields["type"]),
            home=fields["home"],
            grid=fields["grid"],
            t_ms=fields["t_ms"],
            command=fields["command"],
            by=fields["by"],
            case=number,
            now=now,
        )
        theirs[number] = fold_by_rules(theirs.get(number), draft)
    assert {number: Case.model_validate(doc) for number, doc in ours.items()} == theirs
    assert len(theirs) == 4


def test_archiving_keeps_the_case_and_marks_it() -> None:
    archived = event(EventType.ARCHIVED, now={})
    doc = fold({"number": "x", "state": "closed", "seq": 1}, from_json(encode(archived)))
    row = dict(zip(COLUMNS, columns(doc, 7, UTC), strict=True))
    assert (row["archived"], row["state"], row["open"], row["last_seq"]) == (True, "closed", False, 7)


def test_every_column_has_its_place() -> None:
    """The order of `COLUMNS` is that of the table, so that a row can be read by either."""
    table = TABLES.split("CREATE TABLE cases (")[1].split("\n);")[0]
    assert [line.split()[0] for line in table.strip().splitlines()] == ["id", *COLUMNS]


def test_words_erased_after_the_archive_leave_the_case() -> None:
    """The event of an archived case names the words only."""
    log = LogBuilder()
    refs = [{"id": id, "digest": "d", "by": "p", "at_ms": 1, "role": "report"} for id in ("t1", "t2")]
    number = log.open(texts=refs)
    log.add(EventType.ARCHIVED, number)
    log.add(EventType.TEXT_ERASED, number, facts={"texts": ["t1"]})
    assert _folded(log)["texts"] == refs[1:]


@pytest.mark.parametrize("change", [{}, {"id": None}, {"id": {"a": [1]}}])
def test_a_change_that_names_no_item_is_no_proposal_and_stops_nothing(change: dict[str, object]) -> None:
    """Such changes stand in logs of before; SQLite takes no lists, so one of them would have stopped the ledger."""
    log = LogBuilder()
    log.open(change=change)
    row = columns(_folded(log), 1, UTC)
    assert row[COLUMNS.index("proposes")] is None


@given(
    st.dictionaries(st.sampled_from(Deadline), st.integers(START, START + 9)), st.none() | st.integers(START, START + 9)
)
def test_jobs_are_ordered_by_the_column_as_by_the_case(deadlines: dict[Deadline, int], due_ms: int | None) -> None:
    log = LogBuilder()
    log.open(deadlines=dict(deadlines), due_ms=due_ms)
    doc = _folded(log)
    row = dict(zip(COLUMNS, columns(doc, 1, UTC), strict=True))
    assert row["next_ms"] == nearest(Case.model_validate(doc))
