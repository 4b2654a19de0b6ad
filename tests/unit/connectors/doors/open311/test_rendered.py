"""Requests that are kept as bytes say what a reader finds who looks for the first time, whatever happened meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from connectors.doors.open311 import rendered as module
from connectors.doors.open311.audience import OWN, Audience
from connectors.doors.open311.rendered import RenderedRequests, RenderWay
from connectors.doors.open311.shown_request import RequestWords
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.service_requests import RequestFilter, request_heads, request_rows
from connectors.ledger.write.store import Store, TextRecord
from schemas.codec import encode
from schemas.event import EventType
from schemas.names import Language, Name
from schemas.order import Written
from tests.worlds.builders import START, LogBuilder, ledger_of, logged

WORDS: Final = RequestWords(Language.EN, ZoneInfo("Asia/Shanghai"))
AUDIENCES: Final = (Audience(lists=True), Audience("app", lists=True, exact=True), Audience("city", True, True, True))


class Street:
    """A ledger with three cases, one of them filed by the program `app`, and somebody who writes it."""

    def __init__(self, folder: Path) -> None:
        self.log = LogBuilder(1)
        self.numbers = [self.log.open("demo-G001", START + n, kind="problem", place=PLACE) for n in range(2)]
        self.numbers.append(self.log.open("demo-G001", START + 9, kind="problem", report=f"{OWN}app-1", place=PLACE))
        self.ledger = ledger_of(self.log, folder / "ledger.sqlite")
        self._written, self.kept = len(self.log.records), RenderedRequests()
        self.store = Store((folder / "ledger.sqlite").resolve())

    def happens(self, number: str, state: str) -> None:
        self.log.add(EventType.CORRECTED, number, t_ms=START + 100 + len(self.log.records), now={"state": state})
        self.store.take_events(logged(self.log.records[self._written :]), {})
        self._written = len(self.log.records)

    def says(self, number: str, text: str | None) -> None:
        words = Written(id=f"t-{number}", case=number, by="p-1", at_ms=START, text=text or "", role="report")
        self.store.take_texts([TextRecord(words.id, None if text is None else encode(words))], {0: 1})

    def shows(self, words: RequestWords = WORDS) -> list[list[bytes]]:
        """To each audience; the same as without anything kept."""
        shown = [self._shown(self.kept, each, words) for each in AUDIENCES]
        assert shown == [self._shown(RenderedRequests(), each, words) for each in AUDIENCES]
        return shown

    def _shown(self, kept: RenderedRequests, audience: Audience, words: RequestWords) -> list[bytes]:
        heads = request_heads(self.ledger, RequestFilter())
        return kept.render(self.ledger, heads, RenderWay(self.ledger.epoch(), audience, words, "json"))


PLACE: Final = {"grid": "G001", "segment": "S-1", "road": "云帆路", "label": "云帆路5号", "lon": 118.0, "lat": 24.0}


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    made = Street(tmp_path)
    yield made
    made.store.close()
    made.ledger.close()


def test_only_what_changed_is_read_again(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[list[str]]()

    def noted(ledger: Ledger, numbers: list[str]) -> object:
        read.append(numbers)
        return request_rows(ledger, numbers)

    before = street.shows()[1]
    street.happens(street.numbers[0], "closed")
    monkeypatch.setattr(module, "request_rows", noted)
    after = street._shown(street.kept, AUDIENCES[1], WORDS)
    assert read == [[street.numbers[0]]]
    assert after[:2] == before[:2]
    assert b'"status":"closed"' in after[2]


def test_words_that_come_after_their_case_and_are_erased_before_it_changes(street: Street) -> None:
    """They have a topic of their own, so no event tells of them."""
    own = street.numbers[2]
    assert all(b"description" not in row for rows in street.shows() for row in rows)
    for number in street.numbers:
        street.says(number, f"words of {number}")
    told = [[b"description" in row for row in rows] for rows in street.shows()]
    assert told == [[False] * 3, [True, False, False], [True] * 3]
    street.says(own, None)
    assert [[b"description" in row for row in rows] for rows in street.shows()][1:] == [
        [False] * 3,
        [False, True, True],
    ]


def test_other_names_and_few_places_for_fragments(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new rulebook is a new edition; what was kept before makes room."""
    monkeypatch.setattr(module, "MOST_KEPT", 1)
    monkeypatch.setattr(module, "MOST_WAYS", 2)
    street.shows()
    named = RequestWords(Language.EN, ZoneInfo("UTC"), categories={"greasy": Name(zh="新", en="New name")}, edition=1)
    assert all(b"New name" in row for rows in street.shows(named) for row in rows)
    street.happens(street.numbers[1], "closed")
    assert all(b"New name" not in row for rows in street.shows() for row in rows)
