"""The base map below the shapes: none unless an operator names one, and then pictures of that origin only."""

import pytest
from aiohttp import ClientSession
from pydantic import ValidationError

from connectors.doors.http.app import HEADERS
from connectors.pages.board.base_map import POLICY, attributes, policy
from connectors.pages.form.options import FormOptions
from schemas.datum import Datum

TILES = "https://tiles.example/street/{z}/{x}/{y}.png"


def test_without_a_setting_there_is_none() -> None:
    assert attributes(FormOptions()) == {}
    assert policy(FormOptions()) == HEADERS[POLICY]


def test_only_pictures_of_its_origin_are_allowed_besides() -> None:
    options = FormOptions(map_tiles=TILES, map_datum=Datum.GCJ02, map_attribution="示例 审图号：GS(2026)0000")
    allowed = policy(options)
    assert "img-src 'self' https://tiles.example blob: data:;" in allowed
    assert allowed.replace(" https://tiles.example", "") == HEADERS[POLICY]
    assert attributes(options)["data-datum"] == "gcj02"


def test_tiles_of_our_own_origin_need_no_other_policy() -> None:
    assert policy(FormOptions(map_tiles="/tiles/{z}/{y}/{x}.png")) == HEADERS[POLICY]


@pytest.mark.parametrize(
    "wrong",
    [
        "https://tiles.example/",
        "ftp://tiles.example/{z}/{x}/{y}",
        "//tiles.example/{z}/{x}/{y}",
        "javascript:{z}{x}{y}",
        "https://tiles.example; script-src *//{z}/{x}/{y}",
        "https://a b/{z}/{x}/{y}",
        'https://a/{z}/{x}/{y}"',
        "{z}/{x}/{y}",
    ],
)
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        FormOptions(map_tiles=wrong)


async def test_other_pages_keep_their_policy(browser: ClientSession) -> None:
    for path in ("/board", "/supervisor"):
        async with browser.get(path) as answer:
            assert answer.headers[POLICY] == HEADERS[POLICY]
