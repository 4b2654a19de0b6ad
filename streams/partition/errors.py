"""What can go wrong in a partition, and who has to act.

`Refusal` ends the worker, `schemas.errors.Retry` owns the partition again; any other exception of a step parks the
record it came from (`schemas.errors.Stop` too: one bad command must not be able to stop a worker).
"""

from schemas.errors import Parked, Retry, Stop


class TooLargeError(Parked):
    """A record would be larger than Kafka takes. Shorten the text, or send the photo as a photo."""

    topic: str
    bytes: int


class Refusal(Stop):
    """This partition must not be worked on. Look at the facts, then decide what is right."""


class WrongPartitionsError(Refusal):
    """The system was created with another number of partitions. Set the number it was created with."""

    topic: str
    expected: int
    found: int


class SourceShorterError(Refusal):
    """The topic ends before what was already applied: it was cut or made anew. Restore it from a backup, or go on with
    what came to it since: `grid36 lost --accept` writes down what is missing."""

    topic: str
    partition: int
    applied: int
    end: int


class SourceCutError(Refusal):
    """Records were deleted from the topic before they were applied. Restore the topic from a backup, or go on without
    them: `grid36 lost --accept` writes down what is missing. If they were only aborted transactions nothing is lost,
    but of what is gone nobody can tell."""

    topic: str
    partition: int
    applied: int
    beginning: int


class SourceChangedError(Refusal):
    """The last applied record is no longer the one that was applied: the topic was cut or made anew. Restore it from a
    backup, or go on with what came to it since: `grid36 lost --accept` writes down what is missing."""

    topic: str
    partition: int
    offset: int


class BookkeepingTooLargeError(Refusal):
    """A step keeps more than 2 kB of bookkeeping. Move its figures into state keys of their own."""

    bytes: int


class StalledError(Retry):
    """A partition is behind and does not move although the broker answers. Restart this worker."""

    topic: str
    partition: int
    applied: int
    end: int


class UnwritableError(Retry):
    """A transaction was too large to write; the partition goes through it again in single steps."""
