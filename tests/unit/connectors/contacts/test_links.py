"""Personal links: they end by time, by revoking and by forgetting, and the file does not give them away."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.contacts.links import MOST_OPEN
from connectors.contacts.store import ContactFile

DAY = 86_400_000


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ContactFile]:
    with closing(ContactFile(tmp_path / "contacts.sqlite")) as opened:
        yield opened


def new(file: ContactFile, person: str = "p1", now_ms: int = 0) -> str:
    return file.new_link(person, now_ms, now_ms + DAY)


def whose(file: ContactFile, token: str, now_ms: int = 1) -> str | None:
    found = file.linked(token, now_ms)
    return None if found is None else found.person


def test_a_link_opens_until_it_expires(file: ContactFile) -> None:
    token = new(file)
    assert [whose(file, token, at) for at in (0, DAY - 1, DAY, DAY + 1)] == ["p1", "p1", None, None]
    assert whose(file, token.swapcase()) is None


def test_revoking_ends_all_links_of_a_person_and_no_others(file: ContactFile) -> None:
    mine, also, other = new(file), new(file), new(file, "p2")
    assert file.withdraw("p1") == 2
    assert [whose(file, each) for each in (mine, also, other)] == [None, None, "p2"]


def test_withdrawing_ends_the_unused_invitation_too(file: ContactFile) -> None:
    token = file.invite("p1", "", 0, DAY, anew=False).token
    team = file.invite("", "t1", 0, None, anew=False).token
    assert file.withdraw("p1") == 1
    assert file.invitation(token, 1) is None
    kept = file.invitation(team.upper(), 1)
    assert (kept and kept.team, file.invitation("nonsense", 1)) == ("t1", None)


def test_who_is_forgotten_has_no_link(file: ContactFile) -> None:
    token = new(file)
    file.forget("p1")
    assert whose(file, token) is None


def test_the_oldest_link_ends_when_there_are_too_many(file: ContactFile) -> None:
    tokens = [new(file, now_ms=n) for n in range(MOST_OPEN + 1)]
    assert whose(file, tokens[0]) is None
    assert {whose(file, each) for each in tokens[1:]} == {"p1"}
    assert len(file.links(1)) == MOST_OPEN


def test_expired_links_are_removed_when_a_new_one_is_made(file: ContactFile) -> None:
    new(file)
    new(file, "p2", now_ms=2 * DAY)
    assert [(each.person, each.made_ms) for each in file.links(0)] == [("p2", 2 * DAY)]


def test_a_copied_file_opens_nothing(file: ContactFile, tmp_path: Path) -> None:
    token = new(file).encode()
    file.scrub()
    assert not any(token in each.read_bytes() for each in tmp_path.iterdir())
