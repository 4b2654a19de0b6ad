"""Empties the messages that erased texts were made of, or that said them, and removes the files in them."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.chat.runtime.storage.erasing import KEY, Erasure, Keys, Words
from connectors.chat.runtime.storage.inbox import key_of
from connectors.doors.browser.platform import FILE, FILES
from connectors.doors.browser.posted import file_of
from connectors.doors.browser.transcript import Line, Transcript
from schemas.names import Language


async def erase_pages(door: str, folder: Path, keys: Keys, erasure: Erasure, words: Words) -> None:
    """`folder` is the door's own. Done again, nothing changes. Raises `OutboxUnwritableError`."""
    if not (folder / FILE).exists() or not (keys or erasure.cases):
        return
    transcript = Transcript(folder / FILE)
    try:
        gone = await _found(transcript, door, keys, erasure)
        for chat, line in gone:  # first: without its line nobody would find a file
            if "file" in line.body:
                await asyncio.to_thread(file_of(folder / FILES, f"{chat}/{line.id}").unlink, missing_ok=True)
        await transcript.replace({line.seq: _empty(line.body, words) for _, line in gone})
        await transcript.scrub()
    finally:
        await transcript.close()


async def _found(transcript: Transcript, door: str, keys: Keys, erasure: Erasure) -> list[tuple[str, Line]]:
    found = []
    for chat, own in keys.items():
        found += [(chat, line) for line in await transcript.lines(chat) if _begin(door, chat, line) in own]
    for number, upto_ms in erasure.cases.items():
        found += await transcript.about(number, upto_ms)
    return found


def _begin(door: str, chat: str, line: Line) -> str:
    """How the key of the message begins; of what the bot says, that of the message it answers."""
    return line.id.partition("-")[0] if line.ours else key_of(door, f"{chat}/{line.id}")[:KEY]


def _empty(body: Mapping[str, Any], words: Words) -> dict[str, Any]:
    language = Language(body.get("lang", Language.ZH))
    kept = {name: body[name] for name in ("kind", "case", "lang", "buttons", "link") if name in body}
    return {**kept, "kind": "wrote", "text": words(language, body.get("case", ""))}
