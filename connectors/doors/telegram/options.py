"""Settings of the door: `GRID36_DOOR_TELEGRAM_TOKEN` is `token`, and so on.

Sizes and limits are those that https://core.telegram.org/bots/api and its FAQ name; they change, so all are settings.
"""

import hmac
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from connectors.chat.option_types import Address, Count
from connectors.chat.platform import Features
from schemas.mistake import mistake

Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]


def _fits_an_address(secret: SecretStr) -> SecretStr:
    if re.fullmatch(r"[A-Za-z0-9_:-]{1,256}", secret.get_secret_value()) is None:
        raise mistake("telegram.no_secret")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_fits_an_address)]
"""A secret that becomes a part of an address or a header: a blank or a slash in it is a slip of the hand."""


class TelegramOptions(BaseModel):
    """All settings of the door; only `token` has to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: Secret
    """What @BotFather gave."""
    url: Address = "https://api.telegram.org"
    """Where the Bot API is: Telegram's own, a local Bot API server, or a fake."""
    proxy: Address | None = None
    """An HTTP proxy on the way there."""
    webhook: Address | None = None
    """The public address of our HTTP door; without one the door polls."""
    secret: Secret | None = None
    """What Telegram has to show at the hook; without one it is derived from the token."""

    poll_s: Annotated[int, Field(ge=0, le=600)] = 50
    """How long one request waits for something new."""
    answer_s: Seconds = 20.0
    """How long an answer may take besides."""
    connections: Annotated[int, Field(ge=1, le=100)] = 40
    """How many calls of our hook Telegram may make at the same time; of one chat it makes one after the other, says the
    source of its server."""
    look_s: Seconds = 300.0
    """How often the door asks whether Telegram can deliver to its hook."""

    update_bytes: Annotated[int, Field(ge=1)] = 1_000_000
    """The largest update that the hook accepts. A text that answers another can take 100 kB, as every Chinese character
    is written with six; what is refused comes again for a day, and all of that chat waits behind it.
    """
    download_bytes: Annotated[int, Field(ge=1)] = 20 * 1024 * 1024
    """The largest file that a bot can fetch."""
    characters: Count = 4096
    caption: Count = 1024
    """The longest text below a photo."""
    album: Annotated[int, Field(ge=2, le=100)] = 10
    """The most photos of one album."""
    buttons: Count = 24
    per_second: Annotated[float, Field(gt=0, le=1000)] = 25.0
    per_chat_per_minute: Annotated[float, Field(gt=0, le=100_000)] = 20.0
    """What a group allows; a person could be sent more."""

    @property
    def features(self) -> Features:
        """What the conversation may use."""
        return Features(
            buttons=self.buttons,
            photos=True,
            pins=True,
            characters=self.characters,
            positions=True,
            per_second=self.per_second,
            per_chat_per_minute=self.per_chat_per_minute,
        )

    @property
    def hook_secret(self) -> str:
        """The same in every process with this token, so that a restart does not lock Telegram out."""
        if self.secret is not None:
            return self.secret.get_secret_value()
        return hmac.new(self.token.get_secret_value().encode(), b"webhook", "sha256").hexdigest()
