import pytest

from rules.wording import HouseNumber, Names, chinese_number, house_number, spell


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("湖滨南路１２－８号", "湖滨南路12-8号"),
        ("湖滨 南路 12号", "湖滨南路12号"),
        ("12 Hubin South Road", "12 hubin s rd"),
        ("12  HUBIN S. Rd.", "12 hubin s rd"),
        ("湖滨南路 Hubin South Rd", "湖滨南路hubin s rd"),
    ],
)
def test_one_spelling(written: str, spelled: str) -> None:
    assert spell(written) == spelled


@pytest.mark.parametrize(("numeral", "number"), [("十二", 12), ("一百零三", 103), ("二十", 20), ("一二三", 123)])
def test_chinese_numbers(numeral: str, number: int) -> None:
    assert chinese_number(numeral) == number


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("12号", HouseNumber(12, "12")),
        ("12-8号油污", HouseNumber(12, "12-8")),
        ("12之3", HouseNumber(12, "12-3")),
        ("十二号", HouseNumber(12, "12")),
        ("第12号", HouseNumber(12, "12")),
        ("路口近12号门口", HouseNumber(12, "12")),
        ("12路公交站", None),
        ("50米处", None),
        ("12号线地铁站", None),
        ("", None),
    ],
)
def test_chinese_puts_the_number_behind(after: str, found: HouseNumber | None) -> None:
    assert house_number("", after, latin=False) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("12 ", "", HouseNumber(12, "12")),
        ("greasy at no 12-8 ", "", HouseNumber(12, "12-8")),
        ("", " 12", HouseNumber(12, "12")),
        ("", " 3rd floor", None),
        ("at ", "", None),
    ],
)
def test_english_puts_the_number_in_front(before: str, after: str, found: HouseNumber | None) -> None:
    assert house_number(before, after, latin=True) == found


def test_the_longer_name_wins() -> None:
    """滨南路 stands inside 湖滨南路 and is not meant."""
    names = Names({"湖滨南路", "滨南路", "湖滨"})
    assert [m.name for m in names.mentions(spell("在湖滨南路和滨南路"))] == ["湖滨南路", "滨南路"]


def test_a_latin_name_is_a_whole_word() -> None:
    names = Names({spell("Hubin Road")})
    assert names.mentions(spell("Xihubin Road")) == []
    assert [m.name for m in names.mentions(spell("near Hubin Road, please"))] == ["hubin rd"]
