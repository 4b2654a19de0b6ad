"""Settings of the door: `GRID36_DOOR_FEISHU_APP` is `app`, and so on.

Limits are those of the pages of open.feishu.cn; they change, so all are settings.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from connectors.chat.option_types import Address, Bytes, Count, Rate, Seconds, Secret
from connectors.chat.platform import Features
from schemas.datum import Datum


class FeishuOptions(BaseModel):
    """`app`, `secret`, `key` and `token` have to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    """The App ID, `cli_...`."""
    secret: Secret
    """The App Secret."""
    key: Secret
    """The Encrypt Key of the events: without one Feishu signs nothing, so it has to be set there too."""
    token: Secret
    """The Verification Token, which the first call to a new address carries."""
    url: Address = "https://open.feishu.cn"
    """Where the API is: Feishu's, Lark's `https://open.larksuite.com`, or a private deployment."""
    proxy: Address | None = None
    """An HTTP proxy on the way there."""

    old_s: Seconds = 28_800.0
    """How old an event may be. Feishu tries for more than seven hours; whether it signs each try anew was not tried.
    What comes twice in this time is taken once in any case."""
    ahead_s: Seconds = 300.0
    """How far the clock of Feishu may be ahead of ours."""
    body_bytes: Bytes = 1_000_000
    """The largest event; a text of 150 kB is encrypted and in base64."""
    answer_s: Seconds = 20.0
    """How long the API may take."""
    download_bytes: Bytes = 20 * 1024 * 1024
    """The largest file that is fetched."""
    characters: Annotated[int, Field(ge=100, le=100_000)] = 4000
    """The longest text of one message; a card holds 30 kB of JSON, a text 150 kB."""
    buttons: Count = 20
    per_second: Rate = 15.0
    """To all together; an application may call 1,000 times in a minute."""
    per_chat_per_minute: Annotated[float, Field(gt=0, le=100_000)] = 240.0
    """Five in a second go to one person, and five to one group for all its bots together."""
    location_datum: Datum = Datum.GCJ02
    """Of a position that somebody sends. Feishu does not say which; try it on a phone at a place you know."""

    @property
    def features(self) -> Features:
        """What the conversation may use."""
        return Features(
            buttons=self.buttons,
            photos=True,
            pins=False,
            characters=self.characters,
            positions=True,
            per_second=self.per_second,
            per_chat_per_minute=self.per_chat_per_minute,
        )
