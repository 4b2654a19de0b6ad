"""Who visits: signed in, by a personal link, by the chat in the same browser, or as nobody known."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from aiohttp import web

from connectors.accounts.session import ADMINISTRATOR, Session
from connectors.doors.browser.account import new_token, sender_of, token_of
from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import GATEWAY
from connectors.intake.context import Gateway
from schemas.people import Person, Role, Team

SESSION: Final = "session"
"""Cookie with the token of a session."""
LINK: Final = "link"
"""Cookie with the token of a personal link."""
TEAM: Final = "team"
"""Cookie with the invitation of a team."""
INVITE: Final = "invite"
"""Cookie with the invitation that came with a link, for the chat that may be opened from the form."""
MOST_INVITATION: Final = 60
CHAT: Final = "browser"
"""The door of the chat in the browser."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One reporter."""

    id: str
    """Id of a person of the region, else a pseudonym."""
    person: Person | None = None
    team: Team | None = None
    over: bool = False
    """Whether this browser has a personal link that expired or was revoked."""
    new_token: str = ""
    """What to put into the cookie of the chat, which this browser does not have yet."""

    @property
    def kind(self) -> Role | None:
        """Members of a team are volunteers; of a person the region knows it."""
        return Role.VOLUNTEER if self.team is not None and self.person is None else None


async def visitor_of(request: web.Request) -> Visitor:
    """Who sent this request. Raises `ContactsUnwritableError` where the contacts cannot be read."""
    gateway = request.app[GATEWAY]
    if (person := await known(request)) is not None:
        return Visitor(person.id, person)
    token = token_of(request)
    fresh = "" if token else new_token()
    contact = await gateway.contacts.find(CHAT, sender_of(token)) if token else None
    person = gateway.directory.person(contact.person) if contact is not None else None
    code = contact.team if contact is not None else ""
    if not code and (invite := request.cookies.get(TEAM, "")):
        invitation = await gateway.contacts.invitation(invite, gateway.clock())
        code = invitation.team if invitation is not None else ""
    team = next((each for each in gateway.region.teams if each.code == code), None) if code else None
    id = person.id if person is not None else _pseudonym(token or fresh)
    return Visitor(id, person, team, over=LINK in request.cookies, new_token=fresh)


async def known(request: web.Request) -> Person | None:
    """The person who is signed in in this browser, or whose personal link it has."""
    gateway = request.app[GATEWAY]
    if (session := await session_of(request)) is not None and session.person != ADMINISTRATOR:
        return gateway.directory.person(session.person)
    link = request.cookies.get(LINK, "")
    return await linked(gateway, link) if link else None


async def session_of(request: web.Request) -> Session | None:
    """The open session of this browser."""
    gateway, token = request.app[GATEWAY], request.cookies.get(SESSION, "")
    return await gateway.accounts.session(token, gateway.clock()) if token else None


async def linked(gateway: Gateway, token: str) -> Person | None:
    """The person of a personal link that is open."""
    link = await gateway.contacts.linked(token, gateway.clock())
    return None if link is None else gateway.directory.person(link.person)


async def admitted(request: web.Request) -> Caller:
    """For whom a request comes, by its cookies; a session counts before a link, a link before the chat."""
    if (session := await session_of(request)) is not None:
        return Caller(Credential.SESSION, session.person)
    if (person := await known(request)) is not None:
        return Caller(Credential.PERSONAL_LINK, person.id)
    visitor = await visitor_of(request)
    return Caller() if visitor.new_token else Caller(Credential.BROWSER, visitor.id)


def _pseudonym(token: str) -> str:
    """A name that does not give away the token of the browser."""
    return f"web-{sha256(b'form ' + token.encode()).hexdigest()[:16]}"
