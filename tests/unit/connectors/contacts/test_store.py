import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from connectors.contacts.contact import Binding
from connectors.contacts.rows import MINUTE_MS, ContactRows
from connectors.contacts.store import ContactFile, ContactsUnwritableError
from schemas.names import Language

T = TypeVar("T")
NOW, DAY_MS = 1_763_800_000_000, 86_400_000
RIDER, CHEN = ("telegram", "77"), ("telegram", "12")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ContactFile]:
    file = ContactFile(tmp_path / "contacts.sqlite")
    yield file
    file.close()


def do(file: ContactFile, work: Callable[[ContactRows], T]) -> T:
    return file.together([work])[0]


def hear(file: ContactFile, account: tuple[str, str], t_ms: int = NOW, chat: str = "room") -> str:
    return do(file, lambda f: f.heard(*account, chat, t_ms, None)).person


def bind(file: ContactFile, account: tuple[str, str], person: str = "", team: str = "", t_ms: int = NOW) -> Binding:
    hear(file, account, t_ms)
    token = do(file, lambda f: f.invite(person, team, t_ms, None, anew=False)).token
    return do(file, lambda f: f.bind(*account, token, t_ms)).binding


def test_a_stranger_has_a_pseudonym_that_survives_a_restart(file: ContactFile, tmp_path: Path) -> None:
    pseudonym = hear(file, RIDER)
    assert pseudonym.startswith("p-")
    assert len(pseudonym) == 18
    again = ContactFile(tmp_path / "contacts.sqlite")
    assert hear(again, RIDER) == pseudonym != hear(again, CHEN)
    again.close()


def test_a_team_is_joined_and_a_person_is_bound(file: ContactFile) -> None:
    hear(file, RIDER)
    assert bind(file, RIDER, team="riders-3") is Binding.JOINED
    joined = do(file, lambda f: f.heard(*RIDER, "room", NOW, None))
    assert (joined.team, joined.bound) == ("riders-3", False)
    bind(file, CHEN, person="chen")
    assert do(file, lambda f: f.heard(*CHEN, "room", NOW, None)).bound


def test_replies_to_reports_from_before_the_binding_arrive(file: ContactFile) -> None:
    pseudonym = hear(file, CHEN)
    bind(file, CHEN, person="chen")
    for name in (pseudonym, "chen"):
        reached = do(file, partial(ContactRows.to, door="telegram", person=name))
        assert reached is not None
        assert (reached.sender, reached.person, reached.earlier) == ("12", "chen", (pseudonym,))
    assert do(file, lambda f: f.to("matrix", "chen")) is None


def test_a_pseudonym_means_its_own_account(file: ContactFile) -> None:
    """Somebody with two accounts is answered where they asked."""
    old, new = ("telegram", "old phone"), ("telegram", "new phone")
    pseudonym = hear(file, old)
    bind(file, old, person="chen")
    bind(file, new, person="chen", t_ms=NOW + DAY_MS)
    assert [each.sender for each in do(file, lambda f: f.accounts("chen"))] == ["new phone", "old phone"]
    answered = do(file, lambda f: f.to("telegram", pseudonym))
    assert answered is not None
    assert answered.sender == "old phone"


def test_jobs_go_to_the_account_heard_last_that_is_reachable(file: ContactFile) -> None:
    bind(file, ("telegram", "12"), person="chen")
    bind(file, ("matrix", "@chen"), person="chen", t_ms=NOW + DAY_MS)

    def order() -> list[tuple[str, bool]]:
        return [(each.door, each.reachable) for each in do(file, lambda f: f.accounts("chen"))]

    assert order() == [("matrix", True), ("telegram", True)]
    do(file, lambda f: f.left("matrix", "@chen", NOW + 2 * DAY_MS))
    assert order() == [("telegram", True), ("matrix", False)]
    hear(file, ("matrix", "@chen"), NOW + 2 * DAY_MS + 1)
    assert order() == [("matrix", True), ("telegram", True)]


def test_somebody_heard_in_groups_only_cannot_be_written_to(file: ContactFile) -> None:
    hear(file, RIDER, chat="")
    assert not do(file, lambda f: f.heard(*RIDER, "", NOW, None)).reachable
    assert do(file, lambda f: f.heard(*RIDER, "alone", NOW, None)).reachable
    assert do(file, lambda f: f.heard(*RIDER, "", NOW + DAY_MS, None)).chat == "alone"


