"""What is in a message, by its type."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import Content, Media, MediaKind, SentMedia, SharedPosition, Unreadable, Wrote
from connectors.doors.feishu.contents import MOST_FILES, contents_of, mentions_of
from schemas.datum import Datum
from tests.worlds.feishu.cloud import BOT

NAMED = [
    {"key": "@_user_1", "id": {"open_id": BOT}, "name": "网格"},
    {"key": "@_user_10", "id": {"open_id": "ou_li"}, "name": "李"},
]


def read(kind: str, content: object, mentions: object = ()) -> list[Content]:
    found = mentions_of(list(mentions) if isinstance(mentions, tuple) else mentions, BOT)
    return contents_of(kind, json.dumps(content), found, "om_1", Datum.GCJ02)


def media(kind: MediaKind, type_: str, key: str, seconds: int | None = None) -> Media:
    return Media(kind=kind, ref=f"om_1/{type_}/{key}", seconds=seconds)


def test_words_have_names_for_signs_and_not_our_own() -> None:
    """`@_user_1` begins `@_user_10`."""
    assert read("text", {"text": "@_user_1 @_user_10 看看"}, NAMED) == [Wrote(text="@李 看看")]


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("image", {"image_key": "img_1"}, media(MediaKind.PHOTO, "image", "img_1")),
        ("audio", {"file_key": "f_1", "duration": 2400}, media(MediaKind.VOICE, "file", "f_1", 2)),
        ("media", {"file_key": "f_1", "image_key": "i", "duration": 60_000}, media(MediaKind.VIDEO, "file", "f_1", 60)),
        ("sticker", {"file_key": "f_1"}, media(MediaKind.STICKER, "file", "f_1")),
        ("file", {"file_key": "f_1", "file_name": "a.pdf"}, media(MediaKind.FILE, "file", "f_1")),
        ("file", {"file_key": "f_1", "file_name": "IMG.HEIC"}, media(MediaKind.PHOTO, "file", "f_1")),
    ],
)
def test_files(kind: str, content: dict[str, Any], expected: Media) -> None:
    assert read(kind, content) == [SentMedia(media=expected)]


def test_a_position_has_texts_for_numbers() -> None:
    found = read("location", {"name": "湖滨", "longitude": "118.082", "latitude": "24.461"})
    assert found == [SharedPosition(lon=118.082, lat=24.461, datum=Datum.GCJ02, label="湖滨")]


@pytest.mark.parametrize("lon", ["", "nan", "181", "east", None, "1e999"])
def test_a_position_that_is_none(lon: str | None) -> None:
    assert read("location", {"longitude": lon, "latitude": "1"}) == [Unreadable(name="location")]


@pytest.mark.parametrize("kind", ["merge_forward", "share_user", "hongbao", "interactive", "folder", "something_new"])
def test_what_we_do_not_know_is_named(kind: str) -> None:
    assert read(kind, {"text": "Merged and Forwarded Message"}) == [Unreadable(name=kind)]


@pytest.mark.parametrize("key", ["", "../x", "a/b", None, 7])
def test_a_key_that_is_none_is_no_file(key: object) -> None:
    assert read("image", {"image_key": key}) == [Unreadable(name="image")]


POST = [
    [{"tag": "at", "user_id": "@_user_1", "user_name": "网格"}, {"tag": "text", "text": "路灯 "}, {"tag": "hr"}],
    [{"tag": "img", "image_key": "img_1"}],
    [{"tag": "a", "text": "地图", "href": "https://x"}, {"tag": "emotion", "emoji_type": "OK"}, {"tag": "new"}],
]


def test_a_post_is_its_words_with_its_picture() -> None:
    (sent,) = read("post", {"title": "坏了", "content": POST}, NAMED)
    photo = media(MediaKind.PHOTO, "image", "img_1")
    assert sent == SentMedia(media=photo, text="坏了\n路灯 \n地图[OK]")


def test_a_post_with_several_pictures_is_an_album_with_the_words_first() -> None:
    lines = [*POST, [{"tag": "media", "file_key": "v_1"}]]
    first, second = read("post", {"title": "", "content": lines})
    assert isinstance(first, SentMedia)
    assert isinstance(second, SentMedia)
    assert (first.album, second.album, second.text) == ("om_1", "om_1", "")
    assert second.media.kind is MediaKind.VIDEO
    assert "路灯" in first.text


def test_a_post_that_is_wrapped_by_language() -> None:
    assert read("post", {"zh_cn": {"title": "坏了", "content": []}}) == [Wrote(text="坏了")]


def test_a_post_has_an_end() -> None:
    lines = [[{"tag": "img", "image_key": f"i{n}"}] for n in range(500)]
    assert len(read("post", {"content": lines})) == MOST_FILES


TREE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["text", "content", "title", "tag", "image_key", "file_key", "longitude", "zh_cn", "x"]), inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip
TYPES = ["text", "post", "image", "audio", "media", "file", "sticker", "location"]
KINDS = st.sampled_from(TYPES) | st.text(max_size=9)


@given(KINDS, TREE, TREE)
def test_any_content_is_read(kind: str, content: object, mentions: object) -> None:
    assert read(kind, content, mentions)


@given(KINDS, st.text() | TREE)
def test_a_content_that_is_no_json_is_named(kind: str, raw: object) -> None:
    assert contents_of(kind, raw, mentions_of(None, BOT), "om_1", Datum.GCJ02)
