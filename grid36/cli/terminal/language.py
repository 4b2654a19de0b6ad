"""Which language the command speaks: `--lang`, else `GRID36_LANG`, else that of the terminal, else Chinese."""

import os
from collections.abc import Mapping
from contextvars import ContextVar

from schemas.names import Language

TERMINAL = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal says its language; the first one that is set counts, as POSIX has it."""
NO_LANGUAGE = frozenset({"C", "POSIX"})
OURS = "GRID36_LANG"
_LANGUAGES = [language.value for language in Language]
_asked: ContextVar[Language | None] = ContextVar("asked", default=None)


def asked_for(value: str | None) -> None:
    """Remember what `--lang` says, also for errors that end the command; None: nothing."""
    _asked.set(None if value is None else Language(value))


def spoken(environment: Mapping[str, str] = os.environ) -> Language | None:
    """The language that was asked for on the command line, or that the terminal has; None: the settings say it."""
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
    """The same where no settings are read, or cannot be: for help and errors."""
    said = environment.get(OURS, "")
    return spoken(environment) or (Language(said) if said in _LANGUAGES else Language.ZH)