def test_a_message_that_comes_late_changes_nothing(file: ContactFile) -> None:
    hear(file, RIDER, NOW + DAY_MS)
    do(file, lambda f: f.left(*RIDER, NOW + 2 * DAY_MS))
    assert not do(file, lambda f: f.heard(*RIDER, "room", NOW, None)).reachable
    assert do(file, lambda f: f.heard(*RIDER, "room", NOW, None)).heard_ms == NOW + DAY_MS


def test_a_chosen_language_goes_over_what_the_platform_says(file: ContactFile) -> None:
    assert do(file, lambda f: f.heard(*RIDER, "room", NOW, Language.EN)).language is Language.EN
    do(file, lambda f: f.choose_language(*RIDER, Language.ZH))
    assert do(file, lambda f: f.heard(*RIDER, "room", NOW, Language.EN)).language is Language.ZH
    do(file, lambda f: f.choose_language(*RIDER, None))
    assert do(file, lambda f: f.heard(*RIDER, "room", NOW, None)).language is Language.EN


def test_an_invitation_ends(file: ContactFile) -> None:
    hear(file, CHEN)
    for person, team in (("chen", ""), ("", "riders-3")):
        token = do(
            file, partial(ContactRows.invite, person=person, team=team, now_ms=NOW, expires_ms=NOW + DAY_MS, anew=False)
        ).token
        late = do(file, partial(ContactRows.bind, door=CHEN[0], sender=CHEN[1], token=token, now_ms=NOW + DAY_MS))
        assert (late.binding, late.contact.bound) == (Binding.EXPIRED, False)
    assert do(file, lambda f: f.invitations(NOW + DAY_MS)) == []
    assert len(do(file, lambda f: f.invitations(NOW))) == 2


def test_what_is_forgotten_is_not_in_the_file_any_more(file: ContactFile, tmp_path: Path) -> None:
    """Only that the pseudonym was given out."""
    pseudonym = hear(file, ("telegram", "an-account-number"), chat="a-chat-number")
    bind(file, ("telegram", "an-account-number"), person="somebody")
    gone = do(file, lambda f: f.forget(pseudonym))
    file.scrub()
    assert [each.person for each in gone] == ["somebody"]
    stored = b"".join(each.read_bytes() for each in tmp_path.glob("contacts.sqlite*"))
    assert [word for word in (b"an-account-number", b"a-chat-number", b"somebody") if word in stored] == []
    assert pseudonym.encode() in stored
    assert do(file, lambda f: f.find("telegram", "an-account-number")) is None


def test_silent_accounts_are_forgotten_unless_they_are_heard_meanwhile(file: ContactFile) -> None:
    hear(file, RIDER, NOW)
    hear(file, CHEN, NOW + DAY_MS)
    (silent,) = do(file, lambda f: f.silent(NOW + MINUTE_MS, ("", ""), 10))
    assert (silent.door, silent.sender) == RIDER
    hear(file, RIDER, NOW + DAY_MS)
    assert do(file, lambda f: f.silent(NOW + 2 * DAY_MS, RIDER, 10)) == []
    assert do(file, lambda f: f.forget_silent([silent], NOW + MINUTE_MS)) == 0
    assert do(file, lambda f: f.forget_silent([silent, silent], NOW + 2 * DAY_MS)) >= 1
    assert [each.sender for each in do(file, ContactRows.everybody)] == ["12"]


def test_after_an_error_nothing_was_done(file: ContactFile) -> None:
    def fails(_: ContactRows) -> None:
        raise sqlite3.OperationalError("disk full")

    with pytest.raises(ContactsUnwritableError, match="disk full"):
        file.together([lambda f: f.heard(*RIDER, "room", NOW, None), fails])
    assert do(file, ContactRows.everybody) == []


def test_only_the_owner_of_the_home_can_read_it(file: ContactFile, tmp_path: Path) -> None:
    hear(file, RIDER)
    assert {each.stat().st_mode & 0o077 for each in tmp_path.glob("contacts.sqlite*")} == {0}
