"""What a reporter says of the result, and the two windows of a closed case."""

import pytest

from schemas.case import Case, Deadline, State
from schemas.command import Act, Outcome, Rating
from schemas.event import EventType as E
from tests.unit.rules.acts.test_handle import code
from tests.worlds.street import CLEAN, DAY, PHOTO, T0, Street, a_book, a_rulebook


def closed(street: Street, **fields: object) -> Case:
    """Reported, fixed and confirmed at once."""
    case = street.act(street.report(at=T0), Act.RESOLVE, "owner-1", photos=(PHOTO,))
    return street.act(case, Act.VERIFY, "patrol-1", **fields)  # type: ignore[arg-type]  # fields of the act by name


def a_street(reopen: str, rating: str) -> Street:
    return Street(a_book(rulebook=a_rulebook(reopen_window=reopen, rating_window=rating)))


def test_the_last_word_counts() -> None:
    street = Street()
    case = street.act(closed(street), Act.RATE, "patrol-1", rating=Rating.DISSATISFIED, note="慢了一点")
    assert (case.state, case.rating, street.types()[-1]) == (State.CLOSED, Rating.DISSATISFIED, E.RATED)
    assert (case.texts[-1].role, street.drafts[-1].facts) == ("rating", {"rating": Rating.DISSATISFIED})
    street.act(case, Act.RATE, "patrol-1", rating=Rating.DISSATISFIED)
    assert code(street) == "nothing_to_change"
    assert street.act(case, Act.RATE, "patrol-1", rating=Rating.SATISFIED).rating is Rating.SATISFIED


def test_confirmed_and_rated_in_one_tap_by_the_reporter_only() -> None:
    street = Street()
    assert closed(street, rating=Rating.SATISFIED).rating is Rating.SATISFIED
    street = Street()
    case = street.act(street.report(), Act.RESOLVE, "owner-1", photos=(PHOTO,))
    assert street.act(case, Act.VERIFY, "inspector", rating=Rating.SATISFIED).rating is None


def test_what_cannot_be_rated() -> None:
    street = Street()
    case = closed(street)
    street.act(case, Act.RATE, "patrol-1")
    assert code(street) == "rating_needed"
    street.act(case, Act.RATE, "owner-1", rating=Rating.SATISFIED)
    assert code(street) == "not_allowed"
    street.act(street.report(name="r2"), Act.RATE, "patrol-1", rating=Rating.SATISFIED)
    assert code(street) == "wrong_state"
    fixed = street.report(name="r3", photos=(PHOTO,), after_photos=(CLEAN,), fixed=True)
    street.act(fixed, Act.RATE, "patrol-1", rating=Rating.SATISFIED)
    assert code(street) == "own_work"
    gone = street.act(street.report(name="r4", text="坑"), Act.WITHDRAW, "patrol-1")
    assert gone.outcome is Outcome.WITHDRAWN
    street.act(gone, Act.RATE, "patrol-1", rating=Rating.SATISFIED)
    assert code(street) == "was_withdrawn"


@pytest.mark.parametrize(("reopen", "rating", "archived"), [("7d", "7d", 7), ("7d", "2d", 7), ("1d", "10d", 10)])
def test_archived_when_both_windows_are_over(reopen: str, rating: str, archived: int) -> None:
    street = a_street(reopen, rating)
    case = closed(street)
    assert case.deadlines == {Deadline.ARCHIVE: T0 + archived * DAY}
    street.wait_until(T0 + archived * DAY)
    assert street.case(case.number) is not None
    street.wait_until(T0 + archived * DAY + 1)
    assert street.archived[-1].number == case.number


def test_each_window_ends_by_itself() -> None:
    """The shorter one is over before the case is archived."""
    street = a_street("1d", "3d")
    case = closed(street)
    street.act(case, Act.REOPEN, "patrol-1", at=T0 + DAY + 1, note="又脏了")
    assert code(street) == "window_closed"
    assert street.act(case, Act.RATE, "patrol-1", rating=Rating.SATISFIED).rating is Rating.SATISFIED
    street = a_street("3d", "1d")
    case = closed(street)
    street.act(case, Act.RATE, "patrol-1", at=T0 + DAY + 1, rating=Rating.SATISFIED)
    assert code(street) == "rating_over"
    assert street.act(case, Act.REOPEN, "patrol-1", note="又脏了").state is State.REOPENED


def test_nothing_said_of_it_holds_when_it_is_reopened() -> None:
    street = a_street("3d", "5d")
    case = closed(street, rating=Rating.SATISFIED)
    assert case.reopen_until_ms == T0 + 3 * DAY
    case = street.act(case, Act.REOPEN, "patrol-1", at=T0 + DAY, note="又脏了")
    assert (case.rating, case.reopen_until_ms, case.rate_until_ms) == (None, None, None)
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    case = street.act(case, Act.VERIFY, "patrol-1")
    assert (case.reopen_until_ms, case.deadlines) == (T0 + 4 * DAY, {Deadline.ARCHIVE: T0 + 6 * DAY})


def test_a_rating_cites_no_item_of_another_case() -> None:
    street = Street()
    case = street.act(street.report(), Act.RESOLVE, "owner-1", photos=(PHOTO,))
    case = street.act(case, Act.VERIFY, "patrol-1")
    street.act(case, Act.RATE, "patrol-1", rating=Rating.SATISFIED, cite="I2")
    assert street.drafts[-1].facts["code"] == "rate_other_case"
    assert street.act(case, Act.RATE, "patrol-1", rating=Rating.SATISFIED, cite="I1").rating is Rating.SATISFIED
