"""A conversation as plain as can be, for what the runtime promises whatever is said in it.

Photos and positions wait for words; words make a report of it all and are answered with its id. Words may end with a
mark, `井盖坏了 #m1`, which comes back with the answer and is no part of the report.
"""

from collections.abc import Sequence
from typing import Final

from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.digest import Morning
from connectors.chat.conversation.state import Conversation, DraftPart
from connectors.chat.conversation.turn import Heard, Knowledge, Say, Turn
from connectors.chat.messages import SentMedia, SharedPosition, Wrote
from connectors.intake.submission import ReportSubmission
from connectors.replies.reply import Reply

REPORT: Final = "report"
REFUSED: Final = "refused"
TROUBLE: Final = "trouble"
NOTICE: Final = "notice"
NEWS: Final = "news"
WOKEN: Final = "woken"
WAIT: Final = "wait"
"""Whoever writes this is woken half a second later."""
WAIT_MS: Final = 500
SIGN_IN: Final = "sign in"
"""Whoever writes this is answered with a link."""


class PlainEngine:
    """A `TurnEngine`."""

    def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:  # noqa: PLR0911  # one a kind
        """A report of each message with words."""
        match heard.incoming.content:
            case SentMedia(trouble=trouble) if trouble:
                return Turn(state, say=(Say(f"{TROUBLE} {trouble}"),))
            case SentMedia(photo=photo, recording=recording):
                part = DraftPart(message=heard.incoming.id, photo=photo, recording=recording)
                return Turn(state.model_copy(update={"draft": (*state.draft, part)}))
            case SharedPosition(lon=lon, lat=lat, datum=datum):
                part = DraftPart(message=heard.incoming.id, lon=lon, lat=lat, datum=datum)
                return Turn(state.model_copy(update={"draft": (*state.draft, part)}))
            case Wrote(text=text) if text == WAIT:
                return Turn(state.model_copy(update={"wake_ms": knowledge.now_ms + WAIT_MS}))
            case Wrote(text=text) if text == SIGN_IN:
                return Turn(state, say=(Say(SIGN_IN, signs_in=True),))
            case Wrote(text=text):
                return self._report(state, heard, knowledge, text)
        return Turn(state)

    def tick(self, state: Conversation, submission_id: str, knowledge: Knowledge) -> Turn:
        """Say that time passed."""
        return Turn(state.model_copy(update={"wake_ms": None}), say=(Say(f"{WOKEN} {submission_id}"),))

    def refused(self, state: Conversation, why: str, knowledge: Knowledge, submission_id: str) -> Turn:
        """Say why."""
        return Turn(state.model_copy(update={"draft": ()}), say=(Say(f"{REFUSED} {why}"),))

    def notice(self, state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
        """Say of each event which it was."""
        words = f"{NOTICE} {reply.id} {reply.event.type.value} {knowledge.language.value}"
        return Turn(state, say=(Say(words, case=reply.case),))

    def digest(self, state: Conversation, mornings: Sequence[Morning], knowledge: Knowledge, source: str) -> Turn:
        """All of it."""
        return Turn(state, say=(Say(" ".join([NEWS, *(each.waiting.reply.id for each in mornings)])),))

    def _report(self, state: Conversation, heard: Heard, knowledge: Knowledge, text: str) -> Turn:
        words, _, mark = text.partition("#")
        place = next((part for part in state.draft if part.lon is not None), DraftPart(message=""))
        report = ReportSubmission(
            id=heard.submission_id, text=words.strip(), reporter=knowledge.person, reporter_lang=knowledge.language,
            photos=tuple(part.photo for part in state.draft if part.photo is not None),
            recordings=tuple(part.recording for part in state.draft if part.recording is not None),
            lon=place.lon, lat=place.lat, datum=place.datum,
        )  # fmt: skip
        said = f"{REPORT} {heard.submission_id} #{mark} {knowledge.quoted_case}".rstrip()
        return Turn(state.model_copy(update={"draft": ()}), (report,), (Say(said),))
