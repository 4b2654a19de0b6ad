"""Keys of departments: each works until it is revoked, and the file opens nothing."""

from pathlib import Path

import pytest

from connectors.accounts.program_keys import ProgramKey
from connectors.accounts.store import with_accounts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.sqlite"


def whose(file: Path, key: str) -> str | None:
    return with_accounts(file, lambda rows: rows.department_keys.owner(key))


def new(file: Path, department: str, now_ms: int = 0) -> tuple[ProgramKey, str]:
    return with_accounts(file, lambda rows: rows.department_keys.new(department, now_ms))


def test_a_department_may_have_several_keys(file: Path) -> None:
    (first, one), (second, two) = new(file, "water", 1), new(file, "water", 2)
    _, other = new(file, "parks")
    assert [whose(file, key) for key in (one, two, other, one + "x", "", first.id)] == [
        "water", "water", "parks", None, None, None,
    ]  # fmt: skip
    assert with_accounts(file, lambda rows: rows.department_keys.of("water")) == [first, second]


def test_what_is_revoked_works_no_more(file: Path) -> None:
    (first, one), (_, two), (_, other) = new(file, "water", 1), new(file, "water", 2), new(file, "parks")
    assert with_accounts(file, lambda rows: rows.department_keys.revoke("parks", first.id)) == 0, "not its own"
    assert with_accounts(file, lambda rows: rows.department_keys.revoke("water", first.id)) == 1
    assert [whose(file, key) for key in (one, two)] == [None, "water"]
    assert with_accounts(file, lambda rows: rows.department_keys.revoke("water")) == 1
    assert [whose(file, key) for key in (two, other)] == [None, "parks"]


def test_no_key_is_in_the_file(file: Path) -> None:
    _, key = new(file, "water")
    stored = b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert b"water" in stored
    assert key.encode() not in stored
