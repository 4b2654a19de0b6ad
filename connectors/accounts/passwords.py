"""What a password must be, and the one-way form in which it is stored (Argon2id)."""

import re
import unicodedata
from functools import cache
from secrets import token_urlsafe
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.models import ChoiceEnum

LEAST: Final = 10
"""Characters of a password."""
MOST: Final = 200
"""What nobody types is not computed with."""
_LEAST_DIFFERENT: Final = 6
_LEAST_LETTERS: Final = 3
"""That are left without digits, signs and common words."""
_COMMON: Final = (
    "administrator", "admin", "password", "passwort", "passwd", "passw", "qwertyuiop", "qwerty", "qwert", "qwer",
    "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "zxcv", "qazwsxedc", "qazwsx", "qweasdzxc", "qweasd",
    "abcdefg", "abcdef", "abcd", "abc", "welcome", "letmein", "iloveyou", "woaini", "mima", "grid", "test", "guest",
    "login", "changeme", "secret", "master", "monkey", "dragon", "sunshine", "princess", "football", "computer",
)  # fmt: skip
"""Longer ones before those that they begin with."""
_HASHER: Final = PasswordHasher()
"""With the parameters that RFC 9106 recommends for machines with little memory: 64 MiB, 3 passes."""


class Weakness(ChoiceEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    NAME = "name"
    """It has the name in it."""
    COMMON = "common"
    """Digits, few different characters, or words that everybody tries first."""


def weakness(password: str, *names: str) -> Weakness | None:
    """Why a password is too easy to guess for somebody with these names; None if it is not."""
    given = _as_meant(password).casefold()
    if len(given) < LEAST:
        return Weakness.SHORT
    if len(given) > MOST:
        return Weakness.LONG
    if any(name and _as_meant(name).casefold() in given for name in names):
        return Weakness.NAME
    letters = "".join(each for each in given if each.isalpha())
    rest = re.sub("|".join(_COMMON), "", letters)
    return Weakness.COMMON if len(set(given)) < _LEAST_DIFFERENT or len(rest) < _LEAST_LETTERS else None


def hashed(password: str) -> str:
    """What is stored: the hash with its salt and parameters. It takes a moment and 64 MiB."""
    return _HASHER.hash(_as_meant(password))


def matches(stored: str, password: str) -> bool:
    """Whether this is the password. It takes as long as `hashed`, whatever the answer."""
    try:
        return len(password) <= MOST and _HASHER.verify(stored, _as_meant(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether it was computed with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def nobodys() -> str:
    """The hash of a password that nobody knows, so that an unknown name takes as long as a known one."""
    return hashed(token_urlsafe(32))


def _as_meant(typed: str) -> str:
    """The same characters for the same keys, whichever keyboard composed them, full-width letters included."""
    return unicodedata.normalize("NFKC", typed)
