"""Erases from the files of all doors, open or closed, what belongs to texts that were erased.

Each door's file remembers up to where of the ledger that was done, so a kill at any moment only has it done again. What
was on its way while it was done is found by looking again, for some minutes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeVar

from connectors.chat.runtime.storage.erasing import ErasedUpto, Erasure, Keys, Words
from connectors.chat.runtime.storage.store import FILE, ChatStore
from connectors.intake.context import Gateway
from connectors.ledger.queries.erased import ErasedText, erased_after
from schemas.errors import Retry
from schemas.names import Language
from texts.catalogue import say

LOOK_S: Final = 2.0
AGAIN_S: Final = 30.0
"""How often a door is looked through again for what was on its way, and a file that could not be used is tried."""
ON_ITS_WAY_MS: Final = 300_000
"""For how long."""
MARGIN_MS: Final = 60_000
"""Messages about a case are erased up to this long after the erasure was seen."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class OtherFiles(Protocol):
    """Erases what a door stores besides, in files of its own."""

    async def __call__(self, door: str, folder: Path, keys: Keys, erasure: Erasure, words: Words) -> None:
        """To be done before the door's chat file is. Raises `Retry`."""


async def no_other_files(door: str, folder: Path, keys: Keys, erasure: Erasure, words: Words) -> None:
    """Doors have only their chat file."""


@dataclass(slots=True)
class _DoorErasing:
    """How far one door is."""

    epoch: str = ""
    seq: int = 0
    recent: list[ErasedText] = field(default_factory=list)
    again_ms: int = 0


class ChatErasing:
    """For all doors that have a folder under `doors`. Any number of gateways may do it beside each other."""

    def __init__(self, gateway: Gateway, doors: Path, others: OtherFiles = no_other_files) -> None:
        self._gateway, self._doors, self._others = gateway, doors, others
        self._at: dict[str, _DoorErasing] = {}
        self._outbox = ("", 0)

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        while True:
            try:
                await self.look()
            except Retry as fault:
                log.debug("nothing is erased at the doors: %s", fault)
            except Exception:
                log.exception("what was erased may still be at a door; retrying")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> int:
        """One pass; how many rows changed. A door whose file cannot be used is tried again. Raises `Retry`."""
        changed, read = 0, _Read(self._gateway)
        await read.begin()
        await self._scrub_outbox(read)
        for file in await _files(self._doors):
            name = file.parent.name
            try:
                changed += await self._door(name, file.parent, read)
            except Retry as fault:
                at, now_ms = self._at.setdefault(name, _DoorErasing()), self._gateway.clock()
                if now_ms >= at.again_ms:
                    at.again_ms = now_ms + int(AGAIN_S * 1000)
                    log.warning("erased words may still be at the door %s, and are erased later: %s", name, fault)
        return changed

    async def _scrub_outbox(self, read: "_Read") -> None:
        """What was erased was sent to Kafka, and left its words in the outbox's write-ahead log."""
        epoch, seq = self._outbox
        if await read.after(seq if epoch == read.epoch else 0):
            await self._gateway.outbox.scrub()
        self._outbox = (read.epoch, read.upto)

    async def _door(self, name: str, folder: Path, read: "_Read") -> int:
        at, now_ms, known = self._at.setdefault(name, _DoorErasing()), self._gateway.clock(), True
        if at.epoch != read.epoch:
            seq = await _with(folder, lambda store: store.erased_upto(read.epoch))
            known, at = seq is not None, _DoorErasing(read.epoch, seq or 0)
        fresh = await read.after(at.seq)
        if known and not fresh and (not at.recent or now_ms < at.again_ms):
            at.seq, self._at[name] = read.upto, at
            return 0
        # where it is not known what was erased here before, the time of the act counts
        every = [*at.recent, *(each.seen(now_ms) if known else each for each in fresh)]
        recent = [each for each in every if each.t_ms + ON_ITS_WAY_MS > now_ms]
        done = min((each.seq for each in recent), default=read.upto + 1) - 1
        position = ErasedUpto(read.epoch, done, read.upto)
        changed = await _with(folder, lambda store: self._erase(store, name, folder, _erasure(every), position))
        self._at[name] = _DoorErasing(read.epoch, read.upto, recent, now_ms + int(AGAIN_S * 1000))
        if changed:
            log.info("the door %s: %d messages with erased words were emptied", name, changed)
        return changed

    async def _erase(self, store: ChatStore, name: str, folder: Path, erasure: Erasure, position: ErasedUpto) -> int:
        keys = await store.keys_of(name, erasure)
        await self._others(name, folder, keys, erasure, erased_words)
        return await store.erase(keys, erasure, erased_words, position)


def erased_words(language: Language, number: str) -> str:
    """What is said instead of erased words; `number` is empty where no case is known."""
    return say(language, "delivery.erased_of", number=number) if number else say(language, "delivery.erased")


class _Read:
    """What was erased, read once for all doors of one pass."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.epoch, self.upto = "", 0
        self._found: dict[int, list[ErasedText]] = {}

    async def begin(self) -> None:
        """Up to where this pass reads. Raises `LedgerAway`."""
        self.epoch, self.upto = await self._gateway.ask_ledger(lambda ledger: (ledger.epoch(), ledger.last_seq()))

    async def after(self, seq: int) -> list[ErasedText]:
        """What was erased after `seq`. Raises `LedgerAway`."""
        if seq >= self.upto:
            return []
        if seq not in self._found:
            self._found[seq] = await self._gateway.ask_ledger(lambda ledger: erased_after(ledger, seq, self.upto))
        return self._found[seq]


async def _files(doors: Path) -> list[Path]:
    return await asyncio.to_thread(lambda: sorted(doors.glob(f"*/{FILE}")))


async def still_there(doors: Path, epoch: str, seq: int) -> dict[str, bool]:
    """Each door with a folder under `doors`: whether what was erased at `seq` may still be in its files."""
    found: dict[str, bool] = {}
    for file in await _files(doors):
        try:
            found[file.parent.name] = await _with(file.parent, lambda store: store.looked_upto(epoch)) < seq
        except Retry:
            found[file.parent.name] = True
    return found


async def _with(folder: Path, work: Callable[[ChatStore], Awaitable[T]]) -> T:
    store = ChatStore(folder)
    try:
        return await work(store)
    finally:
        await store.close()


def _erasure(every: Sequence[ErasedText]) -> Erasure:
    cases: dict[str, int] = {}
    for each in every:
        for number in each.cases:
            cases[number] = max(cases.get(number, 0), each.t_ms + MARGIN_MS)
    return Erasure(frozenset(submitted(text) for each in every for text in each.texts), cases)


def submitted(text: str) -> str:
    """Under which id a text was submitted: a case that moves takes it along under an id that begins with it."""
    return text.partition("/")[0]
