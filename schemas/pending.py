"""What of a case waits for an answer: a request for more time, and an offer to several people."""

from typing import Literal

from schemas.models import ChoiceEnum, LogModel


class Request(LogModel):
    """A pause or an extension that somebody asked for and nobody has decided yet."""

    kind: Literal["pause", "extension"]
    by: str
    asked_ms: int
    hours: int
    note: str | None = None
    """Id of the text in `texts`."""


class OfferTo(ChoiceEnum):
    """Who may accept an offer."""

    WORKERS = "workers"  # of the grid
    VOLUNTEERS = "volunteers"
    ALL_WORKERS = "all_workers"  # of the street
    EVERYBODY = "everybody"  # volunteers and workers


class Offer(LogModel):
    """A case that several people may have: the first who accepts, until it lapses."""

    to: OfferTo
    until_ms: int
