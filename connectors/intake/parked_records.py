"""What is parked, what became of it, and a person's word on it as a row for Kafka."""

import json
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError
from pydantic_core import from_json

from connectors.outbox.store import OutboxRow
from schemas.codec import UnreadableError, decode, encode
from schemas.errors import FILE, WrongInput
from schemas.names import Language
from schemas.parked import ParkedOutcome, ParkedRecord, SettleOutcome
from schemas.settling import Settle, SettleCommand, SettleReport, settling_id
from schemas.topics import COMMANDS, EVERYWHERE, REPORTS
from texts.catalogue import catalogue, say

MOST: Final = 200
OF_A_LOSS: Final = frozenset({"CutAfterApplied", "DeletedBeforeApplied"})
"""Codes of records that `grid36 lost --accept` wrote: what they stand for counts as lost, not as parked."""


class SettledAlreadyError(WrongInput):
    """This parked record was settled before, and acts only once."""


class NotSettledError(WrongInput):
    """No worker parked this record: it says for good what a history left out, or which loss was accepted."""


class NotRetriableError(WrongInput):
    """Of this record too little is kept to process it again: it is a deadline, or larger than 64 kB. Act on its case,
    or drop it."""


class UnusableWordError(WrongInput):
    """A name has no white space and at most 100 characters, a reason at most 4,000 characters."""


@dataclass(slots=True)
class ParkedItem:
    """One parked record, named `id`, with what became of it, oldest first."""

    id: str
    record: ParkedRecord
    outcomes: list[ParkedOutcome] = field(default_factory=list)

    @property
    def settled(self) -> ParkedOutcome | None:
        """What ended it: retried or dropped. None: it is parked still."""
        return next((each for each in self.outcomes if each.outcome is not SettleOutcome.FAILED), None)

    @property
    def failed(self) -> int:
        """How often it was tried again in vain."""
        return sum(each.outcome is SettleOutcome.FAILED for each in self.outcomes)


class ParkedRecords:
    """The latest records of the topic `parked`, as far as somebody takes them in."""

    def __init__(self, most: int | None = MOST) -> None:
        """`most` None: all of them."""
        self._most = most
        self._items: OrderedDict[str, ParkedItem] = OrderedDict()
        self.unreadable = 0
        """Records of a newer release."""

    def take(self, partition: int, offset: int, value: bytes | None) -> None:
        """Take in one record of the topic."""
        if not value:
            return
        try:
            if "outcome" in from_json(value):
                self._note(decode(ParkedOutcome, value))
                return
            record = decode(ParkedRecord, value)
        except (UnreadableError, ValueError, TypeError):
            self.unreadable += 1
            return
        item = ParkedItem(f"{partition}-{offset}", record)
        self._items[item.id] = item
        if self._most is not None and len(self._items) > self._most:
            self._items.popitem(last=False)

    def get(self, id: str) -> ParkedItem | None:
        """The record with this id."""
        return self._items.get(id)

    def all(self) -> Iterator[ParkedItem]:
        """All of them, in the order of arrival by partition."""
        return iter(self._items.values())

    def _note(self, outcome: ParkedOutcome) -> None:
        item = self._items.get(outcome.of)
        if item is not None and item.settled is None:
            item.outcomes.append(outcome)


def settling_row(item: ParkedItem, settle: Settle, by: str, why: str) -> OutboxRow:
    """The record that asks the worker for it; sent twice it acts once.

    Raises `SettledAlreadyError`, `NotSettledError`, `NotRetriableError`, `UnusableWordError`.
    """
    record = item.record
    topic = next((name for name in (REPORTS, COMMANDS) if record.topic.endswith(name)), None)  # after its prefix
    if (settled := item.settled) is not None:
        raise SettledAlreadyError(record=item.id, outcome=settled.outcome.value, by=settled.by)
    if topic is None or record.error in OF_A_LOSS:
        raise NotSettledError(record=item.id)
    if settle is Settle.RETRY and not record.is_whole:
        raise NotRetriableError(record=item.id)
    kept = b64encode(record.value).decode() if record.is_whole else ""
    fields = {
        "id": settling_id(item.id), "parked": item.id, "settle": settle, "by": by, "why": why, "error": record.error,
        "value_b64": kept,
    }  # fmt: skip
    try:
        if topic == REPORTS:
            return OutboxRow(REPORTS, item.id, record.partition, encode(SettleReport.model_validate(fields)))
        command = SettleCommand.model_validate(fields | {"home": EVERYWHERE})
    except ValidationError:
        raise UnusableWordError(by=by[:120]) from None
    return OutboxRow(COMMANDS, EVERYWHERE, record.partition, encode(command))


def content_text(value: bytes) -> str:
    """A value as text: JSON with a line for each field, anything else as it came."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return value.decode(errors="replace")


def reason_in(error: str, reason: str, language: Language) -> str:
    """Why something was parked, in a language: records say it in English, with the facts."""
    if language is Language.EN or not error:
        return reason
    return catalogue(FILE, language).get(error, say(language, "parked.fault", error=error))
