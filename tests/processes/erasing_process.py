"""Erases at the doors once, and is killed at a step: `python -m tests.processes.erasing_process HOME STEP`."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Final

from connectors.accounts.store import Accounts
from connectors.chat.runtime.erasing import ChatErasing
from connectors.chat.runtime.storage.erasing import Erasure, Keys, Words
from connectors.contacts.book import ContactBook
from connectors.doors.browser.transcript import Transcript
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.store import Outbox
from connectors.photos.store import PhotoStore
from grid36.gateway.forgetting import erase_files
from tests.worlds.doors import region, rulebook, system

STEPS: Final = ("before", "files", "pages", "rows")


def killed() -> None:
    """As by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


async def erase(home: Path, step: str) -> int:
    """One pass over the doors of a home; how many rows changed."""
    if step == "files":
        Transcript.replace = lambda *_: killed()  # type: ignore[method-assign, assignment]

    async def pages(door: str, folder: Path, keys: Keys, erasure: Erasure, words: Words) -> None:
        if step == "before":
            killed()
        await erase_files(door, folder, keys, erasure, words)
        if step == "pages":
            killed()

    outbox, contacts, photos = Outbox(home / "outbox.sqlite"), ContactBook(home / "contacts.sqlite"), PhotoStore(home)
    accounts = Accounts(home / "accounts.sqlite")
    gateway = Gateway(
        outbox=outbox, ledger=Ledger(home / "ledger.sqlite"), photos=photos,
        recordings=RecordingStore(home / "recordings"), contacts=contacts,
        accounts=accounts, region=region(),
        rulebook=rulebook(), system=system(),
    )  # fmt: skip
    changed = await ChatErasing(gateway, home / "doors", pages).look()
    if step == "rows":
        killed()
    await outbox.close()
    await contacts.close()
    await accounts.close()
    gateway.threads.shutdown()
    return changed


if __name__ == "__main__":
    asyncio.run(erase(Path(sys.argv[1]), sys.argv[2]))
