"""JSON from outside as values, even where a text in it has half a character."""

import json
from typing import Any

from pydantic_core import from_json


def decoded(body: bytes | bytearray) -> Any:
    """The value; a part of a character that stands alone becomes a question mark. Raises `ValueError`.

    One message of this kind would else stop all that come behind it.
    """
    try:
        return from_json(body)
    except ValueError:
        pass
    try:
        lenient = json.loads(body.decode("utf-8", "replace"))
        return from_json(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("too deep") from None
