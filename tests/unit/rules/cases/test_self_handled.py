"""Fixed on the spot: two different photos, a sample for inspectors, and never checked by who did it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cases.self_handled import is_sampled
from schemas.case import Case, Follower, State
from schemas.command import Act, Rating, Supply
from schemas.event import EventType
from schemas.report import Photo
from schemas.rights import RIGHTS, may, to_inspect
from tests.worlds.street import CLEAN, DAY, PHOTO, T0, Street, a_book, a_rulebook


def fixed(street: Street, by: str = "patrol-1", after: Photo = CLEAN, name: str = "r1") -> Case:
    return street.report(name=name, by=by, fixed=True, photos=(PHOTO,), after_photos=(after,))


def sampling(percent: int = 100) -> Street:
    return Street(a_book(rulebook=a_rulebook(self_handled_sample=percent)))


def code(street: Street) -> str | None:
    last = street.drafts[-1]
    return str(last.facts["code"]) if last.type is EventType.ACTION_REFUSED else None


def test_the_same_photo_before_and_after_proves_nothing_and_is_asked_for() -> None:
    street = Street()
    case = fixed(street, after=PHOTO)
    assert (case.state, case.self_handled) == (State.NEEDS_INFORMATION, False)
    why = street.drafts[-1].because
    assert why is not None
    assert why.code == "same_photo_twice"
    street.apply(Supply(id="s", home=case.home, report="r1", by="patrol-1", photos=(CLEAN,)), T0)
    case = street.cases[case.number]
    assert (case.state, case.self_handled, CLEAN in case.photos) == (State.CLOSED, True, True)


def test_the_same_photo_again_is_not_taken_for_another_one() -> None:
    street = Street()
    case = fixed(street, after=PHOTO)
    street.apply(Supply(id="s", home=case.home, report="r1", by="patrol-1", photos=(PHOTO,)), T0)
    assert street.cases[case.number].state is State.DISPATCHED, "somebody looks at it"


def test_words_instead_of_a_photo_dispatch_it_like_any_other() -> None:
    street = Street()
    case = fixed(street, after=PHOTO)
    case = street.act(case, Act.ANSWER, "patrol-1", note="没有别的照片")
    assert (case.state, case.assignee) == (State.DISPATCHED, "owner-1")


def test_unanswered_it_is_refused_with_its_reason_as_all_that_wait() -> None:
    street = Street()
    case = fixed(street, after=PHOTO)
    street.wait_until(T0 + 4 * DAY)
    assert street.cases[case.number].state is State.REFUSED


def test_an_inspector_looks_at_the_sample_and_it_is_looked_at_once() -> None:
    street = sampling()
    case = fixed(street)
    assert (case.sampled, to_inspect(case)) == (True, True)
    street.act(case, Act.VERIFY, "patrol-1")
    assert code(street) == "own_work"
    street.act(case, Act.VERIFY, "owner-1")
    assert code(street) == "not_allowed"
    seen = street.act(case, Act.VERIFY, "inspector", note="已看过现场")
    assert (seen.state, seen.verified_by, to_inspect(seen)) == (State.CLOSED, "inspector", False)
    assert street.types(case)[-1] is EventType.INSPECTED
    street.act(case, Act.VERIFY, "inspector")
    assert code(street) == "wrong_state"


def test_an_inspector_does_not_look_at_what_they_fixed_themselves() -> None:
    street = sampling()
    case = fixed(street, by="inspector")
    street.act(case, Act.VERIFY, "inspector")
    assert code(street) == "own_work"
    street.act(case, Act.RATE, "inspector", rating=Rating.SATISFIED)
    assert code(street) == "own_work"


def test_what_is_not_in_the_sample_is_disputed_and_not_inspected() -> None:
    street = sampling(0)
    case = fixed(street)
    assert not case.sampled
    street.act(case, Act.VERIFY, "inspector")
    assert code(street) == "wrong_state"
    assert street.act(case, Act.REOPEN, "inspector", note="没有处置").state is State.DISPATCHED


def test_what_an_inspector_finds_not_fixed_goes_the_way_of_all_others() -> None:
    street = sampling()
    case = street.act(fixed(street), Act.REOPEN, "inspector", note="还是很滑")
    assert (case.state, case.self_handled, case.assignee) == (State.DISPATCHED, False, "owner-1")
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(CLEAN,))
    case = street.act(case, Act.VERIFY, "patrol-1")
    assert (case.verified_by, case.inspected) == ("reporter", "failed")


@pytest.mark.parametrize(
    ("percent", "by", "act", "found"),
    [
        (100, "inspector", Act.VERIFY, "passed"),
        (100, "inspector", Act.REOPEN, "failed"),
        (100, "patrol-1", Act.REOPEN, None),
        (0, "inspector", Act.REOPEN, None),
    ],
)
def test_what_an_inspector_found_of_a_sample_stays_with_the_case(
    percent: int, by: str, act: Act, found: str | None
) -> None:
    street = sampling(percent)
    case = street.act(fixed(street), act, by, note="看过")
    assert code(street) is None
    assert case.inspected == found


def test_who_follows_a_case_that_was_fixed_on_the_spot_inspects_nothing() -> None:
    street = sampling()
    case = fixed(street)
    follower = Follower(case="R1-G1-2611-00099", reporter="rider-1")
    street.cases[case.number] = case.after({"followers": (follower,)})
    street.act(case, Act.VERIFY, "rider-1")
    assert code(street) == "not_allowed"


def test_once_archived_nobody_inspects_it() -> None:
    street = sampling()
    case = fixed(street)
    street.wait_until(T0 + 8 * DAY)
    assert [each.number for each in street.archived] == [case.number]
    assert not may(Act.VERIFY, case.after({"deadlines": {}}), RIGHTS[Act.VERIFY].who)


@given(st.integers(0, 100))
def test_the_sample_has_its_rate_and_a_larger_one_holds_the_smaller(percent: int) -> None:
    numbers = [f"R1-G1-2611-{n:05}" for n in range(2000)]
    chosen = {number for number in numbers if is_sampled(number, percent)}
    assert abs(len(chosen) / 20 - percent) <= 4
    assert chosen <= {number for number in numbers if is_sampled(number, min(100, percent + 1))}
