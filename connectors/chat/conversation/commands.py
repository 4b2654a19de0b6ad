"""Words that are no report: what people type to steer the conversation, in all languages at once."""

import re
from functools import cache
from typing import Final

from connectors.chat.conversation.state import Verb
from schemas.names import Language
from texts.catalogue import catalogue

FILE: Final = "chat"
_INVITATION: Final = re.compile(r"(?:绑定[\s:：]*|(?:bind|/start)[\s:：]+)([A-Za-z0-9_-]{6,64})", re.IGNORECASE)
_EDGES: Final = " \t\r\n。．.!！?？,，~～/"


def command_in(text: str) -> Verb | None:
    """What a message that is nothing but a command asks for; None: it is something else."""
    return _commands().get(_plain(text))


def is_greeting(text: str) -> bool:
    """Whether it is a greeting or thanks, and nothing else."""
    return _plain(text) in _listed("greeting")


def invitation_in(text: str) -> str:
    """The token of "bind TOKEN", or ""."""
    found = _INVITATION.fullmatch(text.strip())
    return found.group(1) if found else ""


def _plain(text: str) -> str:
    return " ".join(text.strip(_EDGES).lower().split())


@cache
def _commands() -> dict[str, Verb]:
    named = {
        "submit": Verb.SUBMIT,
        "drop": Verb.DROP,
        "reports": Verb.REPORTS,
        "jobs": Verb.JOBS,
        "help": Verb.HELP,
        "language": Verb.LANGUAGE,
        "off": Verb.OFF,
        "sign_in": Verb.SIGN_IN,
    }
    return {word: verb for name, verb in named.items() for word in _listed(name)}


@cache
def _listed(name: str) -> frozenset[str]:
    """The words of one entry, which lists them with `|` between."""
    texts = (catalogue(FILE, language).get(f"words.{name}", "") for language in Language)
    return frozenset(word.strip().lower() for text in texts for word in text.split("|") if word.strip())
