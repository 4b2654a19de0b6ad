"""What can go wrong with Telegram, by what has to be done next."""

from schemas.errors import Retry, Stop, WrongInput


class TelegramTokenError(WrongInput):
    """Telegram does not know this token. Copy it again from @BotFather into GRID36_DOOR_TELEGRAM_TOKEN."""


class TelegramHookError(WrongInput):
    """Telegram refuses our hook. Correct GRID36_DOOR_TELEGRAM_WEBHOOK: https and port 443, 80, 88 or 8443."""


class TelegramWebhookSetError(WrongInput):
    """Another program uses this bot by a webhook. End that one, or create a bot of our own with @BotFather."""


class TelegramOtherPollerError(Stop):
    """Another program polls with the same token. Run one gateway only for each bot, or create another bot."""


class TelegramAwayError(Retry):
    """Telegram does not answer. Check the network of this machine; GRID36_DOOR_TELEGRAM_PROXY names a proxy."""


class ApiFault(Exception):
    """The Bot API refused a request; what it said is in the attributes."""

    def __init__(
        self, code: int, says: str, *, retry_after_s: float | None = None, new_chat: int | None = None
    ) -> None:
        super().__init__(f"{code} {says}")
        self.code = code
        """As an HTTP status."""
        self.says = says
        self.retry_after_s = retry_after_s
        self.new_chat = new_chat
        """The group's id since it became a supergroup."""


class NotAnUpdateError(Exception):
    """This has not the shape of an update of the Bot API."""
