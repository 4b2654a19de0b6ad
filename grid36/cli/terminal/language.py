"""The language of the command: `--lang`, else `GRID36_LANG`, else that of the terminal, else Chinese."""

import os
from collections.abc import Mapping
from contextvars import ContextVar

from schemas.names import Language

TERMINAL = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables with the terminal's language; the first one set counts, as in POSIX."""
NO_LANGUAGE = frozenset({"C", "POSIX"})
OURS = "GRID36_LANG"
_LANGUAGES = [language.value for language in Language]
_asked: ContextVar[Language | None] = ContextVar("asked", default=None)


def asked_for(value: str | None) -> None:
    """Remember `--lang`, also for errors that end the command; None: not given."""
    _asked.set(None if value is None else Language(value))


def spoken(environment: Mapping[str, str] = os.environ) -> Language | None:
    """The language of the command line or the terminal; None: the settings decide."""
    asked = _asked.get()
    if asked is not None:
        return asked
    if environment.get(OURS):
        return None
    said = next((value for name in TERMINAL if (value := environment.get(name))), "")
    name = said.split(".")[0].split("@")[0]
    if not name or name in NO_LANGUAGE:
        return None
    return Language.ZH if name.split("_")[0] == "zh" else Language.EN


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """The same without settings, for help and errors."""
    said = environment.get(OURS, "")
    return spoken(environment) or (Language(said) if said in _LANGUAGES else Language.ZH)
