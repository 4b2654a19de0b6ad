"""Messages as Feishu shows them."""

from typing import Any

import pytest

from connectors.chat.messages import Button, Outgoing
from connectors.doors.feishu.shown import shown
from schemas.names import Language


def message(text: str = "已收到", **more: Any) -> Outgoing:
    return Outgoing(id="m-1", chat="ou_li", text=text, **more)


def test_words() -> None:
    assert shown(message(), []) == ("text", {"text": "已收到"})
    assert shown(message(""), []) == ("text", {"text": "…"})


@pytest.mark.parametrize("text", ['<at user_id="all"></at> hi', "[好](https://evil.example)", "a &lt; b"])
def test_words_of_people_name_nobody_and_are_no_link(text: str) -> None:
    """In a `text` the first would call everybody in the group."""
    type_, content = shown(message(text), [])
    assert (type_, content["zh_cn"]["content"]) == ("post", [[{"tag": "text", "text": text}]])


def test_pictures_come_below_the_words() -> None:
    _, content = shown(message("a\nb"), ["img_1"])
    lines = [[{"tag": "text", "text": "a"}], [{"tag": "text", "text": "b"}], [{"tag": "img", "image_key": "img_1"}]]
    assert content["zh_cn"]["content"] == lines


def test_buttons_are_a_card_that_knows_its_chat() -> None:
    buttons, link = (Button(label="是", value="v1"),), "https://g.example/c"
    type_, card = shown(message(f"修好了吗？ {link}", buttons=buttons, link=link, language=Language.EN), ["img_1"])
    words, picture, actions = card["elements"]
    yes, page = actions["actions"]
    assert (type_, words["text"]["tag"], picture["img_key"]) == ("interactive", "plain_text", "img_1")
    assert (yes["text"]["content"], yes["value"]) == ("是", {"v": "v1", "chat": "ou_li"})
    assert (page["text"]["content"], page["url"], "value" in page) == ("Open the page", link, False)


def test_a_link_that_is_not_in_the_words_is_added() -> None:
    assert shown(message("a", link="https://g.example/c"), []).content == {"text": "a\nhttps://g.example/c"}
