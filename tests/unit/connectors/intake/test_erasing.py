"""Files of erased photos go, and no other file does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from connectors.intake.accept import accept
from connectors.intake.erasing import AGAIN_S, PATIENCE_S, Erasing
from connectors.intake.refusal import Refused
from connectors.intake.submission import ReportSubmission
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.store import TextRecord
from connectors.photos.store import PhotoStore
from schemas.codec import encode
from schemas.command import Act
from schemas.event import Event, EventType
from schemas.order import Written
from schemas.report import Photo, Recording
from tests.processes.waiting import wait_until
from tests.worlds.doors import LedgerFile, picture
from tests.worlds.small_town import small_town
from tests.worlds.town_life import OWNER, WALKER, Life

WROTE_S = 1_795_000_000
LATER_S = WROTE_S + 60.0
NUMBER = "R1-G1-2611-00001"


def file_of(folder: Path, photo: Photo) -> Path:
    return folder / photo.digest[:2] / f"{photo.digest}.jpg"


class Desk:
    """A photo store, a ledger file, and somebody who erases; the time stands still until a test moves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "photos"
        self.photos = PhotoStore(self.folder)
        self.file = LedgerFile(folder / "ledger.sqlite")
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.now_s = LATER_S
        self.n = 0

    def erasing(self) -> Erasing:
        """As a gateway that was just started."""
        return Erasing(self.photos, clock=lambda: self.now_s)

    def photo(self, shade: int) -> Photo:
        """A photo, stored before the words were written."""
        photo = self.photos.add_bytes(picture(shade))
        self.stored_at(photo, WROTE_S - 1)
        return photo

    def stored_at(self, photo: Photo, at_s: float) -> None:
        os.utime(file_of(self.folder, photo), (at_s, at_s))

    def write(self, id: str, *photos: Photo) -> Written:
        text = Written(id=id, case=NUMBER, by="p", role="report", at_ms=WROTE_S * 1000, photos=photos)
        self.file.write(text)
        return text

    def erase(self, *ids: str, kind: EventType = EventType.TEXT_ERASED) -> None:
        self.file.take(
            Event(
                n=self.n,
                prev="",
                t_ms=WROTE_S * 1000,
                type=kind,
                case=NUMBER,
                home="R1-G1",
                command=f"c-{self.n}",
                by="p",
                grid="G1",
                facts={"texts": list(ids)},
            )
        )
        self.n += 1

    def here(self, photo: Photo) -> bool:
        return self.photos.read(photo.digest) is not None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.file.take(
        Event(
            n=0,
            prev="",
            t_ms=WROTE_S * 1000,
            type=EventType.OPENED,
            case=NUMBER,
            home="R1-G1",
            command="r-1",
            by="p",
            grid="G1",
            now={"number": NUMBER, "home": "R1-G1", "report": "r-1", "state": "submitted"},
        )
    )
    made.n = 1
    yield made
    made.photos.close()
    made.file.close()


def test_the_file_of_an_erased_photo_goes_and_others_stay(desk: Desk) -> None:
    gone, kept, shared = desk.photo(10), desk.photo(20), desk.photo(30)
    desk.write("t-1", gone, shared)
    desk.write("t-2", kept, shared)
    erasing = desk.erasing()
    assert erasing.look(desk.ledger) == 0
    desk.erase("t-1")
    assert erasing.look(desk.ledger) == 1
    assert (desk.here(gone), desk.here(kept), desk.here(shared)) == (False, True, True)
    desk.erase("t-2")
    assert erasing.look(desk.ledger) == 2
    assert not desk.here(shared)


def test_what_was_erased_before_the_start_goes_then_and_again_is_nothing(desk: Desk) -> None:
    """Killed between the erasing and the removal, or in the middle of it: the next start does the rest."""
    photos = [desk.photo(shade) for shade in (10, 20)]
    desk.write("t-1", *photos)
    desk.erase("t-1")
    desk.photos.forget(photos[0].digest)
    assert desk.erasing().look(desk.ledger) == 1
    assert not any(desk.here(photo) for photo in photos)
    assert desk.erasing().look(desk.ledger) == 0


def test_words_that_moved_to_another_case_keep_their_photos(desk: Desk) -> None:
    """Their text is erased at the old home, before the new one may have written it again."""
    photo = desk.photo(10)
    desk.write("t-1", photo)
    desk.erase("t-1", kind=EventType.MOVED)
    assert desk.erasing().look(desk.ledger) == 0
    assert desk.here(photo)


