"""Reads for the conversation what it has to know, from the ledger, the region and the rulebook."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Final

from connectors.cases.reader import Reader
from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.turn import Job, Knowledge
from connectors.chat.knowledge.case_views import CaseSeen, as_view, look, look_now
from connectors.chat.knowledge.categories import FrequentCategories
from connectors.chat.knowledge.lists import jobs, may_as, reports, verifying
from connectors.chat.knowledge.nearness import Point, position_in
from connectors.chat.knowledge.people import Colleagues, whistles
from connectors.chat.messages import Incoming
from connectors.contacts.contact import Contact
from connectors.intake.context import Gateway
from connectors.intake.submission import ActSubmission, Submission
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.replies.reply import Reply
from schemas.case import Case
from schemas.event import EventType
from schemas.names import Language
from schemas.people import Role
from schemas.rights import RIGHTS, may
from schemas.trust import kind_of, trust_of

FORM: Final = "/form"
MINUTE_MS: Final = 60_000
PATIENCE_S: Final = 1.5
"""How long a notice waits for the ledger."""
_FIRST_S, _LONGEST_S = 0.02, 0.2


def no_page(_: Contact) -> str:
    """Pages cannot be reached from outside."""
    return ""


class LedgerInsight:
    """For all conversations of one door."""

    def __init__(
        self,
        gateway: Gateway,
        page: Callable[[Contact], str] = no_page,
        patience_s: float = PATIENCE_S,
        *,
        positions: bool = True,
    ) -> None:
        """`page`: the address of the page for somebody; `positions`: whether people can send them at this door."""
        self._gateway, self._page, self._patience_s = gateway, page, patience_s
        self._positions = positions
        self._categories, self._colleagues = FrequentCategories(gateway), Colleagues()

    def who(self, contact: Contact) -> Knowledge:
        """Who it is, without what the ledger knows: enough for a notice."""
        known = self._gateway.directory.person(contact.person)
        team = contact.team or (known.team or "" if known is not None else "")
        roles = set(known.roles) if known is not None else set()
        if contact.team:
            roles.add(Role.VOLUNTEER)
        return Knowledge(
            person=contact.person,
            language=contact.language or (known.language if known is not None else self._gateway.language),
            now_ms=self._gateway.clock(),
            roles=frozenset(roles),
            trust=trust_of(self._gateway.rulebook.policy.trust, kind_of(roles)),
            team=team,
            earlier=contact.earlier,
            listed=known is not None,
            link_minutes=self._gateway.accounts.limits.link_ms // MINUTE_MS if self._gateway.address else 0,
            page=self._page(contact),
            positions=self._positions,
            form=f"{self._gateway.public_url}{FORM}" if self._gateway.public_url and not self._positions else "",
        )

    async def about(self, contact: Contact, incoming: Incoming | None, quoted_case: str) -> Knowledge:
        """What to know when this arrives, or when time passed (`incoming` None). Without a ledger: empty lists."""
        alone = incoming is None or not incoming.group
        knowledge = replace(self.who(contact), quoted_case=quoted_case, alone=alone)
        here = position_in(incoming, gcj=self._gateway.region.gcj)
        try:
            return await self._gateway.ask_ledger(lambda ledger: self._look(ledger, knowledge, here))
        except LedgerAway:
            return knowledge

    def _look(self, ledger: Ledger, knowledge: Knowledge, here: Point | None) -> Knowledge:
        reader = Reader(self._gateway, knowledge.language, knowledge.now_ms)

        def titled(cases: list[Case]) -> tuple[Job, ...]:
            return tuple(Job(case, reader.title(case)) for case in cases)

        person, names = knowledge.person, knowledge.called
        own = jobs(reader, ledger, person, here)
        quoted = next((case for case in own if case.number == knowledge.quoted_case), None)
        return replace(
            knowledge,
            jobs=titled(own),
            verifying=titled(verifying(reader, ledger, names)),
            reports=titled(reports(ledger, names)),
            names=self._colleagues.names(reader, person, quoted),
            categories=self._categories.look(ledger),
            whistles=whistles(self._gateway, person),
        )

    async def view(self, reply: Reply, language: Language) -> CaseView:
        """The case of a reply right after its event. What the ledger has not read soon is left out.

        Raises `LedgerAway` while nothing is known of the case, unless the event opened it and says all of it.
        """
        end_s, pause_s, seen = monotonic() + self._patience_s, _FIRST_S, CaseSeen(None)
        while True:
            with suppress(LedgerAway):
                seen = await self._gateway.ask_ledger(lambda ledger: look(ledger, reply.event))
            if seen.complete or monotonic() >= end_s:
                break
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_S)
        if seen.case is None and reply.event.type is not EventType.OPENED:
            raise LedgerAway(case=reply.case)
        return self._view(seen, reply, language)

    async def view_now(self, reply: Reply, language: Language) -> CaseView:
        """The case of a reply as it is now. Raises `LedgerAway` while the ledger has not read the event."""
        seen = await self._gateway.ask_ledger(lambda ledger: look_now(ledger, reply.event))
        if seen.case is None:
            raise LedgerAway(case=reply.case)
        return self._view(seen, reply, language)

    def _view(self, seen: CaseSeen, reply: Reply, language: Language) -> CaseView:
        reader = Reader(self._gateway, language, self._gateway.clock())
        view = as_view(seen, reply.event, reader)
        if reply.recipient.to != "on_duty":
            return view
        parts = reader.parts_of(view.case, reply.recipient.person)
        return replace(view, may=frozenset(act for act in RIGHTS if may(act, view.case, parts)))

    async def signed(self, contact: Contact, submission: Submission) -> Submission:
        """The same submission by the right name: who reported under a pseudonym answers for it under that pseudonym."""
        if not isinstance(submission, ActSubmission) or submission.by != contact.person or not contact.earlier:
            return submission
        reader = Reader(self._gateway, self._gateway.language, self._gateway.clock())
        names = (contact.person, *contact.earlier)

        def name(ledger: Ledger) -> str:
            case = ledger.case(submission.case)
            return may_as(reader, submission.act, case, names) if case is not None else ""

        try:
            by = await self._gateway.ask_ledger(name)
        except LedgerAway:
            by = ""
        return submission.model_copy(update={"by": by}) if by else submission
