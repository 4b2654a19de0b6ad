"""Removes what this door stored of accounts: their conversations as the page shows them, and the files in them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from connectors.doors.browser.platform import FILE, FILES
from connectors.doors.browser.posted import file_of
from connectors.doors.browser.transcript import Transcript


async def forget_pages(folder: Path, senders: Sequence[str]) -> None:
    """`folder` is the door's own. Raises `OutboxUnwritableError` for a file that cannot be used."""
    if not senders or not (folder / FILE).exists():
        return
    transcript = Transcript(folder / FILE)
    try:
        for sender in senders:
            for id in await transcript.forget(sender):
                await asyncio.to_thread(file_of(folder / FILES, f"{sender}/{id}").unlink, missing_ok=True)
        await transcript.scrub()
    finally:
        await transcript.close()
