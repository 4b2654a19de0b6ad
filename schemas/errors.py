"""Errors: the type says what to do next, the docstring is the default message, the facts are attributes."""

import inspect
from typing import ClassVar

from schemas.names import Language


class Grid36Error(Exception):
    """Something went wrong in Grid36."""

    zh: ClassVar[str] = ""
    """The default message in Chinese, of those that have one."""

    def __init__(self, message: str | None = None, /, **facts: object) -> None:
        self._is_default = message is None
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or "").replace("\n", " "))
        self.__dict__.update(facts)
        self.facts = facts

    def __str__(self) -> str:
        """The message, then the facts, as an operator reads them."""
        return self._with_facts(str(self.args[0]))

    def say(self, language: Language) -> str:
        """The same in `language`, where this error has words in it."""
        return self._with_facts(self.zh) if self.zh and self._is_default and language is Language.ZH else str(self)

    def _with_facts(self, message: str) -> str:
        shown = ", ".join(f"{name}: {fact}" for name, fact in self.facts.items())
        return f"{message} ({shown})" if shown else message


class Parked(Grid36Error):
    """This record cannot be processed; it is put aside in `parked` with its reason, and the rest goes on."""


class Retry(Grid36Error):
    """This did not work now; the same may work in a moment."""


class Stop(Grid36Error):
    """This will not work by trying again; a person has to change something first."""


class ServiceAway(Retry):
    """A service that is needed does not answer. Run `grid36 status` to see which, and `grid36 up` to start it."""


class WrongInput(Stop):
    """This input cannot be used. Correct what is named and try again."""
