import pytest

from connectors.doors.matrix.mentions import is_named, without_name
from connectors.doors.matrix.room import RoomView

ROOM = RoomView("!r:h", "@grid36:city.test", "网格小助手")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("网格小助手，井盖坏了", True),
        ("井盖坏了@网格小助手看一下", True),
        ("grid36: the lamp is dark", True),
        ("GRID36 the lamp is dark", True),
        ("ask @grid36:city.test", True),
        ("grid360 is another", False),
        ("mygrid36", False),
        ("谁去吃饭？", False),
        ("", False),
    ],
)
def test_a_name_in_the_words_is_enough(text: str, named: bool) -> None:
    assert is_named({}, text, ROOM) is named


def test_a_mention_names_us_without_words() -> None:
    assert is_named({"m.mentions": {"user_ids": ["@grid36:city.test"]}}, "看", ROOM)
    assert not is_named({"m.mentions": {"user_ids": ["@other:city.test", 3], "room": True}}, "看", ROOM)
    assert not is_named({"m.mentions": "x"}, "看", ROOM)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("网格小助手：井盖坏了", "井盖坏了"),
        ("@grid36:city.test: the lamp", "the lamp"),
        ("the lamp, grid36", "the lamp, grid36"),
        ("grid36", ""),
    ],
)
def test_our_name_is_no_part_of_the_words_behind_it(text: str, rest: str) -> None:
    assert without_name(text, ROOM) == rest


def test_without_a_display_name_the_local_part_counts() -> None:
    assert is_named({}, "grid36?", RoomView("!r:h", "@grid36:city.test"))
