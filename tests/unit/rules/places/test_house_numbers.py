import pytest

from rules.places.house_numbers import HouseNumber, chinese_number, number_beside, numbers_in


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("十二", 12),
        ("一百零三", 103),
        ("二十", 20),
        ("一二三", 123),
        ("壹佰", 100),
        ("廿五", 25),
        ("一百卅", 130),
        ("一百十二", 112),
        ("一千零五", 1005),
        ("一百二", None),
        ("十十", None),
        ("二二十", None),
        ("", None),
    ],
)
def test_chinese_numbers(numeral: str, number: int | None) -> None:
    assert chinese_number(numeral) == number


@pytest.mark.parametrize(
    ("after", "found", "left"),
    [
        ("12号", HouseNumber(12, "12"), ""),
        ("12-8号油污", HouseNumber(12, "12-8"), "油污"),
        ("12-18号", HouseNumber(12, "12-18", 18), ""),
        ("12之3", HouseNumber(12, "12-3"), ""),
        ("12号附3", HouseNumber(12, "12-3"), ""),
        ("12甲号", HouseNumber(12, "12甲"), ""),
        ("175a号", HouseNumber(175, "175A"), ""),
        ("45 1/2", HouseNumber(45, "45 1/2"), ""),
        ("45-1/2", HouseNumber(45, "45 1/2"), ""),
        ("十二号", HouseNumber(12, "12"), ""),
        ("十二之三号", HouseNumber(12, "12-3"), ""),
        ("一百七十五甲号", HouseNumber(175, "175甲"), ""),
        ("12号之二", HouseNumber(12, "12-2"), ""),
        ("12#", HouseNumber(12, "12"), ""),
        ("一带", None, "一带"),
        ("第12号", HouseNumber(12, "12"), ""),
        ("12弄3号", HouseNumber(12, "12"), "弄3号"),
        ("12号楼", HouseNumber(12, "12"), "楼"),
        ("12/14", HouseNumber(12, "12"), "/14"),
        ("路口近12号门口", None, "路口近12号门口"),
        ("123456号", None, "123456号"),
        ("12m", HouseNumber(12, "12"), "m"),
        ("", None, ""),
    ],
)
def test_chinese_puts_the_number_behind(after: str, found: HouseNumber | None, left: str) -> None:
    assert number_beside("", after, latin=False) == (found, "", left)


@pytest.mark.parametrize(
    ("before", "after", "found", "left"),
    [
        ("12 ", "", HouseNumber(12, "12"), ("", "")),
        ("greasy at no 12-8 ", "", HouseNumber(12, "12-8"), ("greasy at ", "")),
        ("45 1/2 ", "", HouseNumber(45, "45 1/2"), ("", "")),
        ("175 a ", "", HouseNumber(175, "175A"), ("", "")),
        ("175 e ", "", None, ("175 e ", "")),
        ("12 14 ", "", HouseNumber(14, "14"), ("12 ", "")),
        ("1/2 ", "", None, ("1/2 ", "")),
        ("", " 12", HouseNumber(12, "12"), ("", "")),
        ("at ", "", None, ("at ", "")),
    ],
)
def test_english_puts_the_number_in_front(
    before: str, after: str, found: HouseNumber | None, left: tuple[str, str]
) -> None:
    assert number_beside(before, after, latin=True) == (found, *left)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12号和14号", ["12", "14"]),
        ("4/12", ["4", "12"]),
        ("12弄3号", ["12", "3"]),
        ("12号3栋2单元501室5楼", ["12"]),
        ("12 apt 4 3rd floor", ["12"]),
        ("50米处12号", ["12"]),
        ("12路公交 10号线 361004 13800000000", []),
        ("十二号", ["12"]),
        ("一个", []),
        ("lp0001 a12号", ["12"]),
        ("十二之三号", ["12-3"]),
    ],
)
def test_what_counts_something_else_is_no_house(text: str, numbers: list[str]) -> None:
    assert [placed.house.written for placed in numbers_in(text)] == numbers