def test_a_photo_that_was_stored_again_waits_for_its_report(desk: Desk) -> None:
    """Somebody sends the same picture anew while the old words are erased: the new report may not be known yet."""
    photo = desk.photo(10)
    desk.write("t-1", photo)
    assert desk.photos.add_bytes(picture(10)).digest == photo.digest
    desk.stored_at(photo, WROTE_S + 5)
    desk.erase("t-1")
    erasing = desk.erasing()
    assert erasing.look(desk.ledger) == 0
    desk.now_s += PATIENCE_S
    assert desk.erasing().look(desk.ledger) == 1


def test_storing_and_naming_a_photo_again_are_seen_by_its_time(desk: Desk) -> None:
    photo = desk.photo(10)
    desk.photos.add_bytes(picture(10))
    assert (desk.photos.stored_s(photo.digest) or 0) > WROTE_S + 1000
    desk.stored_at(photo, WROTE_S)
    assert desk.photos.wanted(photo.digest)
    assert (desk.photos.stored_s(photo.digest) or 0) > WROTE_S + 1000
    assert not desk.photos.wanted("0" * 64)
    assert desk.photos.stored_s("0" * 64) is None


def test_a_text_that_comes_after_its_erasing_is_not_forgotten(desk: Desk) -> None:
    """The ledger reads events and texts side by side: the event may be first, and words and tombstone in one batch."""
    photo = desk.photo(10)
    erasing = desk.erasing()
    desk.erase("t-1")
    assert erasing.look(desk.ledger) == 0
    text = Written(id="t-1", case=NUMBER, by="p", role="report", at_ms=WROTE_S * 1000, photos=(photo,))
    desk.file._store.take_texts([TextRecord("t-1", encode(text)), TextRecord("t-1", None)], {})
    assert erasing.look(desk.ledger) == 0, "not at every look"
    desk.now_s += AGAIN_S
    assert erasing.look(desk.ledger) == 1
    assert not desk.here(photo)


async def test_an_erased_voice_message_is_gone_too(tmp_path: Path) -> None:
    """The pages play it until then: on the case, and in the list of jobs."""
    async with small_town(tmp_path) as town, ClientSession(town.url) as browser:
        recording = town.gateway.recordings.add(b"OggS a few words", 3)
        life = Life(town)
        sent = ReportSubmission(
            id="r-v", text="路面油污", address="湖滨南路12-8号", reporter=WALKER, recordings=(recording,)
        )
        await accept(town.gateway, ("web",), sent)
        kept = town.gateway.recordings.find(recording.digest, "ogg")
        assert kept is not None
        assert kept.parent.name != "waiting", "kept before it is accepted"
        os.utime(kept, (0, 0))
        await wait_until(lambda: town.street.cases, "the case")
        (number,) = town.street.cases
        address = f"/recordings/{recording.digest}.ogg"
        for page in (f"/case/{number}", f"/handler?as={OWNER}"):
            shown = await (await browser.get(page)).text()
            assert f'<source src="{address}" type="audio/ogg">' in shown
        answer = await browser.get(address)
        assert (answer.status, answer.headers["Content-Type"], await answer.read()) == (
            200,
            "audio/ogg",
            b"OggS a few words",
        )
        saved = await browser.get(f"{address}?download")
        assert saved.headers["Content-Disposition"].startswith("attachment")
        life.numbers["v"] = number
        life.act("v", Act.ERASE, WALKER)

        async def gone() -> bool:
            return (await browser.get(address)).status == 404

        await wait_until(gone, "the recording erased")
        assert not kept.exists()


async def test_a_recording_that_is_not_stored_is_refused(tmp_path: Path) -> None:
    async with small_town(tmp_path) as town:
        gone = Recording(digest="5e" * 32, format="ogg")
        with pytest.raises(Refused) as refusal:
            await accept(town.gateway, ("web",), ReportSubmission(text="x", recordings=(gone,)))
        assert [fault.code for fault in refusal.value.faults] == ["unknown_recording"]


async def test_a_reporter_erases_and_the_file_is_gone(tmp_path: Path) -> None:
    """The whole way in a running gateway: the handler's after-photo stays, the reporter's photo is gone for good."""
    async with small_town(tmp_path) as town, ClientSession(town.url) as browser:
        life = Life(town)
        number = life.report("a", "路面油污", "湖滨南路12-8号", photos=life.shots)
        life.act("a", Act.RESOLVE, OWNER, photos=(life.after,))
        for photo in (life.before, life.after):
            os.utime(file_of(tmp_path / "photos", photo), (0, 0))
        address = f"/photos/{life.before.digest}.jpg"
        assert (await browser.get(address)).status == 200
        life.act("a", Act.ERASE, WALKER)

        async def gone() -> bool:
            return (await browser.get(address)).status == 404

        await wait_until(gone, "the photo erased")
        assert town.gateway.photos.read(life.before.digest) is None
        assert (await browser.get(f"/photos/{life.after.digest}.jpg")).status == 200
        assert number in town.street.cases
