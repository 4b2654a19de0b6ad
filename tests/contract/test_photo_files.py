"""What every store of photo files promises: stored means durable, once; replaced and erased is gone; away is said so.

Held against a folder and against a bucket of a real S3 server.
"""

import asyncio
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import FormData

from connectors.photos.bucket import BucketFiles
from connectors.photos.bucket_address import BucketAddress
from connectors.photos.files import PhotoFiles, PhotosAwayError
from connectors.photos.places import photo_files
from schemas.codec import decode
from schemas.names import Language
from schemas.report import Report
from tests.processes.s3_server import BUCKET, KEY, SECRET, S3Server, running_s3
from tests.worlds.doors import Doors, doors, picture

KEY_OF_FILE = "ab/abcd.jpg"


@dataclass
class World:
    """A store, and how it goes away and comes back."""

    where: str
    folder: Path
    server: S3Server | None

    @property
    def files(self) -> PhotoFiles:
        return photo_files(self.where)

    def go_away(self) -> None:
        if self.server is not None:
            self.server.kill()
        else:
            self.folder.rename(self.folder.with_name("elsewhere"))
            self.folder.write_text("no folder")

    def come_back(self) -> None:
        if self.server is not None:
            self.server.start()
        else:
            self.folder.unlink()
            self.folder.with_name("elsewhere").rename(self.folder)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture(params=["folder", "bucket"])
def world(request: pytest.FixtureRequest, tmp_path: Path, credentials: None) -> World:
    if request.param == "folder":
        return World(str(tmp_path / "photos"), tmp_path / "photos", None)
    server: S3Server = request.getfixturevalue("s3")
    server.start()
    return World(server.address(f"city/{uuid4().hex}"), tmp_path, server)


def test_a_file_is_stored_once_and_its_time_renewed(world: World) -> None:
    """Adding it again changes nothing but its time, from whichever process."""
    began_s = time.time() - 2  # servers count whole seconds
    world.files.add(KEY_OF_FILE, b"first")
    world.files.add(KEY_OF_FILE, b"other")
    assert world.files.read(KEY_OF_FILE) == b"first"
    stored_s = world.files.stored_s(KEY_OF_FILE)
    assert stored_s is not None
    assert stored_s >= began_s
    assert world.files.renew(KEY_OF_FILE)
    assert (world.files.stored_s(KEY_OF_FILE) or 0) >= stored_s


def test_what_was_never_stored_is_missing(world: World) -> None:
    """Nothing is raised for it, also when it is erased."""
    assert world.files.read(KEY_OF_FILE) is None
    assert world.files.stored_s(KEY_OF_FILE) is None
    assert not world.files.renew(KEY_OF_FILE)
    world.files.erase(KEY_OF_FILE)
    assert world.files.stored_s(KEY_OF_FILE) is None


def test_what_is_erased_is_gone_and_may_come_again(world: World) -> None:
    """Its renewed time is gone, too."""
    for content in (b"one", b"two"):
        world.files.add(KEY_OF_FILE, content)
        assert world.files.renew(KEY_OF_FILE)
        assert world.files.read(KEY_OF_FILE) == content
        world.files.erase(KEY_OF_FILE)
        assert world.files.read(KEY_OF_FILE) is None
        assert not world.files.renew(KEY_OF_FILE)


def test_what_was_replaced_stays_replaced(world: World) -> None:
    """Whoever sends the first content again does not bring it back."""
    world.files.add(KEY_OF_FILE, b"a face")
    world.files.replace(KEY_OF_FILE, b"a blurred face")
    assert world.files.read(KEY_OF_FILE) == b"a blurred face"
    world.files.add(KEY_OF_FILE, b"a face")
    assert world.files.read(KEY_OF_FILE) == b"a blurred face"
    world.files.replace("cd/cdef.jpg", b"new")
    assert world.files.read("cd/cdef.jpg") == b"new"


def test_many_who_add_the_same_at_once_add_one(world: World) -> None:
    """And nobody who reads meanwhile sees half of it."""
    content = os.urandom(500_000)
    files = world.files
    with ThreadPoolExecutor(8) as threads:
        seen = [threads.submit(files.read, KEY_OF_FILE) for _ in range(4)]
        for each in [threads.submit(files.add, KEY_OF_FILE, content) for _ in range(8)]:
            each.result()
        assert {each.result() for each in seen} <= {None, content}
    assert files.read(KEY_OF_FILE) == content


