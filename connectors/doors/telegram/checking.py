"""What Telegram says of a bot, as facts for `grid36 door check`."""

from collections.abc import Mapping
from typing import Any

from connectors.doors.telegram.errors import TelegramWebhookSetError
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.webhook import hook_address, is_hook_of


def checked(me: Any, info: Any, options: TelegramOptions, name: str) -> Mapping[str, str]:
    """The answers of `getMe` and `getWebhookInfo`. Raises `TelegramWebhookSetError` for a bot in other hands."""
    bot, hook = _fields(me), _fields(info)
    address = str(hook.get("url") or "")
    if address and not is_hook_of(address, name):
        raise TelegramWebhookSetError(address=address)
    facts = {
        "id": bot.get("id"),
        "username": bot.get("username") and f"@{bot['username']}",
        "name": bot.get("first_name"),
        "link": bot.get("username") and f"https://t.me/{bot['username']}",
        "receives": "getUpdates" if options.webhook is None else hook_address(options.webhook, name),
        "waiting": hook.get("pending_update_count"),
        "last_error": hook.get("last_error_message"),
    }
    return {fact: str(value) for fact, value in facts.items() if value is not None}


def _fields(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}
