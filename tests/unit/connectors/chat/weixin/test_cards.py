"""Buttons as a template card, which shows little."""

import pytest

from connectors.chat.messages import Button, Outgoing
from connectors.chat.weixin.cards import CardLimits, with_buttons
from schemas.names import Language

YES, NO = Button(label="是", value="v1"), Button(label="否", value="v2")


def message(text: str, *buttons: Button, id: str = "m-1", link: str = "") -> Outgoing:
    return Outgoing(id=id, chat="zhangsan", text=text, buttons=buttons, link=link, language=Language.EN)


def test_a_short_question_is_a_card_alone() -> None:
    words, card = with_buttons(message("修好了吗？\n湖滨南路井盖", YES, NO), CardLimits())
    assert (words, card) == (
        "",
        {
            "card_type": "button_interaction",
            "main_title": {"title": "修好了吗？"},
            "sub_title_text": "湖滨南路井盖",
            "task_id": "m-1",
            "button_list": [{"text": "是", "style": 1, "key": "v1"}, {"text": "否", "style": 1, "key": "v2"}],
        },
    )


@pytest.mark.parametrize(("text", "link"), [("长" * 200, ""), ("长\n" + "长" * 200, ""), ("short", "https://x.org/1")])
def test_long_words_and_links_go_before_the_card(text: str, link: str) -> None:
    words, card = with_buttons(message(text, YES, link=link), CardLimits())
    assert (words, card["main_title"]["title"]) == ("\n".join(filter(None, (text, link))), "Please choose:")


def test_long_labels_become_a_list_and_the_buttons_its_numbers() -> None:
    long = Button(label="湖滨南路 118 号门前的井盖", value="v3")
    _, card = with_buttons(message("哪一件？", long, YES), CardLimits())
    assert (card["sub_title_text"], [each["text"] for each in card["button_list"]]) == (
        "1. 湖滨南路 118 号门前的井盖\n2. 是",
        ["1", "2"],
    )


def test_the_task_id_is_the_same_for_the_same_message_and_one_that_the_platform_takes() -> None:
    ids = [with_buttons(message("x", YES, id=id), CardLimits())[1]["task_id"] for id in ("a.1", "a.1", "a.2", "b-1")]
    assert (ids[0] == ids[1], len(set(ids)), "." in "".join(ids)) == (True, 3, False)
