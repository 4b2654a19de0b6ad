"""What all parts of one chat door share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from connectors.chat.conversation.turn import Say
from connectors.chat.messages import Outgoing
from connectors.chat.platform import Platform
from connectors.chat.runtime.needs import ENGINE, Insight, TurnEngine
from connectors.chat.runtime.rendering import MAP, rendered
from connectors.chat.runtime.storage.burden import Occasion
from connectors.chat.runtime.storage.store import ChatStore
from connectors.intake.context import Gateway
from schemas.days import day_of
from schemas.names import Language
from schemas.quiet import is_within


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
    def zone(self) -> ZoneInfo:
        """The region's."""
        return ZoneInfo(self.gateway.region.zone)

    def occasion(self, t_ms: int) -> Occasion:
        """How what is sent at a moment is counted."""
        region, directory = self.gateway.region, self.gateway.directory
        night = is_within(region.night, t_ms, self.zone)
        return Occasion(day_of(t_ms, self.zone), night, lambda person: directory.person(person) is not None)

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
