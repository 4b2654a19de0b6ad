"""Forgets accounts, and erased texts, in all that any door stored of them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from connectors.chat.runtime.forgetting import forget_chats, unsubmitted_recordings
from connectors.chat.runtime.storage.erasing import Erasure, Keys, Words
from connectors.contacts.contact import Contact
from connectors.intake.recordings.store import RecordingStore
from grid36.machine.home import Home

BROWSER = "browser"


async def forget_accounts(doors: Path, accounts: Sequence[Contact]) -> None:
    """As `forget_chats`, what the browser door shows on its pages, and voice messages that were not submitted.

    Files go first: killed in between, it is done again.
    """
    from connectors.doors.browser.forgetting import forget_pages

    recordings = RecordingStore(Home(doors.parent).recordings)
    for digest in await unsubmitted_recordings(doors, accounts):
        await asyncio.to_thread(recordings.drop, digest)
    await forget_chats(doors, accounts)
    await forget_pages(doors / BROWSER, [each.sender for each in accounts if each.door == BROWSER])


async def erase_files(door: str, folder: Path, keys: Keys, erasure: Erasure, words: Words) -> None:
    """What a door stores besides its chat file: an `OtherFiles`."""
    if door == BROWSER:
        from connectors.doors.browser.erasing import erase_pages

        await erase_pages(door, folder, keys, erasure, words)
