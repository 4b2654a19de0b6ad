"""A deadline is made of the dispatch, the limit that holds, what was granted and the time the clock stood still."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.http.json_views import case_json
from rules.book.compiled_rulebook import CompiledRulebook
from rules.time.working import due_at, moved, worked_ms
from schemas.case import Case, Deadline, State
from schemas.clock import CaseLimits
from schemas.command import Act
from schemas.event import EventType as E
from schemas.limit import is_working
from schemas.limit_words import due_words
from schemas.place import PlaceGiven
from schemas.region import Region
from schemas.rulebook import Rulebook
from tests.oracles.laws import law
from tests.worlds.street import HOUR, PHOTO, Street, a_book
from tests.worlds.working_street import a_working_region, a_working_rulebook, a_working_street, at, said

LIMITS = ("1wd", "3wd", "10wd", "4wh", "30wh", "sd", "24h", "2d", "3uh", None)


def a_list(dirty: str | None, leak: str | None = "5wd", *, gone: bool = False) -> Rulebook:
    """A list with these resolution limits; `gone`: it has no category for dirty roads any more."""
    told = a_working_rulebook().model_dump(mode="json")
    for category, resolve in ((told["categories"][0], dirty), (told["categories"][2], leak)):
        category |= {"limits": {"resolve": resolve} if resolve else {}, "milestones": []}
    if gone:
        del told["categories"][0]
        told["routing"]["rows"] = [row for row in told["routing"]["rows"] if row["id"] != "R-dirty"]
    return Rulebook.model_validate(told)


def in_flight(street: Street, rulebook: Rulebook, region: Region | None = None) -> None:
    """Open cases go by another list from here on."""
    street.book = a_book(region or street.book.region, rulebook)


def reported(start: str, resolve: str | None) -> tuple[Street, Case]:
    street = a_working_street(start)
    in_flight(street, a_list(resolve))
    return street, street.report()


@pytest.mark.parametrize(
    ("before", "after"),
    [("3wd", "10wd"), ("3wd", "1wd"), ("3wd", "24h"), ("24h", "10wd"), ("4wh", "sd"), ("10wd", None), (None, "3wd")],
)
def test_what_another_list_says_of_the_category_it_had_moves_nothing(before: str | None, after: str | None) -> None:
    """Nothing was ever extended: five working days from the Sunday of its dispatch, whatever the lists said before."""
    street, case = reported("03-10 10:00", before)
    in_flight(street, a_list(after))
    case = street.act(case, Act.CORRECT, "office", category="leak", at=at("03-10 11:00"))
    assert said(case.due_ms) == "03-15 19:00"


def test_the_category_it_had_can_be_gone_from_the_list() -> None:
    street, case = reported("03-11 10:00", "10wd")
    in_flight(street, a_list(None, gone=True))
    case = street.act(case, Act.CORRECT, "office", category="other")
    assert (case.due_ms, Deadline.RESOLVE in case.deadlines) == (None, False)


def test_a_calendar_that_changed_in_flight_is_no_extension() -> None:
    """Dispatched by a five-day week, corrected when everybody works every day."""
    street, case = reported("03-08 10:00", "3wd")
    assert said(case.due_ms) == "03-13 17:30"
    told = a_working_region().model_dump(mode="json")
    told["calendar"] |= {"hours": {"week": [["09:00-15:00"]] * 7}, "organisations": []}
    in_flight(street, a_list("3wd"), Region.model_validate(told))
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert said(case.due_ms) == "03-13 15:00"


def test_what_was_granted_comes_to_the_other_limit() -> None:
    street, case = reported("03-05 09:00", "24h")
    case = street.act(case, Act.REQUEST_EXTENSION, "owner-1", hours=5, note="难")
    case = street.act(case, Act.APPROVE, "office")
    case = street.act(case, Act.REQUEST_PAUSE, "owner-1", hours=90, note="雨", at=at("03-05 10:00"))
    case = street.act(case, Act.APPROVE, "office", at=at("03-05 10:00"))
    case = street.act(case, Act.RESUME, "office", at=at("03-06 10:00"))
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert said(case.due_ms) == "03-12 12:00"  # 10 March 19:00, 5 hours of work, 12 hours of work that it stood still
    facts = next(d.facts for d in reversed(street.drafts) if d.type is E.CORRECTED)
    assert facts["due"] == {
        "limit": "5wd", "from_ms": at("03-05 09:00"), "granted_ms": 5 * HOUR, "stood_ms": 12 * HOUR,
        "due_ms": at("03-12 12:00"),
    }  # fmt: skip


def test_a_limit_that_had_none_keeps_what_was_granted() -> None:
    street, case = reported("03-05 09:00", None)
    case = street.act(case, Act.REQUEST_EXTENSION, "owner-1", hours=5, note="难")
    case = street.act(case, Act.APPROVE, "office")
    assert case.due_ms is None
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert said(case.due_ms) == "03-11 12:00"


def test_a_milestone_stood_still_in_its_own_kind_of_time() -> None:
    """A step in working days is not moved by the nights of a pause; the one that ends with the resolution stays so."""
    street, case = reported("03-05 09:00", "24h")
    case = street.act(case, Act.REQUEST_PAUSE, "owner-1", hours=90, note="雨", at=at("03-05 10:00"))
    case = street.act(case, Act.APPROVE, "office")
    case = street.act(case, Act.RESUME, "office", at=at("03-06 10:00"))
    in_flight(street, a_working_rulebook({"limits": {"resolve": "24h"}}))
    case = street.act(case, Act.CORRECT, "office", category="leak")
    dues = {step.id: said(step.due_ms) for step in case.milestones}
    assert dues == {"fence": "03-06 12:00", "repair": "03-06 17:00", "restore": "03-11 19:00"}
    assert said(case.due_ms) == "03-11 19:00"


def test_a_new_place_moves_a_deadline_only_by_another_limit() -> None:
    """Decided again by the list that holds now, if that has another limit."""
    street, case = reported("03-05 09:00", "3wd")
    same = street.act(case, Act.CORRECT, "office", place=PlaceGiven(code="S2"))
    assert same.due_ms == case.due_ms
    in_flight(street, a_list("10wd"))
    other = street.act(case, Act.CORRECT, "office", place=PlaceGiven(code="S1"))
    assert said(other.due_ms) == "03-19 17:30"


@pytest.mark.parametrize(
    ("limit", "now", "due"),
    [
        ("24h", "10wd", "03-10 19:00"),
        ("24h", "1d", "03-11 12:00"),  # it was extended by five hours, and its list says so
        ("3wd", "10wd", "03-11 12:00"),
        ("3wd", "1wd", "03-11 12:00"),
    ],
)
def test_a_case_of_an_older_log_is_sensible(limit: str, now: str, due: str) -> None:
    """Its limits and extensions were not kept: its own limit is known if it is a working one, else from the list."""
    street, case = reported("03-05 09:00", limit)
    case = street.act(case, Act.REQUEST_EXTENSION, "owner-1", hours=5, note="难")
    case = street.act(case, Act.APPROVE, "office")
    street.cases[case.number] = case.after({"limits": None, "granted_ms": 0, "still": ()})
    in_flight(street, a_list(now))
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert said(case.due_ms) == due
    assert case.limits == CaseLimits(resolve="5wd")


@pytest.mark.parametrize("limit", ["24h", "3wd"])
def test_an_older_case_that_was_never_extended_was_given_nothing(limit: str) -> None:
    street, case = reported("03-05 09:00", limit)
    street.cases[case.number] = case.after({"limits": None})
    in_flight(street, a_list("10wd"))
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert (said(case.due_ms), case.granted_ms) == ("03-10 19:00", 0)


def test_it_is_told_in_words() -> None:
    street, case = reported("03-05 09:00", "24h")
    case = street.act(case, Act.REQUEST_EXTENSION, "owner-1", hours=29, note="难")
    case = street.act(case, Act.APPROVE, "office")
    case = street.act(case, Act.RESOLVE, "owner-1", at=at("03-05 10:00"), photos=(PHOTO,))
    case = street.act(case, Act.REJECT, "patrol-1", at=at("03-05 10:30"))
    said_of = due_words(case)
    assert said_of is not None
    assert said_of.en == "24 hours from dispatch, plus 1 d 5 h of extension, plus 30 min while the clock stood still"
    assert said_of.zh == "自派遣起24小时，另加准予延期1天5小时，另加停计30分钟"
    worked = due_words(street.act(case, Act.CORRECT, "office", category="leak"))
    assert worked is not None
    assert "29 h of working time extension" in worked.en
    assert due_words(case.after({"limits": None})) is None


@dataclass
class Chain:
    """A case on a street whose lists, calendars and people change, and what was given to it, kept apart."""

    street: Street
    case: Case
    granted_ms: int = 0
    still: list[tuple[int, int]] = field(default_factory=list)
    since: int | None = None
    drawn_anew: bool = False
    """The calendar changed since the limits were last counted."""

    def play(self, what: str, number: int) -> bool:
        """Whether the case was still there; a closed one is archived when its window is over."""
        self.street.wait_until(self.street.t_ms + (number % 7) * 5 * HOUR)
        if self.case.number not in self.street.cases:
            return False
        self.case = self.street.cases[self.case.number]
        getattr(self, what)(number)
        self.case = self.street.cases[self.case.number]
        return True

    def _act(self, act: Act, by: str, **fields: Any) -> bool:
        before = self.case.seq
        self.case = self.street.act(self.case, act, by, note="话", **fields)
        return self.case.seq > before and self.street.drafts[-1].type is not E.ACTION_REFUSED

    def correct(self, number: int) -> None:
        known = [each for each in ("dirty", "leak", "other") if self.street.book.knows_category(each)]
        kept = self.case.limits
        self._act(Act.CORRECT, "office", category=known[number % len(known)])
        if self.case.limits is not kept:
            self.drawn_anew = False

    def switch(self, number: int) -> None:
        dirty, leak = LIMITS[number % len(LIMITS)], LIMITS[number // len(LIMITS) % len(LIMITS)]
        in_flight(self.street, a_list(dirty, leak, gone=number % 5 == 0))

    def redraw(self, number: int) -> None:
        told = a_working_region().model_dump(mode="json")
        if number % 2:
            told["calendar"] |= {"hours": {"week": [["10:00-11:00"]] * 7}, "organisations": []}
        in_flight(self.street, self.street.book.rulebook, Region.model_validate(told))
        self.drawn_anew = True

    def extend(self, number: int) -> None:
        if self._act(Act.REQUEST_EXTENSION, self.case.assignee or "", hours=1 + number % 40):
            self._act(Act.APPROVE, "office")
            self.granted_ms += (1 + number % 40) * HOUR

    def pause(self, number: int) -> None:
        if self._act(Act.REQUEST_PAUSE, self.case.assignee or "", hours=5000):
            self._act(Act.APPROVE, "office")
            self.since = self.street.t_ms

    def resolve(self, number: int) -> None:
        if self._act(Act.RESOLVE, self.case.assignee or "", photos=(PHOTO,)):
            self.since = self.street.t_ms if self.since is None else self.since

    def go_on(self, number: int) -> None:
        """Whatever stands still goes on."""
        acts = {State.SUSPENDED: (Act.RESUME, "office"), State.RESOLVED: (Act.REJECT, "patrol-1"),
                State.CLOSED: (Act.REOPEN, "patrol-1")}  # fmt: skip
        if self.case.state in acts and self._act(*acts[self.case.state]):
            self.still.append((self.since or 0, self.street.t_ms))
            self.since = None

    def close(self, number: int) -> None:
        self._act(Act.VERIFY, "patrol-1")

    def expected(self) -> int | None:
        """Due, worked out from what was given, by the calendar as it is."""
        case, calendar = self.case, self.street.book.region.calendar
        limit = case.limits.resolve if case.limits else None
        if limit is None or case.dispatched_ms is None:
            return None
        crew = case.clock.organisation if case.clock else None
        due = due_at(case.dispatched_ms, limit, calendar, crew)
        if not is_working(limit):
            return due + self.granted_ms + sum(until - since for since, until in self.still)
        stood = sum(worked_ms(since, until, calendar, crew) for since, until in self.still)
        return moved(moved(due, self.granted_ms, calendar, crew), stood, calendar, crew)

    def apart(self, due_ms: int) -> int:
        """How far the deadline of the case is from this, in its own kind of time."""
        case, book = self.case, self.street.book
        assert case.due_ms is not None
        return _apart(case, due_ms, case.due_ms, book)


def _apart(case: Case, a: int, b: int, book: CompiledRulebook) -> int:
    if case.clock is None:
        return b - a
    return worked_ms(a, b, book.region.calendar, case.clock.organisation)


WHATS = ("correct", "correct", "switch", "redraw", "extend", "pause", "resolve", "go_on", "go_on", "close")
CHAINS = st.lists(st.tuples(st.sampled_from(WHATS), st.integers(0, 999)), min_size=1, max_size=25)


@law(120)
@given(st.sampled_from(LIMITS), CHAINS)
def test_a_deadline_is_explained_by_what_it_is_made_of(first: str | None, chain: list[tuple[str, int]]) -> None:
    """Never before the dispatch, never later than the limit from dispatch with what was granted and stood still."""
    street, case = reported("03-07 16:00", first)
    life = Chain(street, case)
    for what, number in chain:
        due_before = life.case.due_ms
        if not life.play(what, number):
            break
        due, expected = life.case.due_ms, life.expected()
        assert (due is None) == (expected is None)
        assert life.case.granted_ms == life.granted_ms
        if due is None or expected is None:
            continue
        assert due >= (life.case.dispatched_ms or 0)
        if what != "correct" and due_before is not None:
            assert due >= due_before, "only another limit takes time away"
        if not life.drawn_anew and life.since is None:
            assert abs(life.apart(expected)) <= 1
            words = due_words(life.case)
            assert words is not None
            assert ("extension" in words.en) == (life.granted_ms > 0)


def test_readers_of_a_case_get_the_sentence_in_both_languages() -> None:
    _, case = reported("03-05 09:00", "3wd")
    assert case_json(case)["due_made_of"] == {"zh": "自派遣起3工作日", "en": "3 working days from dispatch"}