def test_who_is_away_says_so_and_has_lost_nothing(world: World) -> None:
    """Every method raises the error that means: try later."""
    world.files.add(KEY_OF_FILE, b"here")
    world.go_away()
    try:
        files = world.files
        for ask in (
            lambda: files.add("cd/cdef.jpg", b"new"),
            lambda: files.replace(KEY_OF_FILE, b"new"),
            lambda: files.read(KEY_OF_FILE),
            lambda: files.stored_s(KEY_OF_FILE),
            lambda: files.renew(KEY_OF_FILE),
            lambda: files.erase(KEY_OF_FILE),
        ):
            with pytest.raises(PhotosAwayError):
                ask()
    finally:
        world.come_back()
    assert world.files.read(KEY_OF_FILE) == b"here"
    assert world.files.read("cd/cdef.jpg") is None


def test_what_was_confirmed_before_a_kill_is_there_whole(world: World) -> None:
    """Killed by signal 9 between any two steps; what was not confirmed is there whole or not at all."""
    confirmed = confirmed_before(world, lambda child: child.kill())
    assert_whole(world, confirmed)
    for path in world.folder.rglob("*.jpg"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem


def test_what_a_server_confirmed_before_it_was_killed_is_there_whole(
    s3: S3Server, tmp_path: Path, credentials: None
) -> None:
    """It is the server that is killed, while somebody stores one file after the other there."""
    bucket = World(s3.address(f"killed/{uuid4().hex}"), tmp_path, s3)
    s3.start()
    confirmed = confirmed_before(bucket, lambda _: s3.kill())
    s3.start()
    assert_whole(bucket, confirmed)


def confirmed_before(world: World, kill: Callable[["subprocess.Popen[str]"], None]) -> list[str]:
    """The keys that a process printed which stores files until something is killed."""
    command = [sys.executable, "-m", "tests.processes.photo_process", world.where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        confirmed = [child.stdout.readline().strip() for _ in range(5)]
        kill(child)
        return confirmed + [line.strip() for line in child.stdout if line.endswith("\n")]


def assert_whole(world: World, confirmed: list[str]) -> None:
    assert len(confirmed) >= 5
    for key in confirmed:
        content = world.files.read(key)
        assert content is not None
        assert hashlib.sha256(content).hexdigest() in key


@pytest.mark.parametrize("language", Language)
def test_a_refusal_says_nothing_of_the_credentials(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    """Neither the key nor the secret is in what people and logs are told."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a wrong secret")
    s3.start()
    with pytest.raises(PhotosAwayError) as refused:
        photo_files(s3.address("city")).add(KEY_OF_FILE, b"x")
    said = refused.value.say(language)
    assert "refuses our credentials" in said
    assert KEY not in said
    assert "a wrong secret" not in said
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    elsewhere = BucketFiles(BucketAddress(f"no-{BUCKET}", "", s3.url, "us-east-1"))
    with pytest.raises(PhotosAwayError, match="no such bucket"):
        elsewhere.replace(KEY_OF_FILE, b"x")


async def test_a_door_accepts_nothing_that_is_not_in_the_bucket(
    s3: S3Server, tmp_path: Path, credentials: None
) -> None:
    """While the server is away: try later, and reports without photos are accepted. Then the same form is accepted."""
    s3.start()
    async with doors(tmp_path, photos=photo_files(s3.address(f"door/{uuid4().hex}"))) as town:
        await asyncio.to_thread(s3.kill)
        status, answer = await sent(town)
        assert (status, answer["error"]) == (503, "photos_away")
        async with town.client.post("/api/reports", json={"id": "r2", "text": "路灯坏了"}) as response:
            assert response.status == 202
        assert [each.row.key for each in town.stored()] == ["r2"]
        await asyncio.to_thread(s3.start)
        assert (await sent(town))[0] == 202
        (photo,) = decode(Report, town.stored()[-1].row.value).photos
        for address in (f"/photos/{photo.digest}.jpg", f"/photos/small/{photo.digest}.jpg"):
            async with town.client.get(address) as response:
                assert (response.status, (await response.read())[:2]) == (200, b"\xff\xd8")
        await asyncio.to_thread(town.gateway.photos.forget, photo.digest)
        for address in (f"/photos/{photo.digest}.jpg", f"/photos/small/{photo.digest}.jpg"):
            async with town.client.get(address) as response:
                assert response.status == 404


async def sent(town: Doors) -> tuple[int, dict[str, Any]]:
    form = FormData({"id": "r1", "text": "油污"})
    form.add_field("photos", picture(), filename="a.jpg", content_type="image/jpeg")
    async with town.client.post("/api/reports", data=form) as response:
        return response.status, await response.json()
