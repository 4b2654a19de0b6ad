"""What is put aside in `parked` for a row that cannot be used."""

import json
from hashlib import sha256
from typing import Final

from grid36.replay.rows import Fault

MAX_BYTES: Final = 64_000


def parked_value(fault: Fault, raw: bytes, file: str) -> bytes:
    """JSON with the reason, where the row stands, its SHA-256 and its first 64 kB."""
    told = {
        "v": 1,
        "source": file,
        "row": fault.number,
        "column": fault.column,
        "error": "UnusableRow",
        "reason": str(fault),
        "report": fault.report,
        "bytes": len(raw),
        "sha256": sha256(raw).hexdigest(),
        "text": raw[:MAX_BYTES].decode("utf-8", "replace"),
    }
    return json.dumps(told, ensure_ascii=False).encode()
