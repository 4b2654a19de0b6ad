"""The frames of the long connection: JSON with a command, an id, and a body or the result."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import from_json, to_json

from connectors.doors.wecom_robot.errors import NotAFrameError

SUBSCRIBE: Final = "aibot_subscribe"
PING: Final = "ping"
MESSAGE: Final = "aibot_msg_callback"
EVENT: Final = "aibot_event_callback"
REPLY: Final = "aibot_respond_msg"
WELCOME: Final = "aibot_respond_welcome_msg"
PUSH: Final = "aibot_send_msg"
UPLOAD_BEGIN: Final = "aibot_upload_media_init"
UPLOAD_PIECE: Final = "aibot_upload_media_chunk"
UPLOAD_END: Final = "aibot_upload_media_finish"


@dataclass(frozen=True, slots=True)
class RobotFrame:
    """One frame. What answers a frame of ours has its id and no command."""

    command: str
    id: str
    body: Mapping[str, Any]
    code: int = 0
    says: str = ""


def read_frame(text: str | bytes) -> RobotFrame:
    """Any text or bytes. Raises `NotAFrameError`."""
    try:
        raw = from_json(text)
    except ValueError:
        raise NotAFrameError("no JSON") from None
    if not isinstance(raw, dict):
        raise NotAFrameError("no object")
    headers, body, code = raw.get("headers"), raw.get("body"), raw.get("errcode", 0)
    id = headers.get("req_id") if isinstance(headers, dict) else None
    command = raw.get("cmd")
    return RobotFrame(
        command if isinstance(command, str) else "",
        id if isinstance(id, str) else "",
        body if isinstance(body, dict) else {},
        code if isinstance(code, int) else -1,
        str(raw.get("errmsg", ""))[:300],
    )


def written(command: str, id: str, body: Mapping[str, Any] | None) -> str:
    """A frame as it is sent."""
    frame: dict[str, Any] = {"cmd": command, "headers": {"req_id": id}}
    return to_json(frame if body is None else frame | {"body": body}).decode()


def new_id(command: str) -> str:
    """An id that no other frame has."""
    return f"{command}_{secrets.token_hex(12)}"
