"""What makes a case worth a second look."""

from typing import Any

import pytest

from schemas.case import Alert, State
from schemas.command import Act, ReturnReason
from schemas.event import EventType as E
from schemas.report import Photo
from tests.worlds.street import PHOTO, Street, a_book, a_rulebook

BEFORE, AFTER, ANOTHER = (Photo(digest=letter * 64) for letter in "bac")
HOPS = {"alerts": [Alert.HOPS], "hops": 2}


def test_a_second_hop_is_said_once_and_stays_with_the_case() -> None:
    """The first is none; every further one says how many; the mark on the case stands."""
    street = Street()
    case = street.act(street.report(), Act.ASSIGN, "office", to="owner-2")
    assert (case.hops, case.alerts) == (1, ())
    assert street.drafts[-1].facts == {}
    case = street.act(case, Act.ASSIGN, "office", to="head-1")
    assert (case.hops, case.alerts, street.drafts[-1].facts) == (2, (Alert.HOPS,), HOPS)
    case = street.act(case, Act.ASSIGN, "office", to="owner-1")
    assert (case.hops, case.alerts, street.drafts[-1].facts) == (3, (Alert.HOPS,), HOPS | {"hops": 3})
    street.act(case, Act.URGE, "office")
    assert street.drafts[-1].facts == {}


@pytest.mark.parametrize("way", [Act.RETURN, Act.CORRECT])
def test_every_way_to_the_next_person_counts(way: Act) -> None:
    street = Street(a_book(rulebook=a_rulebook(return_cap=5)))
    case = street.act(street.report(), Act.ASSIGN, "office", to="owner-2")
    how: dict[Act, dict[str, Any]] = {
        Act.RETURN: {"reason": ReturnReason.WRONG_PLACE, "note": "不是这里"},
        Act.CORRECT: {"category": "leak"},
    }
    case = street.act(case, way, "owner-2", **how[way])
    told = [draft.facts for draft in street.drafts if "hops" in draft.facts]
    assert (case.hops, case.alerts) == (2, (Alert.HOPS,))
    assert [facts["hops"] for facts in told] == [2]


def test_raising_by_decision_is_no_handing_about() -> None:
    """It counts as a hop, but three rungs up the ladder are no cause for an alert; two hand-overs beside them are."""
    street = Street()
    case = street.report()
    for _ in range(3):
        case = street.act(case, Act.RAISE, case.assignee or "", note="解决不了")
    assert (case.hops, case.raises, case.alerts) == (3, 3, ())
    case = street.act(case, Act.ASSIGN, "office", to="owner-2")
    assert (case.hops, case.alerts) == (4, ())
    case = street.act(case, Act.ASSIGN, "office", to="head-1")
    assert (case.hops, case.raises, case.alerts) == (5, 3, (Alert.HOPS,))
    assert street.drafts[-1].facts == {"alerts": [Alert.HOPS], "hops": 5}


def test_the_photo_of_the_report_is_no_proof() -> None:
    """Flagged, never blocked; proof that is new takes the mark away."""
    street = Street()
    case = street.report(photos=(BEFORE,))
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(BEFORE, AFTER))
    assert (case.state, case.alerts) == (State.RESOLVED, (Alert.SAME_PHOTO,))
    assert street.drafts[-1].facts == {"alerts": [Alert.SAME_PHOTO], "photos": [BEFORE.digest]}
    case = street.act(case, Act.REJECT, "patrol-1")
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(AFTER,))
    assert case.alerts == (Alert.SAME_PHOTO,), "the proof that was rejected is handed in again"
    case = street.act(case, Act.REJECT, "patrol-1")
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(ANOTHER,))
    assert (case.alerts, street.drafts[-1].facts) == ((), {})


def test_the_mark_of_hops_is_not_taken_away_with_that_of_photos() -> None:
    street = Street()
    case = street.report(photos=(PHOTO,))
    for to in ("owner-2", "head-1"):
        case = street.act(case, Act.ASSIGN, "office", to=to)
    case = street.act(case, Act.RESOLVE, "head-1", photos=(PHOTO,))
    assert case.alerts == (Alert.HOPS, Alert.SAME_PHOTO)
    case = street.act(street.act(case, Act.REJECT, "patrol-1"), Act.RESOLVE, "head-1", photos=(ANOTHER,))
    assert case.alerts == (Alert.HOPS,)


@pytest.mark.parametrize(("after", "alerts"), [((BEFORE, AFTER), (Alert.SAME_PHOTO,)), ((AFTER,), ())])
def test_what_was_fixed_on_the_spot_shows_two_pictures(after: tuple[Photo, ...], alerts: tuple[Alert, ...]) -> None:
    street = Street()
    case = street.report(photos=(BEFORE,), after_photos=after, fixed=True)
    assert (case.state, case.self_handled, case.alerts) == (State.CLOSED, True, alerts)
    assert street.types(case) == [E.OPENED, E.CLOSED]
    assert street.drafts[-1].facts.get("photos", []) == [BEFORE.digest][: len(alerts)]


@pytest.mark.parametrize(("bits", "alerts"), [(0, (Alert.SAME_PHOTO,)), (8, (Alert.SAME_PHOTO,)), (9, ())])
def test_a_photo_that_resembles_the_one_before_is_flagged(bits: int, alerts: tuple[Alert, ...]) -> None:
    """Saved anew it has another digest; from the same spot after the work it looks different enough."""
    looks = 0xABCD << 100
    before = Photo(digest="d" * 64, dhash=f"{looks:064x}")
    after = Photo(digest="e" * 64, dhash=f"{looks ^ ((1 << bits) - 1):064x}")
    street = Street()
    case = street.report(photos=(before,))
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(after,))
    assert (case.state, case.alerts) == (State.RESOLVED, alerts)
    assert street.drafts[-1].facts.get("photos", []) == [after.digest] * len(alerts)
