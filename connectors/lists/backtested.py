"""What would have become of the cases of a period by a draft, as pages show it."""

from schemas.models import LogModel
from schemas.names import Name


class OutcomeThen(LogModel):
    """What a list made, or would have made, of a case."""

    verdict: str
    """routed, refused, held at the gate, or offered."""
    owner: Name | None = None
    department: Name | None = None
    item: str = ""


class MovedCases(LogModel):
    """Cases of one category that would have gone elsewhere."""

    category: Name
    was: OutcomeThen
    would: OutcomeThen
    cases: tuple[str, ...]
    """The first of them."""
    count: int


class ListBacktest(LogModel):
    """The whole answer; groups with the most cases first."""

    cases: int
    different: int
    open: int
    """Of these, how many are still worked on."""
    late_now: int
    would_be_late: int
    groups: tuple[MovedCases, ...] = ()
