"""What of a case waits for somebody's answer: a request for more time, or an offer to several people."""

from typing import Literal

from schemas.models import ChoiceEnum, LogModel


class Request(LogModel):
    """A pause or an extension that somebody requested and nobody has decided yet."""

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
    """An offer of a case to several people: the first who accepts gets it, until it lapses."""

    to: OfferTo
    until_ms: int
