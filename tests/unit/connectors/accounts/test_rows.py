"""Sessions and the links that begin them: they end by time, by use and by being ended, and the file opens nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.accounts.rows import MOST_LINKS, MOST_SESSIONS, AccountRows
from connectors.accounts.session import SessionLimits, Way
from connectors.accounts.store import AccountsUnwritableError, with_accounts
from connectors.outbox.group_commit import open_file

LIMITS = SessionLimits(idle_ms=3_600_000, whole_ms=86_400_000)


@pytest.fixture
def rows(tmp_path: Path) -> AccountRows:
    from connectors.accounts.rows import TABLES

    return AccountRows(open_file(tmp_path / "accounts.sqlite", TABLES))


def whose(rows: AccountRows, token: str, now_ms: int) -> str | None:
    found = rows.session(token, now_ms, LIMITS)
    return None if found is None else found.person


def test_a_link_signs_in_once(rows: AccountRows) -> None:
    token = rows.new_link("p1", 0, 1000)
    assert rows.linked(token, 999) == "p1"  # looking does not use it up
    session = rows.use_link(token, 999, LIMITS)
    assert session is not None
    assert (whose(rows, session, 1000), rows.use_link(token, 999, LIMITS)) == ("p1", None)


def test_a_link_ends(rows: AccountRows) -> None:
    token = rows.new_link("p1", 0, 1000)
    assert (rows.linked(token, 1000), rows.use_link(token, 1000, LIMITS)) == (None, None)
    assert rows.linked(token.swapcase(), 0) is None


def test_a_session_ends_without_use_and_in_any_case(rows: AccountRows) -> None:
    token = rows.begin("p1", Way.PASSWORD, 0, LIMITS)
    assert [whose(rows, token, at) for at in (0, LIMITS.idle_ms - 1, LIMITS.idle_ms)] == ["p1", "p1", None]
    for at in range(0, LIMITS.whole_ms, LIMITS.idle_ms // 2):
        found = rows.session(token, at, LIMITS)
        assert found is not None
        rows.seen(found.id, at)
    assert whose(rows, token, LIMITS.whole_ms) is None


def test_ending_one_leaves_the_others(rows: AccountRows) -> None:
    mine, also, other = (rows.begin(who, Way.LINK, 0, LIMITS) for who in ("p1", "p1", "p2"))
    first = rows.session(mine, 1, LIMITS)
    assert first is not None
    assert rows.end(first.id) == 1
    assert [whose(rows, each, 1) for each in (mine, also, other)] == [None, "p1", "p2"]


def test_ending_all_of_a_person_ends_their_links_too(rows: AccountRows) -> None:
    sessions, link = [rows.begin("p1", Way.LINK, 0, LIMITS) for _ in range(3)], rows.new_link("p1", 0, 1000)
    other = rows.begin("p2", Way.LINK, 0, LIMITS)
    assert rows.end_all("p1") == 4
    assert [whose(rows, each, 1) for each in (*sessions, other)] == [None, None, None, "p2"]
    assert rows.linked(link, 1) is None


def test_a_person_has_so_many_at_a_time(rows: AccountRows) -> None:
    sessions = [rows.begin("p1", Way.LINK, at, LIMITS) for at in range(MOST_SESSIONS + 2)]
    links = [rows.new_link("p1", 0, 1000 + at) for at in range(MOST_LINKS + 2)]
    assert [whose(rows, each, 50) is None for each in sessions] == [True] * 2 + [False] * MOST_SESSIONS
    assert [rows.linked(each, 1) is None for each in links] == [True] * 2 + [False] * MOST_LINKS


def test_a_system_is_unused_until_somebody_may_sign_in(rows: AccountRows) -> None:
    assert rows.is_unused()
    rows.new_link("", 0, 1000)
    assert not rows.is_unused()


def test_the_file_opens_nothing(tmp_path: Path) -> None:
    """Neither a cookie nor a link can be read from a copy of it."""
    file = tmp_path / "accounts.sqlite"
    tokens = with_accounts(file, lambda rows: [rows.new_link("p1", 0, 9), rows.begin("p1", Way.LINK, 0, LIMITS)])
    content = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"p1" in content
    assert not any(token.encode() in content for token in tokens)
    assert file.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "accounts.sqlite").mkdir()
    with pytest.raises(AccountsUnwritableError):
        with_accounts(tmp_path / "accounts.sqlite", lambda rows: rows.is_unused())


@given(given=st.text())
def test_no_other_text_is_a_session(tmp_path_factory: pytest.TempPathFactory, given: str) -> None:
    """Whatever a browser sends."""
    folder = tmp_path_factory.getbasetemp() / "any"
    assert with_accounts(folder / "accounts.sqlite", lambda rows: rows.session(given, 1, LIMITS)) is None
