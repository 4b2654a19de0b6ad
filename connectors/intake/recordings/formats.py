"""What a recording is by its first bytes, and under which type and address it is served."""

from typing import Final

from schemas.report import Recording

TYPES: Final = {
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "webm": "audio/webm",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "amr": "audio/amr",
    "silk": "audio/silk",
}
"""The media type of each format."""
UNPLAYABLE: Final = frozenset({"amr", "silk"})
"""What no browser plays: phones and players of their makers do."""
_STARTS: Final = (
    ("ogg", b"OggS"),
    ("amr", b"#!AMR"),
    ("silk", b"#!SILK"),
    ("silk", b"\x02#!SILK"),
    ("webm", b"\x1a\x45\xdf\xa3"),
    ("flac", b"fLaC"),
    ("mp3", b"ID3"),
)
HEAD: Final = 16
"""How many bytes say what it is."""


def format_of(raw: bytes) -> str:
    """The format of a file by its first bytes, a key of `TYPES`; "" if it is none of them."""
    for name, start in _STARTS:
        if raw.startswith(start):
            return name
    if raw[4:8] == b"ftyp":
        return "m4a"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WAVE":
        return "wav"
    if len(raw) > 1 and raw[0] == 0xFF and raw[1] & 0xE0 == 0xE0:  # frames without a head: layer 0 is AAC
        return "mp3" if raw[1] & 0x06 else "aac"
    return ""


def address_of(recording: Recording) -> str:
    """Where the HTTP door serves it: a path."""
    return f"/recordings/{recording.digest}.{recording.format}"
