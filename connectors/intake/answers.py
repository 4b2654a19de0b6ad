"""The outcome of something accepted: an act, an absence, or a supplement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from connectors.intake.context import SCOPE, Gateway
from connectors.intake.submission import several_id
from connectors.ledger.queries.cases import Ledger
from schemas.event import Event, EventType

State = Literal["accepted", "done", "refused"]
NO: Final = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
SKEW_MS: Final = 3_600_000
"""How far the log's time may be behind the door's clock."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`accepted` means not decided yet. `events` are those it caused, oldest first, with their reasons."""

    state: State
    events: tuple[Event, ...] = ()

    @property
    def no(self) -> Event | None:
        """The event that refused it, if any."""
        return next((event for event in self.events if event.type in NO), None)


def answer_of(events: Sequence[Event]) -> Answer:
    """The answer given by these events. A merge that needs another home's consent is undecided until it answers."""
    kinds = {event.type for event in events}
    if kinds & NO:
        return Answer("refused", tuple(events))
    asked = EventType.MERGE_REQUESTED in kinds and EventType.MERGED not in kinds
    return Answer("done" if kinds and not asked else "accepted", tuple(events))


def caused_by(command: str, event: Event) -> bool:
    """True if the command caused the event, here or in another home."""
    return event.command == command or event.command.startswith(f"{command}/")


async def answers_to(gateway: Gateway, several: str) -> dict[str, Answer]:
    """The outcome for each of several cases, by its number; empty for an unknown id. Raises `Refused` (503)."""
    beginning = several_id(several, "")
    acts = {id.removeprefix(beginning): id for id in await gateway.outbox.named(SCOPE, beginning)}

    if not acts:
        return {}
    taken_ms = await gateway.outbox.taken_ms(SCOPE, next(iter(acts.values())))
    assert taken_ms is not None, "it is named"

    def look(ledger: Ledger) -> dict[str, Answer]:
        timelines = {number: ledger.timeline(number) for number in acts}
        if not all(timelines.values()):  # no case is called so: what was said of it is in no timeline
            said = ledger.caused(beginning, taken_ms - SKEW_MS)
            timelines = {number: timeline or said for number, timeline in timelines.items()}
        return {
            number: answer_of([event for event in timelines[number] if caused_by(id, event)])
            for number, id in acts.items()
        }

    return await gateway.ask(look)


async def answer_to(gateway: Gateway, command: str) -> Answer | None:
    """The outcome of a message that this gateway accepted; None for an unknown id. Raises `Refused` (503)."""
    taken_ms = await gateway.outbox.taken_ms(SCOPE, command)
    if taken_ms is None:
        return None
    found = await gateway.ask(lambda ledger: ledger.caused(command, taken_ms - SKEW_MS))
    return answer_of([event for event in found if caused_by(command, event)])
