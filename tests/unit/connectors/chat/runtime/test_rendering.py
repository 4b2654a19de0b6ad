"""What is said, as messages of a platform."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.conversation.turn import Say
from connectors.chat.messages import Button, Outgoing, Pin
from connectors.chat.platform import Features
from connectors.chat.runtime.rendering import MOST_PARTS, rendered, split
from schemas.names import Language

ALL = Features(buttons=4, pins=True)
NOTHING = Features(photos=False, characters=500)
SAID = Say(
    "Is it fixed?",
    buttons=(Button(label="Fixed", value="v1"), Button(label="Not fixed", value="v2")),
    photos=("a" * 64,),
    pin=Pin(lon=118.081234, lat=24.46, label="湖滨南路 12"),
    link="https://here/case/1",
    case="T-G01-2511-00001",
)


def messages(said: Say, features: Features, language: Language = Language.EN) -> list[Outgoing]:
    return rendered(said, "o1", "c", language, features, answers="m")


def test_a_platform_that_shows_all_gets_it_as_it_is() -> None:
    (message,) = messages(SAID, ALL)
    assert (message.id, message.chat, message.answers, message.case) == ("o1", "c", "m", SAID.case)
    assert (message.buttons, message.photos, message.pin, message.link) == (
        SAID.buttons, SAID.photos, SAID.pin, SAID.link,
    )  # fmt: skip
    assert message.text == "Is it fixed?"


def test_what_cannot_be_shown_is_said() -> None:
    """In the language of the person, and choices as a list to be answered by number."""
    (message,) = messages(SAID, NOTHING, Language.ZH)
    assert message.buttons == message.photos == ()
    assert message.pin is None
    assert message.text.splitlines() == [
        "Is it fixed?",
        "（有 1 张照片无法在此显示。）",
        "地图：https://uri.amap.com/marker?position=118.081234,24.460000"
        "&name=%E6%B9%96%E6%BB%A8%E5%8D%97%E8%B7%AF%2012&coordinate=wgs84",
        "1. Fixed",
        "2. Not fixed",
        "请回复数字选择。",
    ]


def test_a_link_is_beside_the_text_which_has_room_for_it() -> None:
    made = messages(Say("x" * 195, link=SAID.link), Features(characters=200))
    assert [(len(message.text), message.link) for message in made] == [(180, ""), (15, SAID.link)]


def test_more_buttons_than_fit_become_a_list() -> None:
    (message,) = messages(SAID, Features(buttons=1, pins=True))
    assert message.buttons == ()
    assert "2. Not fixed" in message.text


def test_a_long_text_becomes_several_messages_and_the_last_one_carries_the_rest() -> None:
    """Their ids follow from the first one, so that each is sent once."""
    text = "\n".join(f"line {n} of a long text" for n in range(20))
    made = rendered(Say(text, SAID.buttons), "o1", "c", Language.EN, Features(buttons=2, characters=200))
    assert [message.id for message in made] == ["o1", "o1.1", "o1.2"]
    assert [bool(message.buttons) for message in made] == [False, False, True]
    assert "\n".join(message.text for message in made) == text


@given(st.text(), st.integers(1, 60))
def test_no_part_is_too_long_and_nothing_is_lost_but_blanks(text: str, most: int) -> None:
    parts = split(text, most)
    assert 1 <= len(parts) <= MOST_PARTS
    assert all(len(part) <= most for part in parts)
    whole = "".join("".join(parts).split())
    if not parts[-1].endswith("…"):
        assert whole == "".join(text.split())


def test_a_text_is_divided_where_a_reader_would() -> None:
    """Behind a paragraph rather than a line, a sentence rather than a clause, and anywhere if there is no place."""
    text = "井盖坏了。请派人来修，谢谢"
    assert [split(text, most)[0] for most in (12, 4, 3)] == ["井盖坏了。", "井盖坏了", "井盖坏"]
    assert split("one two\nthree four", 12) == ["one two", "three four"]
