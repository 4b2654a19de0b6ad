"""Proof of a partition: its state rebuilt from `events` alone and compared byte for byte."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Draft
from schemas.case import Case
from schemas.chain import Position, link
from schemas.codec import decode, encode
from schemas.event import Event, digest_of
from schemas.names import Language
from streams.cases.state import PartitionState
from streams.cases.state_records import CASE, WORDS, CaseWords
from streams.cases.unit_of_work import UnitOfWork
from streams.partition.bookkeeping import KEY
from texts.catalogue import say


@cache
def _readers() -> dict[str, TypeAdapter[Any]]:
    """How to read each field of a case from its JSON form."""
    return {name: TypeAdapter(field.rebuild_annotation()) for name, field in Case.model_fields.items()}


def draft_of(event: Event) -> Draft:
    """The draft that an event was made from: `now` holds Python values of `Case` fields again."""
    readers = _readers()
    return Draft(
        type=event.type,
        home=event.home,
        grid=event.grid,
        t_ms=event.t_ms,
        command=event.command,
        by=event.by,
        case=event.case,
        occurred_ms=event.occurred_ms,
        because=event.because,
        now={name: readers[name].validate_python(value) for name, value in event.now.items() if name in readers},
        facts=event.facts,
    )


SINCE: Final = frozenset({"last_ms", "dropped_actions", "dropped_reports"})
"""Numbers that the bookkeeping of earlier releases lacks."""


class Replica:
    """One partition of cases, folded from the values of its events in order; `book` is any of the system's books."""

    def __init__(self, book: CompiledRulebook, partition: int = 0) -> None:
        self.memory = PartitionState()
        self._book = book
        self._partition = partition

    def take(self, value: bytes) -> Event:
        """Fold the next event. Raises `schemas.chain.ChainError` when it is not the next one, or was changed."""
        event = decode(Event, value)
        totals = self.memory.totals
        position = Position(n=totals.n, digest=totals.digest)
        position = link(position, self._partition, event.n, event.n, event.prev, value)
        change = UnitOfWork(self.memory, self._book, event.t_ms)
        change.take(draft_of(event))
        change.totals.n, change.totals.digest = position.n, position.digest
        change.changes(len(value))
        change.accept()
        return event

    def differences(
        self, state: Mapping[str, bytes], bookkeeping: Mapping[str, object], language: Language = Language.EN
    ) -> Iterator[str]:
        """Differences between the values of `cases` and the events, one sentence each; empty when they agree.

        `state` is the partition's compacted topic without its bookkeeping record, `bookkeeping` the step's part of
        that record. Words are not in the events: each is compared with the digest that its case keeps of it.
        """
        expected = dict(self.memory.items())
        for key in sorted(expected.keys() | {key for key in state if not key.startswith(WORDS)}):
            if key not in state:
                yield say(language, "proofs.missing", key=key)
            elif key not in expected:
                yield say(language, "proofs.too_much", key=key)
            elif state[key] != expected[key]:
                yield say(language, "proofs.other", key=key)
        yield from self._wrong_words(state, language)
        folded = self.memory.totals.dump()
        for name in sorted(folded.keys() - (SINCE - bookkeeping.keys()) | bookkeeping.keys()):
            if bookkeeping.get(name) != folded.get(name):
                yield say(
                    language,
                    "proofs.counted",
                    key=f"{KEY}.{name}",
                    found=bookkeeping.get(name),
                    expected=folded.get(name),
                )

    def _wrong_words(self, state: Mapping[str, bytes], language: Language) -> Iterator[str]:
        numbers = {key.removeprefix(CASE) for key, _ in self.memory.items() if key.startswith(CASE)}
        numbers |= {key.removeprefix(WORDS) for key in state if key.startswith(WORDS)}
        for number in sorted(numbers):
            case = self.memory.case(number)
            raw = state.get(WORDS + number)
            found = {w.id: digest_of(encode(w)) for w in decode(CaseWords, raw).written} if raw is not None else {}
            expected = {ref.id: ref.digest for ref in case.texts} if case is not None else {}
            if found != expected:
                yield say(language, "proofs.words", key=f"{WORDS}{number}")
