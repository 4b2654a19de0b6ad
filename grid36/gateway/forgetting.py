"""Forgets accounts in all that any door stored of them."""

from collections.abc import Sequence
from pathlib import Path

from connectors.chat.runtime.forgetting import forget_chats
from connectors.contacts.contact import Contact

BROWSER = "browser"


async def forget_accounts(doors: Path, accounts: Sequence[Contact]) -> None:
    """As `forget_chats`, and what the browser door shows on its pages."""
    from connectors.doors.browser.forgetting import forget_pages

    await forget_chats(doors, accounts)
    await forget_pages(doors / BROWSER, [each.sender for each in accounts if each.door == BROWSER])
