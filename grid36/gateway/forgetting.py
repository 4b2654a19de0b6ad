"""Forgets accounts, and erased texts, in all that any door stored of them."""

from collections.abc import Sequence
from pathlib import Path

from connectors.chat.runtime.forgetting import forget_chats
from connectors.chat.runtime.storage.erasing import Erasure, Keys, Words
from connectors.contacts.contact import Contact

BROWSER = "browser"


async def forget_accounts(doors: Path, accounts: Sequence[Contact]) -> None:
    """As `forget_chats`, and what the browser door shows on its pages."""
    from connectors.doors.browser.forgetting import forget_pages

    await forget_chats(doors, accounts)
    await forget_pages(doors / BROWSER, [each.sender for each in accounts if each.door == BROWSER])


async def erase_files(door: str, folder: Path, keys: Keys, erasure: Erasure, words: Words) -> None:
    """What a door stores besides its chat file: an `OtherFiles`."""
    if door == BROWSER:
        from connectors.doors.browser.erasing import erase_pages

        await erase_pages(door, folder, keys, erasure, words)
