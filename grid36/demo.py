"""The demo: plays the story of one report on the example street, then a busy street until it is stopped."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from connectors.doors.browser.stage import Cast, cast_of
from grid36.demo_phones import Phone, stage
from grid36.gateway.client import GatewayClient, quoted
from rules.book.labels import STATE_NAMES
from schemas.case import State
from schemas.errors import Grid36Error, ServiceAway, WrongInput
from schemas.names import Language
from schemas.region import Region, Segment
from texts.catalogue import say

Echo = Callable[[str], None]
STAINED = (92, 88, 80)
WASHED = (190, 188, 182)
SPOTS = {
    "flooding": (96, 122, 142), "burst-pipe": (122, 152, 170), "sewage": (86, 92, 66), "block-water": (110, 134, 150),
    "tree": (62, 104, 64), "manhole": (30, 30, 32), "rubbish": (140, 96, 70), "vending": (196, 120, 60),
    "shared-bicycle": (70, 130, 190), "graffiti": (190, 70, 110),
}  # fmt: skip
WORDS = (
    "路面有油污 greasy pavement",
    "垃圾桶满了 litter bin is full",
    "路面积水 standing water",
    "井盖松动 loose manhole cover",
    "共享单车乱停 bikes block the pavement",
    "路灯不亮 street lamp is out",
)


@dataclass(frozen=True)
class Picture:
    """Pictures made on the spot, `before` greasy and `after` clean; no two alike, also not those of another `run`."""

    folder: Path
    run: int = 0

    def before(self, seed: int = 0) -> Path:
        """A pavement with a stain."""
        return self._draw(f"before-{seed}.jpg", STAINED, seed)

    def after(self, seed: int = 0) -> Path:
        """A clean one."""
        return self._draw(f"after-{seed}.jpg", WASHED, seed)

    def of(self, category: str, seed: int) -> Path:
        """A place with trouble of this category, or a clean one when there is none."""
        spot = SPOTS.get(category, STAINED) if category else WASHED
        return self._draw(f"day-{seed}.jpg", spot, seed)

    def _draw(self, name: str, spot: tuple[int, int, int], seed: int) -> Path:
        file, chance = self.folder / name, random.Random(f"{self.run} {seed}")
        image = Image.new("RGB", (480, 360), (176, 172, 164))
        pen = ImageDraw.Draw(image)
        x, y = chance.randint(40, 260), chance.randint(40, 180)
        pen.ellipse((x, y, x + chance.randint(120, 200), y + chance.randint(80, 140)), fill=spot)
        for top in range(0, 360, 60):
            pen.line((0, top, 480, top), fill=(150, 146, 138), width=3)
            for left in range((top // 60 % 2) * 60, 480, 120):
                pen.line((left, top, left, top + 60), fill=(150, 146, 138), width=3)
        for _ in range(40):  # what lies about: grit, a leaf
            x, y = chance.randint(0, 470), chance.randint(0, 350)
            pen.ellipse((x, y, x + 4, y + 3), fill=(chance.randint(90, 140), 120, 90))
        image.save(file, quality=80)
        return file


class NoCaseYet(ServiceAway):
    """A report has no case after half a minute. `grid36 status` says what is wrong."""


@dataclass
class Street:
    """Plays the people of the example street, through the gateway like everybody."""

    gateway: GatewayClient
    region: Region
    pictures: Picture

    async def send(self, text: str, segment: Segment, reporter: str, seed: int = 0) -> str:
        """Report something at the first house number of a segment; the case number, when it is routed."""
        fields: dict[str, object] = {"text": text, "address": _address(segment), "reporter": reporter, "door": "cli"}
        sent = await self.gateway.post("/api/reports", fields, [self.pictures.before(seed)])
        status = await self.gateway.until(
            f"/api/reports/{sent['report']}", lambda a: a["state"] not in {"accepted", "submitted"}, 30
        )
        if status is None or not status["case"]:
            raise NoCaseYet(report=sent["report"])
        return str(status["case"])

    async def case(self, number: str) -> dict[str, Any]:
        """The case as the ledger has it."""
        return await self.gateway.get(f"/api/cases/{number}") or {"case": {}, "timeline": []}

    async def settled(self, number: str, state: str) -> dict[str, Any]:
        """The case once it is in this state, or as it is after half a minute."""
        wanted = f"/api/cases/{quoted(number)}"
        row = await self.gateway.until(wanted, lambda answer: answer["case"].get("state") == state, 30)
        return dict((row or {"case": {}})["case"])

    async def act(self, number: str, action: str, by: str, seed: int | None = None, **fields: object) -> str:
        """One act; its outcome, `done` or `refused`."""
        photos = [] if seed is None else [self.pictures.after(seed)]
        path = f"/api/cases/{number}/acts"
        sent = await self.gateway.post(path, {"act": action, "by": by, "door": "cli", **fields}, photos)
        answer = await self.gateway.until(f"{path}/{sent['act']}", lambda a: a["state"] != "accepted", 30)
        return str((answer or {}).get("state", "accepted"))


def addressed(region: Region) -> list[Segment]:
    """Segments that have house numbers."""
    return [segment for segment in region.segments if segment.numbers]


def patrollers(region: Region) -> list[str]:
    """The people who report."""
    return [p.id for p in region.persons if "patroller" in p.roles] or [region.persons[0].id]


def sentence(language: Language, name: str, *, state: str = "", **facts: object) -> str:
    """Print a line of the story."""
    shown = say(language, f"command.answer.{state}") if state in {"done", "refused"} else state
    return say(language, f"system.demo.story.{name}", **({"state": shown} if state else {}), **facts)


class NoStreetError(WrongInput):
    """The demo needs a region with a segment that has house numbers and a person as its owner."""


def cast(region: Region) -> Cast:
    """Who plays, and where. Raises `NoStreetError`."""
    found = cast_of(region)
    if found is None:
        raise NoStreetError(region=region.code)
    return found


async def play_story(
    street: Street, echo: Echo, language: Language, pause_s: float = 0.0, number: int = 0, spoken: str = ""
) -> bool:
    """Acted on two phones: photo, words and position; the job, the after-photo in answer to it; the reporter's word.

    Whether it closed as fixed, without a hop. `pause_s` is for those who look on; `number` makes its photos new ones;
    `spoken` is the language of the phones, if it is another one.
    """
    who = cast(street.region)
    rider = await Phone(street.gateway, who.reporter.id, spoken or language).open()
    owner = await Phone(street.gateway, who.handler.id, spoken or language).open()
    said, seed = partial(sentence, language), -number

    async def look() -> None:
        await asyncio.sleep(pause_s)

    await rider.photo(street.pictures.before(seed))
    await look()
    await rider.write(f"{WORDS[0]} {_address(who.segment)}")
    await look()
    await rider.position(who.segment.line[len(who.segment.line) // 2])
    receipt = await rider.hears(lambda line: line.get("case"))
    case = str(receipt["case"])
    why = [event["why"] for event in (await street.case(case))["timeline"] if "why" in event]
    road = who.segment.road.to(language)
    echo(said("reported", who=who.reporter.id, road=road, case=case, why=why[-1] if why else ""))
    job = await owner.hears(lambda line: line.get("case") == case)
    await look()
    await owner.photo(street.pictures.after(seed), answers=job)
    result = await rider.hears(lambda line: line.get("case") == case and line.get("buttons"))
    echo(said("fixed", who=who.handler.id, state="done"))
    await look()
    await rider.press(result)
    end = await street.settled(case, "closed")
    echo(said("verified", who=who.reporter.id, state="done" if end.get("state") == "closed" else "refused"))
    seconds = (end.get("resolved_ms", 0) - end.get("submitted_ms", 0)) / 1000
    state = STATE_NAMES[State(end["state"])].to(language) if "state" in end else ""
    echo(said("ended", case=case, state=state, seconds=seconds, n=end.get("hops", 0)))
    return bool(end.get("state") == "closed" and end.get("hops", 0) == 0)


async def act_again(street: Street, language: Language, stop: asyncio.Event, pause_s: float = 2.0) -> None:
    """Act the story each time somebody asks for it on the page of the two phones, until `stop`."""
    acted = (await stage(street.gateway)).plays
    number = 1
    while not stop.is_set():
        with suppress(Grid36Error):  # go on when Kafka or the gateway is away for a while
            asked = await stage(street.gateway)
            if asked.plays != acted:
                acted, number = asked.plays, number + 1
                await play_story(street, lambda _: None, language, pause_s, number, asked.language)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.5)


def lines_to_copy(region: Region, after_photo: Path) -> list[str]:
    """Report, fix, verify on the last segment, which `live` leaves alone, too."""
    segment, reporter = addressed(region)[-1], patrollers(region)[0]
    return [
        f'report --id my-report --text "路面有油污" --address "{_address(segment)}" --as {reporter}',
        f"act my-report resolve --by {segment.owner or region.fallback_owner} --photo {after_photo}",
        f"act my-report verify --by {reporter}",
    ]


def _address(segment: Segment) -> str:
    return f"{segment.road.zh}{segment.numbers[0].first}号"


async def live(street: Street, stop: asyncio.Event, pause_s: float = 3.0) -> None:
    """Let the street live: reports come, are signed, fixed and verified, until `stop`."""
    chance, seed = random.Random(36), 1
    busy = cast(street.region).handler.id  # whose phone shows the story
    segments = [each for each in addressed(street.region)[:-1] if each.owner != busy]
    people = patrollers(street.region)
    tasks: set[asyncio.Task[None]] = set()
    while not stop.is_set():
        seed += 1
        task = asyncio.ensure_future(
            _one_life(street, chance.choice(WORDS), chance.choice(segments), chance.choice(people), seed)
        )
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        try:
            await asyncio.wait_for(stop.wait(), chance.uniform(0.5, 1.5) * pause_s)
        except TimeoutError:
            continue
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _one_life(street: Street, text: str, segment: Segment, reporter: str, seed: int) -> None:
    with suppress(Grid36Error):  # go on when Kafka or the gateway is away for a while
        await _one_report(street, text, segment, reporter, seed)


async def _one_report(street: Street, text: str, segment: Segment, reporter: str, seed: int) -> None:
    chance = random.Random(seed)
    number = await street.send(text, segment, reporter, seed)
    owner = (await street.case(number))["case"].get("assignee")
    if not owner:
        return
    await asyncio.sleep(chance.uniform(2, 8))
    await street.act(number, "acknowledge", owner)
    await asyncio.sleep(chance.uniform(4, 20))
    await street.act(number, "resolve", owner, seed=seed)
    await asyncio.sleep(chance.uniform(2, 10))
    fixed = chance.random() > 0.1
    await street.act(number, "verify" if fixed else "reject", reporter, note=None if fixed else "还在 still there")
