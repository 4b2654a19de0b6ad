"""What is known of cases where nobody reads the ledger: only who somebody is."""

from dataclasses import dataclass, replace

from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.turn import Knowledge
from connectors.chat.knowledge.insight import LedgerInsight
from connectors.chat.messages import Incoming
from connectors.contacts.contact import Contact
from connectors.intake.context import Gateway
from connectors.intake.submission import Submission
from connectors.replies.reply import Reply
from schemas.case import Case, State
from schemas.names import Language


@dataclass(frozen=True, slots=True)
class PlainInsight:
    """An `Insight` without a ledger."""

    gateway: Gateway

    def who(self, contact: Contact) -> Knowledge:
        """As the contact book and the region have it."""
        return LedgerInsight(self.gateway).who(contact)

    async def about(self, contact: Contact, incoming: Incoming | None, quoted_case: str) -> Knowledge:
        """The same, with the case of what was quoted."""
        return replace(self.who(contact), quoted_case=quoted_case)

    async def view(self, reply: Reply, language: Language) -> CaseView:
        """The case by its number."""
        report = reply.recipient.report
        return CaseView(Case(number=reply.case, home=reply.event.home, report=report, state=State.SUBMITTED))

    async def view_now(self, reply: Reply, language: Language) -> CaseView:
        """The same."""
        return await self.view(reply, language)

    async def signed(self, contact: Contact, submission: Submission) -> Submission:
        """As it is."""
        return submission
