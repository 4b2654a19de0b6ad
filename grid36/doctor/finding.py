"""What was found: how bad it is, what it means and what to do, in a sentence."""

from dataclasses import dataclass

from schemas.models import ChoiceEnum
from schemas.names import Name


class FindingLevel(ChoiceEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """It works, and will not for ever, or not as it should."""
    BAD = "bad"
    """A person has to do something."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `check` is its name for programs, such as `kafka.topics`."""

    check: str
    level: FindingLevel
    says: Name


def ok(check: str, key: str, **facts: object) -> Finding:
    """All is well; `key` is in the catalogue `doctor`."""
    return Finding(check, FindingLevel.OK, Name.of(key, **facts))


def warn(check: str, key: str, **facts: object) -> Finding:
    """Something to look at."""
    return Finding(check, FindingLevel.WARN, Name.of(key, **facts))


def bad(check: str, key: str, **facts: object) -> Finding:
    """Something to mend."""
    return Finding(check, FindingLevel.BAD, Name.of(key, **facts))
