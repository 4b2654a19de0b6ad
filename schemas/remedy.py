"""A standing remedy 专项治理: a parent case for a segment where the same category is reported again and again."""

from typing import Annotated, Final

from pydantic import Field

from schemas.models import LogModel
from schemas.moments import TimeMs

MOST_COLLECTED: Final = 200
"""Numbers of cases that are written down; `count` says how many there were."""
_Code = Annotated[str, Field(min_length=1, max_length=200)]


class Remedy(LogModel):
    """What a parent case collects: cases of one kind and category at a segment, reported since `from_ms`.

    Those reported after it was proposed belong to it while it is open; the read model finds them. Times are ms UTC.
    """

    segment: _Code
    category: _Code
    """Id of a category of the rulebook of that day."""
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    """The kind of the cases in figures."""
    from_ms: TimeMs
    until_ms: TimeMs
    """End of the period in which they stood out; after `from_ms`."""
    count: Annotated[int, Field(ge=1)]
    """How many there were when it was proposed."""
    cases: Annotated[tuple[str, ...], Field(max_length=MOST_COLLECTED)] = ()
    """Numbers of these, the newest first, at most `MOST_COLLECTED`."""

    @property
    def at_any_time(self) -> "Remedy":
        """The same without what depends on when it was proposed."""
        return self.model_copy(update={"count": 1, "cases": ()})
