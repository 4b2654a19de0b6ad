"""Local accounts: one name for one person, wrong tries that are remembered, codes that work once."""

from pathlib import Path

import pytest

from connectors.accounts.local_rows import LocalRows, as_login, is_login
from connectors.accounts.rows import TABLES, AccountRows
from connectors.accounts.waits import FREE, MINUTE_MS
from connectors.outbox.group_commit import open_file


@pytest.fixture
def rows(tmp_path: Path) -> LocalRows:
    return AccountRows(open_file(tmp_path / "accounts.sqlite", TABLES)).local


def test_a_name_is_one_persons(rows: LocalRows) -> None:
    """However it is typed."""
    assert rows.put("p1", "Chen", "hash", 5)
    assert not rows.put("p2", " ｃhen ", "other", 6)
    found = rows.find("CHEN")
    assert found is not None
    assert (found.person, found.login, found.made_ms, rows.of("p2")) == ("p1", "chen", 5, None)


def test_another_name_and_password_take_the_place_of_the_first(rows: LocalRows) -> None:
    rows.put("p1", "chen", "hash", 5, "secret")
    rows.accept_codes("p1", "hash", "secret")
    rows.tried("p1", 6)
    assert rows.put("p1", "li", "new", 7)
    found = rows.of("p1")
    assert found is not None
    assert (found.login, found.password, found.secret, found.made_ms, found.tries.wrong) == (
        "li",
        "new",
        "secret",
        5,
        0,
    )
    assert rows.find("chen") is None
    assert [each.person for each in rows.all()] == ["p1"]


def test_wrong_tries_are_counted_until_one_is_right(rows: LocalRows) -> None:
    rows.put("p1", "chen", "hash", 0)
    for _ in range(FREE):
        rows.tried("p1", 10)
    rows.tried("nobody", 10)
    found = rows.of("p1")
    assert found is not None
    assert (found.tries.wrong, found.tries.until_ms) == (FREE, 10 + MINUTE_MS)
    assert rows.right("p1", "hash", 0, "hash")
    found = rows.of("p1")
    assert found is not None
    assert (found.tries.wrong, found.tries.until_ms) == (0, 0)


def test_of_two_who_use_one_code_the_first_comes_in(rows: LocalRows) -> None:
    rows.put("p1", "chen", "hash", 0, "secret")
    rows.accept_codes("p1", "hash", "secret")
    assert [rows.right("p1", "hash", 7, "hash") for _ in range(2)] == [True, False]
    assert rows.right("p1", "hash", 8, "hash")


def test_a_password_that_was_changed_meanwhile_lets_nobody_in(rows: LocalRows) -> None:
    rows.put("p1", "chen", "hash", 0)
    rows.put("p1", "chen", "new", 1)
    assert not rows.right("p1", "hash", 0, "hash")
    assert rows.right("p1", "new", 0, "newer")
    found = rows.of("p1")
    assert found is not None
    assert found.password == "newer"


def test_codes_are_in_force_once_they_were_accepted(rows: LocalRows) -> None:
    """A new password leaves what is offered; another offer takes its place, and what is in force stays meanwhile."""

    def codes() -> tuple[str, str]:
        found = rows.of("p1")
        assert found is not None
        return found.secret, found.offered

    rows.put("p1", "chen", "hash", 0, "first")
    rows.put("p1", "chen", "new", 1)
    assert codes() == ("", "first")
    assert not rows.accept_codes("p1", "hash", "first")
    assert not rows.accept_codes("p1", "new", "other")
    assert [rows.accept_codes("p1", "new", "first") for _ in range(2)] == [True, False]
    assert codes() == ("first", "")
    rows.put("p1", "chen", "new", 2, "second")
    assert codes() == ("first", "second")
    assert rows.accept_codes("p1", "new", "second")
    assert codes() == ("second", "")


def test_codes_can_be_dropped_and_an_account_removed(rows: LocalRows) -> None:
    rows.put("p1", "chen", "hash", 0, "secret")
    assert [rows.drop_codes("p1"), rows.drop_codes("p1")] == [True, False]
    assert [rows.remove("p1"), rows.remove("p1")] == [True, False]


@pytest.mark.parametrize(
    ("typed", "usable"),
    [("chen", True), ("网格员01", True), ("", False), ("a b", False), ("a\x00", False), ("x" * 65, False)],
)
def test_names_can_be_typed(typed: str, usable: bool) -> None:
    assert is_login(as_login(typed)) is usable


def test_whatever_is_typed_can_be_looked_up(rows: LocalRows) -> None:
    assert rows.find("\ud800") is None
