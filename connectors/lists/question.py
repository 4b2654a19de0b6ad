"""A question to a list: what happens with this, there, then?"""

from schemas.models import LogModel


class ListQuestion(LogModel):
    """A report that nobody sends. The place is an address, or the code of a grid, segment, unit or pole."""

    text: str
    address: str = ""
    code: str = ""
    at_ms: int
    """When it would come (ms UTC)."""
    urgent: bool = False
