from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.replies.recipients import Handler, Recipients
from connectors.replies.reply import Recipient
from schemas.names import Language

RIDER = Recipient("chat", "rider", "reporter", "r1", Language.ZH)
DOORS = {"chat": "chat", "web": "web"}


def event(kind: str, by: str = "system", case: str | None = "T-G01-2511-00001", **now: Any) -> dict[str, Any]:
    return {"type": kind, "case": case, "by": by, "now": now}


def opened(door: str = "chat", **now: Any) -> dict[str, Any]:
    return event("opened", "rider", **{"door": door, "reporter": "rider", "report": "r1"} | now)


def reached(person: str) -> Handler | None:
    return Handler("chat", Language.EN) if person.startswith("crew") else None


def test_a_reporter_hears_of_the_case_until_nothing_follows() -> None:
    recipients = Recipients({"chat": "chat"}, {})
    concerned = [recipients.take(each) for each in (opened(), event("dispatched", assignee="boss"), event("archived"))]
    assert concerned == [(RIDER,)] * 3
    assert recipients.cases == {}
    assert recipients.take(event("text_erased")) == ()


def test_what_came_by_no_door_that_replies_concerns_nobody() -> None:
    recipients = Recipients({"chat": "chat"}, {})
    told = [opened("web"), event("dispatched", assignee="boss"), event("rulebook_activated", case=None)]
    assert [recipients.take(each) for each in told] == [(), (), ()]
    assert recipients.cases == {}


def test_the_language_is_that_of_the_report() -> None:
    (rider,) = Recipients({"cli": "chat"}, {}).take(opened("cli", language="en"))
    assert (rider.door, rider.language) == ("chat", Language.EN)


def test_a_refused_act_concerns_only_who_acted() -> None:
    recipients = Recipients({"chat": "chat"}, {}, reached)
    recipients.take(opened(assignee="crew-1"))
    assert [each.person for each in recipients.take(event("action_refused", by="crew-1"))] == ["crew-1"]
    assert recipients.take(event("action_refused", by="boss")) == ()


def test_handlers_hear_of_their_jobs_and_of_losing_them() -> None:
    """Also of a case that came by a door which does not reply."""
    recipients = Recipients({"chat": "chat"}, {}, reached)
    told = [
        opened("web"),
        event("dispatched", assignee="crew-1"),
        event("handed_on", executor="crew-2"),
        event("handed_on", assignee="boss", executor=None),
        event("resolved"),
    ]
    assert [sorted(each.person for each in recipients.take(one)) for one in told] == [
        [], ["crew-1"], ["crew-1", "crew-2"], ["crew-1", "crew-2"], [],
    ]  # fmt: skip


def test_one_person_hears_once_of_an_event_whatever_they_are_to_the_case() -> None:
    recipients = Recipients({"chat": "chat"}, {}, reached)
    recipients.take(opened(reporter="crew-1"))
    (told,) = recipients.take(event("dispatched", assignee="crew-1"))
    assert (told.person, told.to) == ("crew-1", "reporter")


def test_taking_an_event_again_changes_nothing() -> None:
    """A batch that could not be written is taken again."""
    recipients = Recipients({"chat": "chat"}, {}, reached)
    first = recipients.take(opened(assignee="crew-1"))
    known = dict(recipients.cases)
    assert (recipients.take(opened(assignee="crew-1")), recipients.cases) == (first, known)


def test_the_reporter_of_a_merged_case_follows_the_other_one_to_its_end() -> None:
    recipients = Recipients({"chat": "chat"}, {}, reached)
    other = "T-G02-2511-00009"
    recipients.take(opened())
    recipients.take(event("merged", master=other))
    (follower,) = recipients.take(event("resolved", case=other))
    assert follower == Recipient("chat", "rider", "follower", "r1", Language.ZH)
    recipients.take(event("split", master=None))
    assert recipients.take(event("resolved", case=other)) == ()


def test_two_reporters_follow_the_same_case() -> None:
    recipients = Recipients({"chat": "chat"}, {}, reached)
    other = "T-G02-2511-00009"
    for n in (1, 2):
        number = f"T-G01-2511-0000{n}"
        now = {"door": "chat", "reporter": f"rider-{n}", "report": f"r{n}"}
        recipients.take(event("opened", case=number, **now))
        recipients.take(event("merged", case=number, master=other))
    assert [each.person for each in recipients.take(event("resolved", case=other))] == ["rider-1", "rider-2"]


MERGING = st.tuples(
    st.sampled_from(["opened", "merged", "split", "archived", "moved", "urged"]), st.integers(1, 5), st.integers(1, 5)
)


@given(st.lists(MERGING, max_size=40))
def test_what_is_stored_says_all_that_is_known_of_followers(steps: list[tuple[str, int, int]]) -> None:
    """Whoever goes on from the stored recipients, after each event, decides the same."""
    recipients = Recipients(DOORS, {}, reached)
    for kind, case, other in steps:
        number, master = f"T-G01-2511-0000{case}", f"T-G01-2511-0000{other}"
        now: dict[str, Any] = {"door": "chat", "reporter": f"rider-{case}", "report": f"r{case}"}
        if kind in ("merged", "split"):
            now = {"master": master if kind == "merged" and master != number else None}
        again = Recipients(DOORS, dict(recipients.cases), reached)
        each = event(kind, case=number, **(now if kind in ("opened", "merged", "split") else {}))
        concerned = recipients.take(each)
        assert sorted(map(repr, again.take(each))) == sorted(map(repr, concerned))
        assert again.cases == recipients.cases


def test_who_is_asked_hears_of_that_event_only() -> None:
    asked = Recipients({"chat": "chat"}, {}, reached, lambda each: [("crew-9", "decider"), ("boss", "decider")])
    assert [(each.person, each.to) for each in asked.take(event("pause_requested"))] == [("crew-9", "decider")]
    assert asked.cases == {}


def test_who_acted_without_a_part_in_the_case_hears_that_it_was_refused() -> None:
    recipients = Recipients({"chat": "chat"}, {}, reached)
    (told,) = recipients.take(event("action_refused", by="crew-9"))
    assert (told.person, told.door, told.to) == ("crew-9", "chat", "decider")
    assert recipients.cases == {}


def test_a_handler_is_told_through_the_door_that_reaches_them_now() -> None:
    door = {"crew-1": Handler("chat", Language.ZH)}
    recipients = Recipients({"chat": "chat", "web": "web"}, {}, door.get)
    recipients.take(opened(assignee="crew-1"))
    door["crew-1"] = Handler("web", Language.EN)
    told = recipients.take(event("urged"))
    assert [(each.person, each.door, each.language) for each in told] == [
        ("rider", "chat", Language.ZH),
        ("crew-1", "web", Language.EN),
    ]
    del door["crew-1"]
    assert [each.door for each in recipients.take(event("urged"))] == ["chat", "web"]


def test_a_handler_who_gets_a_door_later_is_told_from_then_on() -> None:
    door: dict[str, Handler] = {}
    recipients = Recipients({"chat": "chat"}, {}, door.get)
    assert recipients.take(opened("web")) == ()
    assert recipients.take(event("dispatched", assignee="crew-1")) == ()
    again = Recipients({"chat": "chat"}, recipients.cases, door.get)
    door["crew-1"] = Handler("chat", Language.EN)
    assert [(each.person, each.door, each.to) for each in again.take(event("urged"))] == [
        ("crew-1", "chat", "assignee")
    ]
    assert again.take(event("archived"))
    assert again.cases == {}
