"""Which cases a figure is about: those of a span of time, a part of the region, and some codes. Pure."""

from typing import NamedTuple

from schemas.remit import WHOLE, Remit


class Codes(NamedTuple):
    """Some values of a column; "" stands for none."""

    by: str
    codes: frozenset[str]


class Span(NamedTuple):
    """Cases with `from_ms` ≤ submitted < `to_ms`; None is open. `month` is its name, if it is one.

    `within`: only those of this part of the region. `only`: only those with one of these values of each column.
    """

    from_ms: int | None
    to_ms: int | None
    month: str = ""
    within: Remit = WHOLE
    only: tuple[Codes, ...] = ()
