from pathlib import Path

import pytest

from grid36.replay.file.mapping_file import read_mapping
from grid36.replay.file.reasons import WrongMapping
from schemas.datum import Datum
from schemas.names import Language
from tests.generators.city_cases import MAPPING


def mapping_file(folder: Path, text: str) -> Path:
    path = folder / "m.yaml"
    path.write_text(text)
    return path


def test_the_mapping_of_the_contract_is_read(tmp_path: Path) -> None:
    mapping = read_mapping(mapping_file(tmp_path, MAPPING))
    assert mapping.datum == Datum.WGS84
    assert mapping.department is not None
    assert mapping.department.department("WATER").code == "water-works"
    assert mapping.department.department("Lamp & Light").code == "lamp-light"


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    """A person corrects a mapping once, not once per mistake."""
    text = (
        'reported_at: {column: a, zone: Mars/Olympus}\nclosed_at: {column: b, format: "%H:%M"}\n'
        "latitude: x\ncolour: red\ndepartment: {column: d, values: {A: Not A Code}}\ntext: t\ntext: u\n"
    )
    with pytest.raises(WrongMapping) as caught:
        read_mapping(mapping_file(tmp_path, text))
    words = str(caught.value)
    assert "line 1: id: is missing" in words
    assert "line 1: reported_at.zone: no time zone is called 'Mars/Olympus'" in words
    assert "line 2: closed_at.formats:" in words
    assert "line 4: colour: is no field" in words
    assert "line 5: department.values.A" in words
    assert "line 7: text: is given twice" in words


MISTAKES = """\
reported_at: {column: a, zone: Mars/Olympus}
closed_at: {column: a, format: "%H:%M"}
due_at: {column: a, format: "%Y-%m-%d %H:%M %p"}
acknowledged_at: {column: a, columns: [b, c]}
colour: red
datum: mars
encoding: klingon
separator: abc
order: any
latitude: x
text: t
text: u
"""


def test_mistakes_are_told_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(WrongMapping) as caught:
        read_mapping(mapping_file(tmp_path, MISTAKES))
    zh, en = (caught.value.say(language).splitlines() for language in (Language.ZH, Language.EN))
    assert len(zh) == len(en) == 12
    assert all(any("\u4e00" <= character <= "\u9fff" for character in line) for line in zh)
    assert not any("\u4e00" <= character <= "\u9fff" for line in en for character in line)


def test_a_mapping_may_be_saved_as_editors_in_china_save_it(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes("id: 案件编号\nreported_at: {column: 上报时间, zone: Asia/Shanghai}\n".encode("gb18030"))
    assert read_mapping(path).id == "案件编号"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: a\nreported_at: b\nlatitude: c\n", "latitude and longitude come together"),
        ("id: a\nreported_at: b\nlatitude: c\nlongitude: d\n", "need their datum"),
        ("id: a\nreported_at: b\nlatitude: c\nlongitude: d\ndatum: mars\n", "line 5: datum"),
        ("- a\n", "empty or a list"),
        ("", "empty or a list"),
        ("id: [", "is not YAML"),
        ("id: a\nreported_at: {column: b, format: '%Y-%m-%d %I:%M'}\n", "must say"),
        ("a: &a {b: *a}\n", "is not YAML"),
        ("id: 2026-13-45\n", "is not YAML"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(WrongMapping, match=words):
        read_mapping(mapping_file(tmp_path, text))


def test_columns_the_file_lacks_are_all_listed(tmp_path: Path) -> None:
    mapping = read_mapping(mapping_file(tmp_path, "id: a\nreported_at: b\ncategory: c\n"))
    with pytest.raises(WrongMapping) as caught:
        mapping.check_header(["a", "a", "x"], tmp_path / "f.csv")
    words = str(caught.value)
    assert "id: 2 columns called 'a'" in words
    assert "reported_at: no column called 'b'" in words
    assert "category: no column called 'c'" in words
