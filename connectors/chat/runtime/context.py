"""What all parts of one chat door share."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from connectors.chat.conversation.quiet_hours import QuietHours
from connectors.chat.conversation.turn import Say
from connectors.chat.messages import Outgoing
from connectors.chat.platform import Platform
from connectors.chat.runtime.needs import ENGINE, Insight, TurnEngine
from connectors.chat.runtime.rendering import MAP, rendered
from connectors.chat.runtime.storage.store import ChatStore
from connectors.intake.context import Gateway
from schemas.names import Language


class ChatSettings(BaseModel):
    """Settings of every chat door, beside those of its platform: `GRID36_DOOR_NAME_KEEP_DAYS` and so on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    keep_days: float = 14.0
    """How long ids of messages are remembered, and what cannot be sent is held: longer than any platform brings a
    message again."""
    map_link: str = MAP
    """A page that shows {lon} and {lat} in WGS-84 degrees, for platforms that send no pins; {label} is the place."""
    fetch_patience_s: float = 600.0
    """How long a file is tried for that its platform does not give yet."""
    quiet_from: int = Field(default=22, ge=0, le=23)
    """Hour of the region's day from which news waits for the morning; what needs somebody never waits."""
    quiet_until: int = Field(default=7, ge=0, le=23)
    daily_messages: int = Field(default=20, ge=0)
    """How many messages somebody gets on one day before news is gathered into one."""
    gather_h: int = Field(default=4, ge=1)
    """For how many hours it is gathered then."""
    invite: str = ""
    """A link that opens the chat with an invitation; `grid36 person invite` puts the token where TOKEN is."""


@dataclass(slots=True)
class ChatContext:
    """One open chat door."""

    name: str
    gateway: Gateway
    platform: Platform
    insight: Insight
    store: ChatStore
    settings: ChatSettings = field(default_factory=ChatSettings)
    engine: TurnEngine = ENGINE

    @property
    def quiet(self) -> QuietHours:
        """When news waits."""
        set_to = self.settings
        return QuietHours(set_to.quiet_from, set_to.quiet_until, set_to.daily_messages, set_to.gather_h)

    def messages(
        self, said: Sequence[Say], source: str, chat: str, language: Language, *, answers: str = ""
    ) -> list[Outgoing]:
        """What is said, as messages for this platform; `source` is what they answer, and the same each time."""
        made: list[Outgoing] = []
        for n, each in enumerate(said):
            made += rendered(
                each, f"{source[:24]}-{n}", chat, language, self.platform.features,
                answers="" if n else answers, map_link=self.settings.map_link, base=self.gateway.public_url,
            )  # fmt: skip
        return made
