"""A supervisor blurs parts of a photo on a page, without script; it is blurred wherever it is shown."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from connectors.doors.browser.platform import FILES
from tests.browser.reading_pages import text_of
from tests.worlds.drawn_photos import street_photo
from tests.worlds.small_town import Town
from tests.worlds.town_life import Life

FACE = {"f3-4": "1", "f11-8": "1"}


async def test_chosen_fields_are_blurred_for_good(town: Town, browser: ClientSession, tmp_path: Path) -> None:
    """Also in the file that its sender sees in the chat; then the page of the case is shown."""
    life = Life(town)
    number = life.report("greasy", "路面油污", "湖滨南路12-8号", photos=life.shots)
    sent = tmp_path / "doors" / "browser" / FILES / "a"
    sent.parent.mkdir(parents=True)
    sent.write_bytes(street_photo(clean=False))
    photos, digest = town.gateway.photos, life.before.digest
    before, address = photos.read(digest), f"/photo/{digest}?case={number}"
    assert f'href="{address}"' in await text_of(browser, f"/case/{number}?role=supervisor")
    page = await text_of(browser, address)
    assert (page.count('type="checkbox"'), page.count(f'src="/photos/{digest}.jpg"')) == (12 * 9, 1)
    async with browser.post(address, data=FACE, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, f"/case/{number}?role=supervisor")
    after = photos.read(digest)
    assert after not in (None, before)
    assert sent.read_bytes() == after
    assert photos.add_bytes(street_photo(clean=False)) == life.before
    assert photos.read(digest) == after


@pytest.mark.parametrize("fields", [{"none": ""}, {"f12-1": "1"}, {"f1-9": "1"}, {"x": "1"}])
async def test_who_chooses_nothing_is_asked_to(town: Town, browser: ClientSession, fields: dict[str, str]) -> None:
    digest = Life(town).before.digest
    before = town.gateway.photos.read(digest)
    async with browser.post(f"/photo/{digest}", data=fields, allow_redirects=False) as response:
        assert response.status == 400
        assert "请至少选择照片上的一格" in await response.text()
    assert town.gateway.photos.read(digest) == before


@pytest.mark.parametrize("digest", ["0" * 64, "..%2F..%2Fetc"])
async def test_what_is_no_photo_is_not_there(town: Town, browser: ClientSession, digest: str) -> None:
    for answer in (browser.get(f"/photo/{digest}"), browser.post(f"/photo/{digest}", data=FACE)):
        async with answer as response:
            assert response.status == 404


@pytest.mark.parametrize("role", ["reporter", "handler", ""])
async def test_only_supervisors_are_led_to_it(town: Town, browser: ClientSession, role: str) -> None:
    life = Life(town)
    number = life.report("greasy", "路面油污", "湖滨南路12-8号", photos=life.shots)
    assert "/photo/" not in await text_of(browser, f"/case/{number}?role={role}")
