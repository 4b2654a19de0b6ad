"""Errors: the type says what to do next, the docstring is the default message, the facts are attributes."""

import inspect


class Grid36Error(Exception):
    """Something went wrong in Grid36."""

    def __init__(self, message: str | None = None, /, **facts: object) -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or "").replace("\n", " "))
        self.__dict__.update(facts)
        self.facts = facts

    def __str__(self) -> str:
        """The message, then the facts, as an operator reads them."""
        message = str(self.args[0])
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
