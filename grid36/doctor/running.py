"""What runs here: what `grid36 status` says, how far behind the workers are, photos, and doors."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from connectors.photos.files import PhotoAddressError, PhotosAwayError
from connectors.photos.places import photo_files
from grid36.doctor.finding import Finding, FindingLevel, bad, ok, warn
from grid36.gateway.doors import CHECKED, open_platform
from grid36.machine.home import Home, read_json
from grid36.machine.status import status
from grid36.settings import Settings
from schemas.errors import Grid36Error
from schemas.names import Language, Name

BEHIND: Final = 10_000
"""Records that wait in all partitions of this home's workers."""
DOOR_S: Final = 10.0
NO_PHOTO: Final = "do/doctor-asks-for-what-is-not-there.jpg"


def check_running(settings: Settings) -> Iterator[Finding]:
    """The problems of `status`, and the lag of workers."""
    answers = {language: status(settings, language) for language in Language}
    said = answers[Language.EN]
    if not said["processes"]:
        yield warn("running", "doctor.running.nothing", home=settings.home)
        return
    for zh, en in zip(answers[Language.ZH]["problems"], said["problems"], strict=False):
        yield Finding("running", FindingLevel.BAD, Name(zh=zh, en=en))
    if not said["problems"]:
        yield ok("running", "doctor.running.good", n=len(said["processes"]))
    behind = sum(one.get("behind") or 0 for worker in _workers(settings) for one in worker.get("partitions", []))
    yield (warn if behind > BEHIND else ok)("running.lag", "doctor.running.behind", n=behind)


def _workers(settings: Settings) -> Iterator[dict[str, Any]]:
    for name, own in Home(settings.home).said().items():
        if name.startswith("worker"):
            yield read_json(Home(settings.home).status_file(name)) or own


def check_photos(settings: Settings) -> Finding:
    """Whether the place of photos answers; nothing is written there."""
    try:
        photo_files(settings.photo_address).read(NO_PHOTO)
    except (PhotosAwayError, PhotoAddressError) as fault:
        return _of_error("photos", fault)
    return ok("photos", "doctor.photos.good", where=settings.photo_address.split("?", maxsplit=1)[0])


async def check_doors(settings: Settings) -> AsyncIterator[Finding]:
    """What `grid36 door check` says of each open door that can be checked."""
    for name in settings.door_names:
        if name not in CHECKED:
            continue
        try:
            async with asyncio.timeout(DOOR_S):
                await open_platform(settings, name).check()
        except TimeoutError:
            yield bad(f"door.{name}", "doctor.door.silent", door=name, seconds=round(DOOR_S))
        except Grid36Error as fault:
            yield _of_error(f"door.{name}", fault)
        else:
            yield ok(f"door.{name}", "doctor.door.good", door=name)


def _of_error(check: str, fault: Grid36Error) -> Finding:
    return Finding(check, FindingLevel.BAD, Name(zh=fault.say(Language.ZH), en=fault.say(Language.EN)))
