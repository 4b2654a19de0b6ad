"""Whether words are meant for us, and the words without our name before them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from connectors.chat.json_values import mapping_of, texts_of
from connectors.doors.matrix.room import RoomView


def is_named(content: Mapping[str, Any], text: str, room: RoomView) -> bool:
    """Whether a message names us: in `m.mentions`, or by a name of ours in its words."""
    return room.me in texts_of(mapping_of(content.get("m.mentions")).get("user_ids")) or bool(_names(room).search(text))


def without_name(text: str, room: RoomView) -> str:
    """The words without our name at their beginning, as clients put it there when somebody is named."""
    found = _names(room).match(text)
    return text if found is None else text[found.end() :].lstrip(" \t\r\n:,：，、")


@lru_cache(maxsize=64)
def _names(room: RoomView) -> re.Pattern[str]:
    """The user id, its local part and the display name; Latin ones only as whole words."""
    local = room.me.removeprefix("@").partition(":")[0]
    names = sorted({each for each in (room.me, local, room.name.strip()) if len(each) > 1}, key=len, reverse=True)
    words = "|".join(rf"(?<![a-zA-Z0-9_])@?{re.escape(each)}(?![a-zA-Z0-9_])" for each in names)
    return re.compile(words or r"(?!)", re.IGNORECASE)
