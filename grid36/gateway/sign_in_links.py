"""Links that sign somebody in once, made by commands."""

from connectors.accounts.rows import AccountRows
from connectors.accounts.session import ADMINISTRATOR
from connectors.accounts.store import with_accounts
from connectors.clock import now_ms
from grid36.machine.home import Home
from grid36.machine.page_address import page_address
from grid36.settings import Settings

DAY_MS = 86_400_000


def sign_in_link(settings: Settings, person: str, last_ms: int = DAY_MS) -> str:
    """A link that signs a person in once, within `last_ms`; "" where there are no pages.

    Raises `AccountsUnwritableError`.
    """
    address, now = page_address(settings), now_ms()
    if not address:
        return ""
    token = with_accounts(Home(settings.home).accounts, lambda rows: rows.new_link(person, now, now + last_ms))
    return f"{address}/sign-in/{token}"


def first_link(settings: Settings) -> str:
    """The administrator's link of a system in which nobody ever signed in; "" of any other."""
    if settings.demo or not with_accounts(Home(settings.home).accounts, AccountRows.is_unused):
        return ""
    return sign_in_link(settings, ADMINISTRATOR)
