"""Requests as bytes, each kept until something happens to its case: a list shows anew only what changed."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from connectors.doors.open311.audience import Audience
from connectors.doors.open311.documents import fragment
from connectors.doors.open311.shown_request import RequestWords, history, photo_links, shown_request
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.service_requests import RequestHead, RequestRow, raw_texts, request_rows
from schemas.codec import decode
from schemas.order import Written

MOST_KEPT: Final = 10_000
"""Fragments of one way to show them, at least; about 700 bytes each."""
MOST_WAYS: Final = 24

Texts = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class RenderWay:
    """From which file, for whom, in which words and format."""

    epoch: str
    audience: Audience
    words: RequestWords
    ending: str
    extensions: bool = False


@dataclass(slots=True)
class _Fragments:
    """One way to show them: by number, what it was made of (texts None: they are not shown) and the bytes."""

    kept: dict[str, tuple[Texts | None, int, bytes]] = field(default_factory=dict)
    older: dict[str, tuple[Texts | None, int, bytes]] = field(default_factory=dict)

    def find(self, number: str, texts: Texts | None, last_seq: int) -> bytes | None:
        known = self.kept.get(number) or self.older.get(number)
        return known[2] if known is not None and known[1] == last_seq and known[0] == texts else None

    def keep(self, number: str, texts: Texts | None, last_seq: int, body: bytes) -> None:
        if len(self.kept) >= MOST_KEPT:
            self.kept, self.older = {}, self.kept
        self.kept[number] = texts, last_seq, body


class RenderedRequests:
    """Used from several threads: a dictionary takes and gives whole entries."""

    def __init__(self) -> None:
        self._ways = dict[Hashable, _Fragments]()

    def render(self, ledger: Ledger, heads: Sequence[RequestHead], way: RenderWay) -> list[bytes]:
        """Each of these cases as one request, in this order."""
        audience, words = way.audience, way.words
        shared = (way.epoch, words.edition, words.language, audience.exact, way.ending, way.extensions)
        wordless, worded = self._way((*shared, False)), self._way((*shared, True))
        readable = [head.number for head in heads if audience.reads_words_of(head.report)]
        # words come by a topic of their own and may be erased, so the case's last event does not tell of them
        texts: dict[str, Texts] = dict.fromkeys(readable, ()) | (raw_texts(ledger, readable) if readable else {})
        found, missing = dict[str, bytes](), list[str]()
        for number, _, _, last_seq in heads:
            fragments = worded if number in texts else wordless
            body = fragments.find(number, texts.get(number), last_seq)
            if body is None:
                missing.append(number)
            else:
                found[number] = body
        for row in request_rows(ledger, missing) if missing else ():
            number = row.doc["number"]
            found[number] = body = fragment("request", _shown(ledger, row, way, texts.get(number, ())), way.ending)
            fragments = worded if number in texts else wordless
            fragments.keep(number, texts.get(number), row.last_seq, body)
        return [found[head.number] for head in heads if head.number in found]

    def _way(self, way: Hashable) -> _Fragments:
        if (found := self._ways.get(way)) is None:
            if len(self._ways) >= MOST_WAYS:  # of rulebooks and files that are gone, most of them
                self._ways = {}
            found = self._ways[way] = _Fragments()
        return found


def _shown(ledger: Ledger, row: RequestRow, way: RenderWay, texts: Texts) -> dict[str, object]:
    number = row.doc["number"]
    written = [decode(Written, each) for each in texts]
    shown = shown_request(row, way.audience, way.words, written)
    if way.extensions:
        shown["extended_attributes"] = {"case_number": number, "photos": photo_links(written, way.words)}
        shown["notes"] = history(ledger.timeline(number), way.words)
    return shown
