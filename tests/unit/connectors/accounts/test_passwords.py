"""Which passwords are refused and why, and that what is stored fits the password alone."""

import pytest
from argon2 import PasswordHasher

from connectors.accounts.passwords import LEAST, MOST, Weakness, hashed, is_outdated, matches, nobodys, weakness


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("kite rain", Weakness.SHORT),
        ("x" * (MOST + 1), Weakness.LONG),
        ("my-ChenLi-01-here", Weakness.NAME),
        ("Ｃｈｅｎli-01 anders", Weakness.NAME),
        ("1357924680", Weakness.COMMON),
        ("2026-11-30 17:05", Weakness.COMMON),
        ("aaaaabbbbb", Weakness.COMMON),
        ("Password2026!", Weakness.COMMON),
        ("woaini1314520", Weakness.COMMON),
        ("1q2w3e4r5t!!", Weakness.COMMON),
        ("admin-admin-123", Weakness.COMMON),
        ("lamp kite river", None),
        ("雨后小桥流水人家炊烟", None),
        ("passwords for geese", None),
    ],
)
def test_what_is_easy_to_guess_is_refused(given: str, why: Weakness | None) -> None:
    assert weakness(given, "chenli-01", "") is why


def test_a_password_of_the_least_length_is_enough() -> None:
    assert weakness("kiterainxy", "p1") is None
    assert len("kiterainxy") == LEAST


def test_what_is_stored_fits_the_password_alone() -> None:
    """Typed by another keyboard it is the same; the same password is never stored as the same text."""
    stored = hashed("Lamp kite 7 river")
    assert stored.startswith("$argon2id$")
    assert "Lamp" not in stored
    same, other = ("Lamp kite 7 river", "Ｌａｍｐ kite ７ river"), ("lamp kite 7 river", "")
    assert [matches(stored, given) for given in same + other] == [True, True, False, False]
    assert hashed("Lamp kite 7 river") != stored
    assert not matches(nobodys(), "Lamp kite 7 river")
    assert not matches("no hash at all", "Lamp kite 7 river")


def test_other_parameters_are_known_as_outdated() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=1024).hash("lamp kite river")
    assert matches(weaker, "lamp kite river")
    assert (is_outdated(weaker), is_outdated(hashed("lamp kite river"))) == (True, False)
