"""Settings of the door: `GRID36_DOOR_WEBHOOK_SECRET` is `secret`, and so on."""

from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StringConstraints

from connectors.chat.option_types import Address, Seconds
from connectors.intake.door_limit import DoorLimitSettings
from connectors.standard_webhooks.signatures import NoKeyError, key_of
from schemas.mistake import mistake

Receiver = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+(/[^\s#]*)?$", max_length=1000)]
"""It may carry a token in its query."""


def _a_key(secret: SecretStr) -> SecretStr:
    try:
        key_of(secret.get_secret_value())
    except NoKeyError:
        raise mistake("webhook.no_secret") from None
    return secret


Secret = Annotated[SecretStr, AfterValidator(_a_key)]


class WebhookOptions(DoorLimitSettings):
    """Only `secret` has to be set; without a `url` nothing is posted back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: Secret
    """Signs what comes in, `whsec_` and base64 of at least 24 bytes."""
    secret_before: Secret | None = None
    """The one before, which is accepted too while senders change over."""
    url: Receiver | None = None
    """Where replies are posted."""
    url_secret: Secret | None = None
    """Signs what goes out; without one, `secret` does."""
    url_secret_before: Secret | None = None
    """What goes out is signed by both, while the receiver changes over."""
    again: str = ""
    """Any text. A new one ends that the receiver is switched off, as a new `url` does."""
    proxy: Address | None = None

    window_s: Seconds = 300.0
    """How far the time of a request may be from ours."""
    body_bytes: Annotated[int, Field(ge=1000, le=200_000_000)] = 16_000_000
    """The largest request, with its photos in base64."""
    answer_s: Seconds = 15.0
    """How long the receiver may take."""
    first_pause_s: Seconds = 5.0
    """After the first failure; it doubles each time."""
    longest_pause_s: Seconds = 21_600.0
    give_up_days: Annotated[float, Field(gt=0, le=365, allow_inf_nan=False)] = 5.0
    """After so long, what could not be delivered is parked."""

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Of what comes in."""
        return _keys(self.secret, self.secret_before)

    @property
    def url_keys(self) -> tuple[bytes, ...]:
        """Of what goes out."""
        return _keys(self.url_secret or self.secret, self.url_secret_before)

    @property
    def receiver(self) -> str:
        """Stands for the receiver where it is remembered that it was switched off."""
        return sha256(f"{self.url}\0{self.again}".encode()).hexdigest()


def _keys(*secrets: SecretStr | None) -> tuple[bytes, ...]:
    return tuple(key_of(each.get_secret_value()) for each in secrets if each is not None)
