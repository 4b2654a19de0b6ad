"""People of the small town with an account each, and what their door asks."""

from connectors.chat.messages import Content, Incoming
from connectors.contacts.contact import Contact
from connectors.replies.reply import Recipient, Reply
from schemas.event import Event, EventType
from schemas.names import Language
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from tests.worlds.small_town import Town

DOOR = "chat"


async def stranger(town: Town, sender: str = "77", language: Language | None = None) -> Contact:
    """Somebody whom the region does not know."""
    return await town.gateway.contacts.heard(DOOR, sender, t_ms=town.clock(), chat=sender, language=language)


async def bound(town: Town, person: str, sender: str | None = None) -> Contact:
    """The account of a person of the region."""
    book, sender = town.gateway.contacts, sender or person
    await book.heard(DOOR, sender, t_ms=town.clock(), chat=sender)
    invitation = await book.invite(person=person, now_ms=town.clock())
    return (await book.bind(DOOR, sender, invitation.token, town.clock())).contact


def says(content: Content, town: Town, sender: str = "77") -> Incoming:
    """Something done in a chat."""
    return Incoming(id="m1", sender=sender, chat=sender, t_ms=town.clock(), content=content)


def report_by(town: Town, pseudonym: str, name: str, text: str = "路面油污", address: str = "湖滨南路12号") -> str:
    """A report under a pseudonym; its case."""
    town.clock.wait(3)
    who = Reporter(id=pseudonym, kind=Role.RESIDENT)
    place = PlaceGiven(address=address)
    return town.report(
        Report(id=f"r-{name}", text=text, place=place, reporter=who, door=DOOR, received_ms=town.clock())
    )


def events(town: Town, number: str) -> list[Event]:
    """What happened to a case, as the ledger has it."""
    return town.gateway.ledger.timeline(number)


def reply(event: Event, person: str = "somebody") -> Reply:
    """The event as its recipient's door is given it."""
    assert event.case is not None
    return Reply(f"0-{event.n}", Recipient(DOOR, person, "reporter", "", Language.ZH), event.case, event)


def event_of(town: Town, number: str, kind: EventType) -> Event:
    """The last event of this kind."""
    return next(event for event in reversed(events(town, number)) if event.type is kind)
