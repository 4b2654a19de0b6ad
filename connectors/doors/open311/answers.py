"""Answers of the ledger as bytes, kept as long as nothing happens in the ledger."""

import asyncio
import math
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from connectors.doors.open311.asking import Asked
from connectors.doors.open311.audience import OWN, Audience
from connectors.doors.open311.documents import joined
from connectors.doors.open311.rendered import RenderedRequests, RenderWay
from connectors.doors.open311.services import current_codes
from connectors.doors.open311.shown_request import RequestWords
from connectors.intake.context import Gateway
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.service_requests import RequestFilter, RequestHead, request_head, request_heads
from schemas.names import Language
from schemas.report import FROM_NEIGHBOUR

POSITION: Final = (
    "SELECT (SELECT value FROM meta WHERE key = 'epoch'), (SELECT max(seq) FROM timeline),"
    " (SELECT sum(next_offset) FROM positions)"
)
MOST_KEPT: Final = 200
MOST_ENDS: Final = 10_000
MOST_BYTES: Final = 200_000
"""A larger answer is not kept."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The bytes of an answer."""

    body: bytes
    before: str = ""
    """The parameter of the next page, if there is one."""
    tag: str = field(init=False)
    """The same for the same bytes."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", blake2b(self.body, digest_size=16).hexdigest())


Ends = dict[tuple[RequestFilter, int], tuple[int, str]]
"""Where pages begin: by a filter without its offset, and the offset, the last case of the page before."""


class KeptAnswers:
    """Answers at one position of the ledger, by what was asked; used from several threads."""

    def __init__(self) -> None:
        self._kept: tuple[object, dict[Hashable, KeptAnswer], Ends] = None, {}, {}
        self._version: tuple[object, object] = None, None

    def at_version(self, version: object, key: Hashable) -> KeptAnswer | None:
        """What is kept, if the file of the ledger is as it was when its position was read last; without reading it."""
        position, kept, _ = self._kept
        return kept.get(key) if self._version == (version, position) else None

    def get(
        self, at: object, key: Hashable, make: Callable[[Ends], KeptAnswer], version: object = None
    ) -> KeptAnswer:  # fmt: skip
        """What `make` gives, made once at each position; `version` of the file was read before the position."""
        position, kept, ends = self._kept
        if position != at:
            kept, ends = {}, {}
            self._kept = at, kept, ends
        self._version = version, at
        if (found := kept.get(key)) is not None:
            return found
        made = make(ends)
        if len(kept) < MOST_KEPT and len(made.body) <= MOST_BYTES:
            kept[key] = made
        return made


class LedgerVersion:
    """The version of the ledger, looked at once in `fresh_s` seconds for all who ask meanwhile, on one event loop."""

    def __init__(self, gateway: Gateway, fresh_s: float) -> None:
        self._gateway, self._fresh_s = gateway, fresh_s
        self._version: object = None
        self._looked_s = -math.inf
        self._looking: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "ledger-version")  # one: versions of several threads say nothing

    async def now(self) -> object:
        """None while there is no ledger. Who asks during a look that began long before waits for the next one."""
        enough_s = time.monotonic() - self._fresh_s
        while self._looked_s < enough_s:
            if self._looking is None:
                self._looking = asyncio.create_task(self._look())
            await asyncio.shield(self._looking)  # one who goes away takes it from nobody else
        return self._version

    async def _look(self) -> None:
        begun_s = time.monotonic()
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._gateway.ledger.version)
        except LedgerAway:
            found = None
        finally:
            self._looking = None
        self._version, self._looked_s = found, begun_s


class KeptWords:
    """What rows are shown with, put together once for each region and rulebook; used from several threads."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._edition = gateway, 0
        self._of: tuple[object, ...] = ()
        self._kept: dict[Language, RequestWords] = {}

    def of(self, language: Language) -> RequestWords:
        """At this moment."""
        gateway = self._gateway
        now = gateway.region, gateway.rulebook, gateway.past_names, gateway.address
        if len(self._of) != len(now) or any(one is not other for one, other in zip(self._of, now, strict=True)):
            self._of, self._kept, self._edition = now, {}, self._edition + 1
        if (found := self._kept.get(language)) is None:
            found = self._kept[language] = RequestWords(
                language, ZoneInfo(gateway.region.zone), current_codes(gateway.rulebook), gateway.category_names,
                gateway.department_names, {grid.id: grid.name for grid in gateway.region.grids}, gateway.address,
                self._edition,
            )  # fmt: skip
        return found


class LedgerPosition(NamedTuple):
    """Where the ledger is: two equal ones, and no answer has changed."""

    epoch: str
    last_seq: int
    taken: int


def position_of(ledger: Ledger) -> LedgerPosition:
    """Read it before the rows."""
    ((epoch, last_seq, taken),) = ledger.rows(POSITION)
    return LedgerPosition(str(epoch), int(last_seq or 0), int(taken or 0))


@dataclass(frozen=True, slots=True)
class RequestAnswers:
    """Answers with requests, for one who asks."""

    rendered: RenderedRequests
    audience: Audience
    words: RequestWords
    ending: str

    def listed(self, ledger: Ledger, epoch: str, asked: Asked, ends: Ends) -> KeptAnswer:
        """A list; `ends` of pages before make later ones cheap. Raises `TooManyEventsError`."""
        if asked.ids:
            found = (by_id(ledger, id, self.audience) for id in asked.ids)
            return KeptAnswer(self._document(ledger, epoch, [each for each in found if each], asked))
        whole, offset = replace(asked.filter, offset=0), asked.filter.offset
        start = ends.get((whole, offset)) if offset else None  # else it counts from the first one
        heads = request_heads(ledger, asked.filter if start is None else replace(whole, before=start))
        last = heads[-1] if len(heads) == whole.limit else None
        if last is not None and len(ends) < MOST_ENDS:
            ends[whole, offset + whole.limit] = last.submitted_ms, last.number
        more = f"{last.submitted_ms},{last.number}" if last is not None else ""
        return KeptAnswer(self._document(ledger, epoch, heads, asked), more)

    def one(self, ledger: Ledger, id: str, asked: Asked) -> KeptAnswer | None:
        """One request; None where this audience sees none of this id."""
        head = by_id(ledger, id, self.audience)
        return None if head is None else KeptAnswer(self._document(ledger, ledger.epoch(), [head], asked))

    def _document(self, ledger: Ledger, epoch: str, heads: list[RequestHead], asked: Asked) -> bytes:
        way = RenderWay(epoch, self.audience, self.words, self.ending, asked.extensions)
        rows = self.rendered.render(ledger, heads, way)
        return joined("service_requests", rows, self.ending)


def by_id(ledger: Ledger, id: str, audience: Audience) -> RequestHead | None:
    """What this audience sees by an id: by one that was answered to a POST, or by a number where it sees lists."""
    if id.startswith(OWN):  # who knows it has sent it
        return request_head(ledger, report=id)
    if not audience.lists:
        return None
    return request_head(ledger, report=id) if id.startswith(FROM_NEIGHBOUR) else request_head(ledger, number=id)
