"""Which fields of a message hold what somebody sent, and which do not. A field that is in neither list was sent."""

import re
from collections.abc import Iterable
from typing import Final

ABOUT: Final = re.compile(
    r"(message_thread_id|is_topic_message|direct_messages_topic|business_connection_id|author_signature|effect_id|via_bot"
    r"|link_preview_options|reply_markup|show_caption_above_media|external_reply|quote|suggested_post_info"
    r"|(sender|reply_to|guest|has|is|paid_star|forward)_.+)"
)
"""Says more of a message: who sent it and how."""
HAPPENED: Final = re.compile(
    r"(boost_added|chat_background_set|connected_website|gift|unique_gift|gift_upgrade_sent|managed_bot_created"
    r"|passport_data|pinned_message|proximity_alert_triggered|refunded_payment|successful_payment|web_app_data"
    r"|write_access_allowed|giveaway_(created|completed)|direct_message_price_changed|paid_message_price_changed"
    r"|(users|chat)_shared|(new|left|delete|group|supergroup|channel)_chat_.+|chat_owner_.+|migrate_.+"
    r"|message_auto_delete_.+|poll_option_.+|checklist_tasks_.+|(general_)?forum_topic_.+|suggested_post_.+|video_chat_.+)"
)
"""What happened in a chat, and nobody wrote."""


def first_sent(fields: Iterable[str]) -> str:
    """The first field that somebody sent; empty where there is none."""
    return next((name[:200] for name in fields if not (ABOUT.fullmatch(name) or HAPPENED.fullmatch(name))), "")
