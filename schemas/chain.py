"""The chain of events: each carries its ordinal and the digest of the previous one, which reveals loss and change."""

from typing import NamedTuple

from schemas.errors import Stop
from schemas.event import digest_of


class ChainError(Stop):
    """The chain of events is broken. Do not trust what was read behind it: compare with a backup of the log."""

    partition: int
    offset: int


class HoleError(ChainError):
    """Events are missing: the log was cut, or something was lost. Restore the log, then rebuild what reads it."""


class DoubledError(ChainError):
    """An event came a second time. Something wrote to `events` that is no worker: find it before going on."""


class ChangedError(ChainError):
    """An event is not the one that was written: the next one carries another digest. Restore the log."""


class NotAnEventError(ChainError):
    """A record of `events` could not be read. A newer release may have written it: update what reads it."""


class Position(NamedTuple):
    """What the next event of a partition must carry: its ordinal and digest, and its lowest possible offset."""

    offset: int = 0
    n: int = 0
    digest: str = ""


def link(position: Position, partition: int, offset: int, n: int, prev: str, value: bytes) -> Position:
    """The position after event `n`, whose bytes are `value` and which carries the digest `prev`.

    Raises a `ChainError` when it is not the next one.
    """
    if n != position.n:
        error = HoleError if n > position.n else DoubledError
        raise error(partition=partition, offset=offset, expected=position.n, found=n)
    if prev != position.digest:
        raise ChangedError(partition=partition, offset=offset, n=n, expected=position.digest, found=prev)
    return Position(offset + 1, n + 1, digest_of(value))
