"""Settings that the doors of WeCom and WeChat have in common. Limits are those of the vendors' pages; they change."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from connectors.chat.option_types import Address, Bytes, Count, Rate, Seconds, Secret
from connectors.chat.weixin.cards import CardLimits
from connectors.chat.weixin.cipher import CipherError, key_of
from connectors.chat.weixin.incoming import WeixinReading
from schemas.datum import Datum
from schemas.mistake import mistake


def _a_key(secret: SecretStr) -> SecretStr:
    try:
        key_of(secret.get_secret_value())
    except CipherError:
        raise mistake("weixin.no_key") from None
    return secret


class CardOptions(BaseModel):
    """What one card of WeCom may show, and how fast the platform takes messages to one chat."""

    buttons: Count = 6
    title_characters: Count = 26
    card_characters: Count = 112
    label_characters: Count = 10
    per_minute: Count = 28
    """At 30 the platform begins to drop without a word."""
    per_hour: Count = 950
    """The same, at 1,000."""

    @property
    def card(self) -> CardLimits:
        """What a card shows."""
        return CardLimits(self.title_characters, self.card_characters, self.label_characters)


class WeixinOptions(BaseModel):
    """Of a door that is called by the platform and calls its API."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: Secret
    """Of the account, for its API."""
    token: Secret
    """Signs the callbacks."""
    key: Annotated[SecretStr, AfterValidator(_a_key)]
    """The EncodingAESKey of the callbacks, 43 characters."""
    proxy: Address | None = None
    """An HTTP proxy on the way to the API: its address is then the trusted one."""

    fresh_s: Seconds = 600.0
    """How far the time of a callback may be from ours."""
    body_bytes: Bytes = 64 * 1024
    """The largest callback; the largest text of a message is below 10 kB, and encryption adds a third."""
    answer_s: Seconds = 20.0
    """How long the API may take."""
    patience_s: Seconds = 60.0
    """How long to wait where the platform asks for patience and does not say how much."""
    download_bytes: Bytes = 20 * 1024 * 1024
    """The largest file that is fetched."""
    text_bytes: Annotated[int, Field(ge=200, le=100_000)] = 2048
    """The longest text of one message, in UTF-8; the platform cuts what is longer."""
    per_second: Rate = 20.0

    location_datum: Datum = Datum.GCJ02
    """Of the position that somebody sends."""
    event_datum: Datum = Datum.WGS84
    """Of the position that the app reports by itself."""
    position_events: bool = False
    """Whether that one is used. It comes whenever somebody opens the chat, so each time it would begin a report."""

    @property
    def reading(self) -> WeixinReading:
        """How messages are read."""
        return WeixinReading(self.location_datum, self.event_datum, self.position_events)
