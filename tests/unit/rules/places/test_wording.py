import pytest

from rules.places.wording import Names, spell


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("湖滨南路１２－８号", "湖滨南路12-8号"),
        ("湖滨 南路 12号", "湖滨南路12号"),
        ("12 Hubin South Road", "12 hubin s rd"),
        ("12  HUBIN S. Rd.", "12 hubin s rd"),
        ("湖滨南路 Hubin South Rd", "湖滨南路hubin s rd"),
        ("45½ Hubin South Road", "45 1/2 hubin s rd"),
        ("湖滨南路12²号", "湖滨南路12 2号"),
        ("湖滨南路1\u200b2号", "湖滨南路12号"),
    ],
)
def test_one_spelling(written: str, spelled: str) -> None:
    assert spell(written) == spelled


def test_the_longer_name_wins() -> None:
    """滨南路 stands inside 湖滨南路 and is not meant."""
    names = Names({"湖滨南路", "滨南路", "湖滨"})
    assert [m.name for m in names.mentions(spell("在湖滨南路和滨南路"))] == ["湖滨南路", "滨南路"]


def test_a_number_may_touch_a_latin_name() -> None:
    names = Names({"hubin rd", "cloud ln 1"})
    assert [m.name for m in names.mentions("12hubin rd14")] == ["hubin rd"]
    assert names.mentions("cloud ln 12") == []


def test_a_latin_name_is_a_whole_word() -> None:
    names = Names({spell("Hubin Road")})
    assert names.mentions(spell("Xihubin Road")) == []
    assert [m.name for m in names.mentions(spell("near Hubin Road, please"))] == ["hubin rd"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("鹭影地铁站", {"鹭影地铁站A口", "鹭影地铁站B口"}),
        ("at the egret shade metro", {"egret shade metro exit a"}),
        ("hubin rd 12", {"hubin s rd"}),
        ("鹭影", set()),
    ],
)
def test_a_name_is_known_by_its_beginning(said: str, meant: set[str]) -> None:
    names = Names({"鹭影地铁站A口", "鹭影地铁站B口", "egret shade metro exit a", "hubin s rd"})
    assert {mention.name for mention in names.near(said)} == meant
