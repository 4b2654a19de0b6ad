"""What goes into the conversation and what comes out of it. Values only: nothing is sent or stored here."""

from dataclasses import dataclass
from typing import Literal

from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Button, Incoming, Pin, SayKind
from connectors.intake.submission import Submission
from schemas.case import Case
from schemas.names import Language, Name
from schemas.people import Role
from schemas.report import Recording
from schemas.trust import TrustLevel, kind_of, trust_of


@dataclass(frozen=True, slots=True)
class Job:
    """A case that waits for something from somebody."""

    case: Case
    title: str
    """What and where in few words, in the person's language."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known when something arrives. Lists are complete as far as the ledger has read the log."""

    person: str
    """The pseudonym, or the id in the region."""
    language: Language
    now_ms: int
    earlier: tuple[str, ...] = ()
    """Pseudonyms under which the person reported before the region's id was known."""
    roles: frozenset[Role] = frozenset()
    """Empty for somebody whom the region does not name: they report."""
    jobs: tuple[Job, ...] = ()
    """Open cases that the person handles, the nearest to what was just sent first, else the most urgent first."""
    verifying: tuple[Job, ...] = ()
    """Cases that wait for the person's word: fixed or not."""
    reports: tuple[Job, ...] = ()
    """What the person reported, newest first, the open ones before the closed ones."""
    quoted_case: str = ""
    """The case of the message that is answered or whose button was pressed."""
    team: str = ""
    """The team that the person belongs to."""
    names: tuple[tuple[str, Name], ...] = ()
    """People whom work may be handed to or who may stand in: id and name."""
    categories: tuple[tuple[str, Name], ...] = ()
    """What can be wrong, the most frequent first: id and name."""
    whistles: tuple[tuple[str, Name], ...] = ()
    """The items of the whistle list, for somebody who may call departments: id and name."""
    positions: bool = True
    """Whether the person can send a position here."""
    form: str = ""
    """Address of the page on which a place can be given by position or map, for those who cannot send one here."""
    page: str = ""
    """Address of the page for this person; empty where pages cannot be reached from outside."""
    listed: bool = False
    """Whether the region names the person: they can sign in."""
    link_minutes: int = 0
    """How long a link lasts that signs in; 0 where there are no pages."""
    alone: bool = True
    """Whether nobody else reads along."""
    trust: TrustLevel | None = None
    """How far the person's reports are trusted; None: as one with these roles is by default."""

    @property
    def trusted(self) -> TrustLevel:
        """How far the person's reports are trusted."""
        return self.trust or trust_of({}, kind_of(self.roles))

    @property
    def called(self) -> tuple[str, ...]:
        """All ids that mean the person, the present one first."""
        return (self.person, *self.earlier)


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the person; the runtime gives it an id and a chat."""

    text: str
    buttons: tuple[Button, ...] = ()
    photos: tuple[str, ...] = ()
    pin: Pin | None = None
    link: str = ""
    case: str = ""
    recordings: tuple[Recording, ...] = ()
    kind: SayKind = SayKind.ANSWER
    signs_in: bool = False
    """Whether the runtime adds a link that signs the reader in once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from one input: the new state, what is submitted (in order), and what is said.

    `say` goes out only when all of `submit` was accepted; of what is refused the person is told by `refused`.
    """

    state: Conversation
    submit: tuple[Submission, ...] = ()
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """An input: a message, with its photo fetched already where it has one."""

    incoming: Incoming
    submission_id: str
    """Under which id a submission that follows from it is sent: the same when the turn is taken again. Letters, digits
    and `-`, at most 80; a second one gets a suffix."""
    invitation: Literal["", "bound", "team", "unknown"] = ""
    """What became of the invitation that it carried (`engine.invitation_in`): the knowledge is that of afterwards."""
