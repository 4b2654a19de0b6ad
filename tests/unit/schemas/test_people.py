import re

from hypothesis import given
from hypothesis import strategies as st

from schemas.people import CODE_PATTERN, code_from_name


@given(st.text())
def test_any_name_gives_a_code(name: str) -> None:
    assert re.fullmatch(CODE_PATTERN, code_from_name(name))


def test_plain_names_stay_readable() -> None:
    assert code_from_name("NYPD") == "nypd"
    assert code_from_name("Parks & Recreation") == "parks-recreation"


def test_chinese_names_differ_and_are_stable() -> None:
    assert code_from_name("市政园林局") == code_from_name(" 市政园林局 ")
    assert code_from_name("市政园林局") != code_from_name("城市管理局")


def test_long_names_stay_apart() -> None:
    assert code_from_name("a" * 100) != code_from_name("a" * 101)
