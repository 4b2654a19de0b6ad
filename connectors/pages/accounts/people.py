"""Who of the region may sign in and how, and who is signed in: what the administrator's page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connectors.accounts.local_rows import LocalAccount
from connectors.accounts.session import ADMINISTRATOR, Session
from connectors.contacts.contact import Contact
from connectors.contacts.links import PersonalLink
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import name_of
from schemas.models import ChoiceEnum
from schemas.people import Person

SHOWN: Final = 25
"""People of one page."""
MOST_SEARCHED: Final = 100


class Which(ChoiceEnum):
    """Whom the list shows."""

    ALL = "all"
    SIGNED_IN = "signed_in"
    """With an open session."""
    MAY = "may"
    """With a password, a personal link or a chat."""


@dataclass(frozen=True, slots=True)
class WaysIn:
    """One person, and their ways in."""

    id: str
    name: str
    person: Person | None
    """None for the administrator."""
    account: LocalAccount | None
    sessions: tuple[Session, ...]
    links: int
    """Open personal links."""
    chats: tuple[str, ...]
    """Doors by which they chat."""

    @property
    def may(self) -> bool:
        """Whether they can come in without being handed a new link."""
        return bool(self.account or self.sessions or self.links or self.chats)


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """The filter in the page's address."""

    text: str = ""
    which: Which = Which.ALL
    skip: int = 0

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "PeopleFilter":
        """Unknown values are ignored."""
        which, skip = given.get("which", ""), given.get("skip", "")
        return cls(
            given.get("q", "").strip()[:MOST_SEARCHED],
            Which(which) if which in [*Which] else Which.ALL,
            int(skip) if skip.isascii() and skip.isdecimal() and len(skip) < 7 else 0,
        )

    def finds(self, known: WaysIn) -> bool:
        """Whether somebody is among those who are looked for."""
        login = known.account.login if known.account is not None else ""
        if self.text.casefold() not in f"{known.id}\n{known.name}\n{login}".casefold():
            return False
        return {Which.ALL: True, Which.SIGNED_IN: bool(known.sessions), Which.MAY: known.may}[self.which]


async def everybody(viewer: Viewer) -> list[WaysIn]:
    """The administrator, then all people of the region as it lists them."""
    accounts, now = viewer.gateway.accounts, viewer.now_ms
    sessions, local = await accounts.look(lambda rows: (rows.sessions(now, accounts.limits), rows.local.all()))
    contacts, links = await viewer.gateway.contacts.ask(lambda file: (file.everybody(), file.links(now)))
    return _joined(viewer, sessions, local, contacts, links)


def _joined(
    viewer: Viewer,
    sessions: list[Session],
    local: list[LocalAccount],
    contacts: list[Contact],
    links: list[PersonalLink],
) -> list[WaysIn]:
    opened: dict[str, list[Session]] = {}
    for session in sessions:
        opened.setdefault(session.person, []).append(session)
    counted: dict[str, int] = {}
    for link in links:
        counted[link.person] = counted.get(link.person, 0) + 1
    chats: dict[str, set[str]] = {}
    for contact in contacts:
        chats.setdefault(contact.person, set()).add(contact.door)
    named = {each.person: each for each in local}

    def known(id: str, name: str, person: Person | None) -> WaysIn:
        return WaysIn(
            id, name, person, named.get(id), tuple(opened.get(id, ())), counted.get(id, 0),
            tuple(sorted(chats.get(id, ()))),
        )  # fmt: skip

    people = [known(each.id, each.name.to(viewer.language), each) for each in viewer.gateway.region.persons]
    return [known(ADMINISTRATOR, name_of(viewer, ADMINISTRATOR), None), *people]
