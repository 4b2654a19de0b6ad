"""Settings of the door: `GRID36_DOOR_WECOM_ROBOT_BOT` is `bot`, and so on.

Limits are those of the vendor's page 101463.
"""

import ssl
from typing import Annotated

from pydantic import ConfigDict, Field, FilePath, StringConstraints

from connectors.chat.option_types import Address, Bytes, Count, Rate, Seconds, Secret
from connectors.chat.platform import Features
from connectors.chat.weixin.options import CardOptions

SocketAddress = Annotated[str, StringConstraints(pattern=r"^wss?://[^\s/?#]+(/[^\s?#]*)?$", max_length=500)]


class RobotOptions(CardOptions):
    """`bot` and `secret` have to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bot: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
    """The Bot ID."""
    secret: Secret
    """That of the long connection."""
    url: SocketAddress = "wss://openws.work.weixin.qq.com"
    """Where the long connection is."""
    proxy: Address | None = None
    """An HTTP proxy on the way there."""
    ca: FilePath | None = None
    """Certificates to trust, of a private deployment; without it, those of the system."""

    heartbeat_s: Seconds = 30.0
    missed: Count = 2
    """So many heartbeats in a row without an answer end a connection."""
    answer_s: Seconds = 5.0
    """How long an answer to a frame may take."""
    patience_s: Seconds = 60.0
    """How long to wait where the platform asks for patience and does not say how much."""
    pause_s: Seconds = 30.0
    """The longest pause between two connections."""
    reply_s: Seconds = 300.0
    """How long a message can be answered by its own frame; later it is a push."""
    welcome_s: Seconds = 4.0
    """The same of the frame that says that somebody opened the chat; theirs is 5 s."""

    frame_bytes: Bytes = 1_000_000
    """The largest frame that is accepted."""
    chunk_bytes: Bytes = 512 * 1024
    """How much of a photo one frame carries."""
    download_bytes: Bytes = 20 * 1024 * 1024
    """The largest file that is fetched."""
    text_bytes: Annotated[int, Field(ge=200, le=100_000)] = 20_480
    per_second: Rate = 20.0

    @property
    def features(self) -> Features:
        """What the conversation may use. A robot is never sent a position."""
        return Features(
            buttons=self.buttons,
            photos=True,
            pins=False,
            characters=self.text_bytes // 4,
            positions=False,
            per_second=self.per_second,
            per_chat_per_minute=self.per_minute,
        )

    def trusted(self) -> ssl.SSLContext:
        """Whom to believe. Reads certificates from disk."""
        return ssl.create_default_context(cafile=self.ca)
