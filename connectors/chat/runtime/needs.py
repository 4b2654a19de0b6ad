"""The two ports of the runtime: the conversation it holds, and what is known of cases when something arrives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.chat.conversation import engine, notices
from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.digest import Morning, digest
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Heard, Knowledge, Turn
from connectors.chat.messages import Incoming
from connectors.contacts.contact import Contact
from connectors.intake.submission import Submission
from connectors.replies.reply import Reply
from schemas.names import Language


class TurnEngine(Protocol):
    """A conversation: pure functions of what was remembered. Ours is `ENGINE`; tests may hold a simpler one."""

    def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
        """What follows from a message."""

    def tick(self, state: Conversation, submission_id: str, knowledge: Knowledge) -> Turn:
        """What follows from time that passed."""

    def refused(self, state: Conversation, why: str, knowledge: Knowledge, submission_id: str) -> Turn:
        """What follows from a refusal; `state` is as it was before the turn that was refused. Submits nothing."""

    def notice(self, state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
        """What follows from an event of a case. Submits nothing."""

    def digest(self, state: Conversation, mornings: Sequence[Morning], knowledge: Knowledge, source: str) -> Turn:
        """What is said of all that waited. Submits nothing; `source` names what is said."""


@dataclass(frozen=True, slots=True)
class _OurEngine:
    """The conversation of `connectors/chat/conversation`."""

    def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
        return engine.take(state, heard, knowledge)

    def tick(self, state: Conversation, submission_id: str, knowledge: Knowledge) -> Turn:
        return engine.tick(state, submission_id, knowledge)

    def refused(self, state: Conversation, why: str, knowledge: Knowledge, submission_id: str) -> Turn:
        return engine.refused(state, why, knowledge, submission_id)

    def notice(self, state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
        return notices.notice(state, reply, view, knowledge)

    def digest(self, state: Conversation, mornings: Sequence[Morning], knowledge: Knowledge, source: str) -> Turn:
        return digest(state, mornings, knowledge, source)


ENGINE: TurnEngine = _OurEngine()


class Insight(Protocol):
    """What is known of cases, for one person; `connectors/chat/knowledge` reads it from the ledger."""

    def who(self, contact: Contact) -> Knowledge:
        """Who it is, without cases: enough for a notice."""

    async def about(self, contact: Contact, incoming: Incoming | None, quoted_case: str) -> Knowledge:
        """What to know when this arrives, or when time passed (`incoming` None). Without a ledger: empty lists."""

    async def view(self, reply: Reply, language: Language) -> CaseView:
        """The case of a reply right after its event. Raises a `Retry` as long as nothing is known of it."""

    async def view_now(self, reply: Reply, language: Language) -> CaseView:
        """The same, of the case as it is now. Raises a `Retry` as long as nothing is known of it."""

    async def signed(self, contact: Contact, submission: Submission) -> Submission:
        """The same submission, under the name that the person has in its case."""
