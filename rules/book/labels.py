"""Labels of states, acts, clocks and roles in sentences, in both languages."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from schemas.case import Deadline, State, UrgentBy
from schemas.command import Act, RecordWhat
from schemas.joining import Lost
from schemas.joint import ReportInStep
from schemas.names import Name
from schemas.pending import OfferTo
from schemas.rights import CaseRole

Choice = TypeVar("Choice", bound=StrEnum)


def _names(group: str, choices: Iterable[Choice]) -> dict[Choice, Name]:
    return {choice: Name.of(f"reasons.{group}.{choice}") for choice in choices}


STATE_NAMES = _names("state", State)
ACT_NAMES: dict[Act | RecordWhat, Name] = {**_names("act", Act), **_names("record", RecordWhat)}
WHO_NAMES = _names("who", CaseRole)
OFFER_NAMES = _names("offer", OfferTo)
STEP_NAMES = _names("step", ReportInStep)
CLOCK_NAMES = _names("clock", (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE))
URGENT_NAMES = _names("urgent", UrgentBy)
LOST_NAMES = _names("lost", Lost)
"""Why a case does not follow another one."""


def names_of(names: Iterable[Name]) -> Name:
    """Several names in one list; a dash where there is none."""
    each = list(names)
    if not each:
        return Name.same("-")
    return Name.joined("、", ", ", each)


def quoted(words: Iterable[str]) -> Name:
    """Words in quotation marks."""
    return names_of(Name.same(f"“{word}”") for word in words)
