"""Values of the contact book: a contact, and what became of an invitation."""

from dataclasses import dataclass

from schemas.models import ChoiceEnum
from schemas.names import Language


@dataclass(frozen=True, slots=True)
class Contact:
    """One account of one platform, and the person behind it."""

    door: str
    """The door's name in the registry."""
    sender: str
    """The platform's id of the account. It never leaves the gateway."""
    person: str
    """Id of the person in the region, else the pseudonym."""
    pseudonym: str
    """`p-` and 16 hexadecimal digits, drawn at first sight; reports from before the binding are under it."""
    earlier: tuple[str, ...] = ()
    """All pseudonyms of the person besides `person`, of this and of other accounts."""
    chat: str = ""
    """Where to write to them alone; empty while they were heard in groups only."""
    language: Language | None = None
    """What they chose, else what the platform says."""
    team: str = ""
    """Code of the team that they joined by its invitation."""
    heard_ms: int = 0
    """When they were last heard, to the minute."""
    reachable: bool = False
    """Whether a message to `chat` may arrive."""

    @property
    def bound(self) -> bool:
        """Whether it is an account of a person of the region."""
        return self.person != self.pseudonym


class Binding(ChoiceEnum):
    """What became of an invitation."""

    BOUND = "bound"
    """The account is this person's, from now on or since the same invitation was used before."""
    JOINED = "joined"
    """The account belongs to the team."""
    UNKNOWN = "unknown"
    """There is no such invitation, or it was withdrawn."""
    EXPIRED = "expired"
    """It was not used in time."""
    USED = "used"
    """Somebody else used it; it was for one account."""
    OTHER_PERSON = "other_person"
    """The account is somebody else's already."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What became of an invitation, and the contact after it."""

    binding: Binding
    contact: Contact


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation: for one account of a person of the region, or for any number of members of a team."""

    token: str
    person: str = ""
    team: str = ""
    expires_ms: int | None = None
    """When it ends; None: never."""
