"""A door that is a folder: letters in, answers and replies out. It proves how little a new door takes."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from connectors.doors.contract import Accept, Capabilities, Door, DoorSetup, Replies
from connectors.intake.refusal import Refused
from connectors.intake.submission import ReportSubmission
from connectors.intake.validation import validated
from schemas.names import Language

LOOK_S: Final = 0.02


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls."""
    return StubDoor(setup)


class StubDoor:
    """Letters in `in` become reports; `answers` has what was said to each; `out` has what each person was sent."""

    capabilities = Capabilities(positions=True)

    def __init__(self, setup: DoorSetup) -> None:
        self.log_names = (setup.name,)
        self._folder = Path(setup.options["folder"])

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Take in and send side by side."""
        assert replies is not None
        for name in ("in", "answers", "out"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._take(accept))
            both.create_task(self._send(replies))

    async def _take(self, accept: Accept) -> None:
        while True:
            for letter in sorted((self._folder / "in").glob("*.json")):
                answer = await self._answer(accept, json.loads(letter.read_text()))
                _write(self._folder / "answers" / letter.name, answer)
                letter.unlink()  # acknowledged: it does not come again
            await asyncio.sleep(LOOK_S)

    async def _answer(self, accept: Accept, letter: Mapping[str, Any]) -> dict[str, Any]:
        fields = {name: letter[name] for name in ("text", "lat", "lon", "datum", "reporter") if name in letter}
        try:
            accepted = await accept(validated(ReportSubmission, {"id": f"stub-{letter['message']}", **fields}))
        except Refused as refusal:
            return refusal.answer(Language(letter["language"]))
        return {"report": accepted.id}

    async def _send(self, replies: Replies) -> None:
        async for reply in replies:
            sent = {"id": reply.id, "type": reply.event.type, "language": reply.recipient.language}
            file = self._folder / "out" / f"{quote(reply.recipient.person, safe='')}.jsonl"
            with file.open("a") as opened:
                opened.write(json.dumps(sent) + "\n")
            await replies.sent(reply)


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(content))
    fresh.replace(file)
