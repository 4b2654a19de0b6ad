"""Errors: the type says what to do next, its entry in `texts/` is the default message, the facts are attributes."""

import inspect
from typing import Final

from schemas.names import Language, Name, facts_in
from texts.catalogue import catalogue

FILE: Final = "errors"


class Grid36Error(Exception):
    """Something went wrong in Grid36."""

    def __init__(self, message: str | Name | None = None, /, **facts: object) -> None:
        """A `message` that is a text comes from elsewhere in the reader's language already, or has only one."""
        super().__init__(*([message] if message else []))
        self.__dict__.update(facts)
        self.facts = facts

    def message(self, language: Language) -> str:
        """What went wrong and what to do, without the facts; the docstring where the catalogue has nothing."""
        match self.args:
            case (Name() as both, *_):
                return both.to(language)
            case (str(text), *_):
                return text
        return catalogue(FILE, language).get(type(self).__name__, _in_one_line(type(self).__doc__))

    def say(self, language: Language) -> str:
        """The message, then the facts."""
        zh, known = language is Language.ZH, catalogue(FILE, language)
        shown = [
            f"{known.get(f'fact.{name}', name.replace('_', ' '))}{'：' if zh else ': '}{fact}"
            for name, fact in facts_in(language, self.facts).items()
        ]
        if not shown:
            return self.message(language)
        return self.message(language) + (f"（{'，'.join(shown)}）" if zh else f" ({', '.join(shown)})")

    def __str__(self) -> str:
        """In English, as logs have it."""
        return self.say(Language.EN)


class Parked(Grid36Error):
    """This record cannot be processed; it is written to `parked` with its reason, and processing continues."""


class Retry(Grid36Error):
    """This did not work; the same may work in a moment."""


class Stop(Grid36Error):
    """This will not work by trying again; a person has to change something first."""


class ServiceAway(Retry):
    """A service that is needed does not answer. Run `grid36 status` to see which, and `grid36 up` to start it."""


class WrongInput(Stop):
    """This input cannot be used. Correct what is named and try again."""


def _in_one_line(docstring: str | None) -> str:
    return inspect.cleandoc(docstring or "").replace("\n", " ")
