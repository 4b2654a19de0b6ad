"""A draft: photo, words and position that come in any order, and the report that they become."""

from collections.abc import Sequence
from typing import Any, Final

from connectors.chat.conversation.state import Conversation, DraftPart
from connectors.chat.conversation.turn import Knowledge
from connectors.intake.submission import ReportSubmission, SupplementSubmission
from schemas.people import Role
from schemas.report import Photo, Recording

Parts = Sequence[DraftPart]
MOST_TEXT: Final = 4000
MOST_ADDRESS: Final = 500
MOST_PARTS: Final = 40
"""Messages of one draft; with more the person is told that they were not added."""
REPORTING: Final = (Role.PATROLLER, Role.VOLUNTEER, Role.RESIDENT)
"""As what somebody with several roles reports."""


def with_part(state: Conversation, part: DraftPart, now_ms: int) -> Conversation:
    """The state with one more part; the same message again replaces its part."""
    others = tuple(each for each in state.draft if each.message != part.message)
    return state.model_copy(update={"draft": (*others, part), "draft_ms": now_ms})


def text_of(parts: Parts) -> str:
    """All words, in the order in which they came."""
    return "\n".join(part.text.strip() for part in parts if part.text.strip())


def has_place(parts: Parts) -> bool:
    """Whether a part says where."""
    return any(part.lon is not None or part.address or part.code for part in parts)


def photos_of(parts: Parts) -> tuple[Photo, ...]:
    """Each photo once."""
    return tuple({part.photo.digest: part.photo for part in parts if part.photo is not None}.values())


def recordings_of(parts: Parts) -> tuple[Recording, ...]:
    """Each voice message once."""
    return tuple({part.recording.digest: part.recording for part in parts if part.recording is not None}.values())


def is_enough(parts: Parts) -> bool:
    """Whether somebody can be sent: what, and where."""
    return bool(text_of(parts)) and has_place(parts)


def report_of(parts: Parts, id: str, knowledge: Knowledge, category: str = "") -> ReportSubmission:
    """The report that a draft becomes; the last position and the last address count."""
    return ReportSubmission(
        id=id, text=text_of(parts), category=category, photos=photos_of(parts), team=knowledge.team,
        recordings=recordings_of(parts),
        reporter=knowledge.person, reporter_lang=knowledge.language,
        reporter_kind=next((role for role in REPORTING if role in knowledge.roles), None), **_place(parts),
    )  # fmt: skip


def supplement_of(parts: Parts, id: str, report: str, knowledge: Knowledge) -> SupplementSubmission:
    """The same as something that belongs to an earlier report."""
    return SupplementSubmission(
        id=id, report=report, text=text_of(parts), photos=photos_of(parts), team=knowledge.team,
        recordings=recordings_of(parts), reporter=knowledge.person, reporter_lang=knowledge.language, **_place(parts),
    )  # fmt: skip


def _place(parts: Parts) -> dict[str, Any]:
    place: dict[str, Any] = {}
    for part in parts:
        if part.lon is not None:
            place |= {"lon": part.lon, "lat": part.lat, "datum": part.datum}
        if part.address:
            place["address"] = part.address[:MOST_ADDRESS]
        if part.code:
            place["code"] = part.code
    return place
