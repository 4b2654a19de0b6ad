"""What happened to a request at a neighbour's end, passed to our case as words: their state, and their new words.

Nothing is decided by it. Each is a supplement whose id follows from what is on disk here, so that after a crash it is
the same one. What they have from us is passed on, too, but for its words, which are ours.
"""

from hashlib import sha256

from connectors.doors.contract import Accept
from connectors.doors.neighbour.imports import Import, Imports
from connectors.doors.neighbour.reading import NeighbourRequest, own_id, report_id
from connectors.intake.context import Gateway
from connectors.intake.field_types import MOST_TEXT
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import Refused
from connectors.intake.submission import SupplementSubmission
from schemas.case import ENDED, Case
from texts.catalogue import say


class NeighbourChanges:
    """Passes on what changed since it was known."""

    def __init__(self, imports: Imports, gateway: Gateway, accept: Accept) -> None:
        self._imports, self._gateway, self._accept = imports, gateway, accept

    async def pass_on(self, told: NeighbourRequest, known: Import | None, state: str) -> None:
        """What changed, on disk on return; `known` is what was on disk before, `state` whose request it is.

        Raises `Refused` where nothing is accepted at present.
        """
        if state not in {"accepted", "ours"}:
            return
        lines = list[tuple[str, str]]()
        before = known.status if known is not None else "open"
        if told.status != before:
            since = str(known.updated_ms) if known is not None else ""
            lines.append((_id("state", told, since), self._state(told)))
        if state == "accepted":
            words, taken = told.words_digest, await self._imports.words(told.service_request_id)
            if taken is not None and words != taken:
                lines.append((_id("words", told, words), self._words(told)))
        for id, text in lines:
            await self._add(told, id, text)
        if state == "accepted":
            await self._imports.put_words(told.service_request_id, told.words_digest)

    def _state(self, told: NeighbourRequest) -> str:
        key = "closed_there" if told.status == "closed" else "open_there"
        notes = told.status_notes or told.status
        return say(self._gateway.language, f"open311.{key}", id=told.service_request_id, notes=notes)

    def _words(self, told: NeighbourRequest) -> str:
        said = "\n".join(filter(None, [told.description, told.address, told.media_url]))
        return say(self._gateway.language, "open311.words_there", id=told.service_request_id, words=said)

    async def _add(self, told: NeighbourRequest, id: str, text: str) -> None:
        case, report = await self._found(told)
        if report is None or (case is not None and case.state in ENDED):
            return  # it is in the file of imports
        try:
            await self._accept(SupplementSubmission(id=id, report=report, text=text[:MOST_TEXT]))
        except Refused as refusal:
            if refusal.faults[0].code != "other_content":  # killed before it was written here, and changed meanwhile
                raise

    async def _found(self, told: NeighbourRequest) -> tuple[Case | None, str | None]:
        """Our case, unless it is not decided yet, and its report."""
        own = own_id(told.service_request_id)
        if own is not None and looks_like_case_number(own):
            case = await self._gateway.ask(lambda ledger: ledger.case(own))
            return case, case.report if case is not None else None
        report = report_id(told.service_request_id) if own is None else own
        return await self._gateway.ask(lambda ledger: ledger.case_of_report(report)), report


def _id(what: str, told: NeighbourRequest, version: str) -> str:
    return f"neighbour-{what}-{sha256(repr((told.service_request_id, told.status, version)).encode()).hexdigest()[:32]}"
