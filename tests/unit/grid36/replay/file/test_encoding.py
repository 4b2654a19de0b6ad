"""A file is read whole before anything is sent: in an encoding that is certain, or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid36.replay.file.rows import PastRow
from tests.unit.grid36.replay.reading import refusal, row_of, rows_of

TIME = "2026-11-01 08:00:00"
CHINESE = f"id,created,text\nK1,{TIME},灯杆旁路面破损，请维修\n"


def european(word: str) -> str:
    return f"id,created,text\nK1,{TIME},{word}\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"]
)
def test_what_is_certain_is_found_out(tmp_path: Path, encoding: str) -> None:
    assert row_of(tmp_path, CHINESE.encode(encoding), text="text").text == "灯杆旁路面破损，请维修"


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252", "iso8859-15"])
@pytest.mark.parametrize(
    "word", ["Straßenschaden", "Éclairage", "Größe", "señal", "ILUMINAÇÃO", "Bänke über Gräben öffentlich"]
)
def test_european_texts_are_never_taken_for_chinese_ones(tmp_path: Path, word: str, encoding: str) -> None:
    """Most of them are valid GB 18030, so that validity proves nothing."""
    raw = european(word).encode(encoding)
    words = refusal(tmp_path, raw, text="text")
    assert "`encoding: latin-1`" in words
    first = next(at for at, byte in enumerate(raw, 1) if byte > 127)
    assert f"line 2, byte {first} of the file is {raw[first - 1]:02X}" in words
    assert row_of(tmp_path, raw, text="text", encoding=encoding).text == word


@pytest.mark.parametrize("encoding", ["euc-kr", "shift-jis", "big5", "euc-jp", "cp1251"])
def test_other_encodings_are_read_only_when_they_are_named(tmp_path: Path, encoding: str) -> None:
    words = {
        "euc-kr": "가로등이 꺼졌습니다 빨리 고쳐 주세요", "shift-jis": "街灯が消えています", "big5": "路燈不亮請維修",
        "euc-jp": "街灯が消えています", "cp1251": "не горит фонарь",
    }  # fmt: skip
    raw = european(words[encoding]).encode(encoding)
    assert "encoding" in refusal(tmp_path, raw, text="text")
    assert row_of(tmp_path, raw, text="text", encoding=encoding).text == words[encoding]


def test_a_file_that_is_valid_in_both_ways_is_asked_about(tmp_path: Path) -> None:
    """These two characters in GB 18030 are two letters of different scripts in UTF-8."""
    raw = european("犬只").encode("gb18030")
    assert raw.decode("utf-8")
    assert "UTF-8 or GB 18030" in refusal(tmp_path, raw, text="text")
    assert row_of(tmp_path, raw, text="text", encoding="gb18030").text == "犬只"
    for word in ("фонарь", "φωτισμός", "Straßenschäden", "تنظيف"):
        assert row_of(tmp_path, european(word), text="text").text == word


def test_an_encoding_that_is_named_must_fit(tmp_path: Path) -> None:
    assert "line 2, byte 44 of the file is DF" in refusal(
        tmp_path, european("Straße").encode("latin-1"), encoding="utf-8"
    )
    assert "windows-1252" in refusal(tmp_path, european("it’s").encode("cp1252"), encoding="latin-1")
    assert "remove `encoding:`" in refusal(tmp_path, CHINESE.encode("utf-8-sig"), encoding="gbk")


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"PK\x03\x04 and so on", "workbook"), (b"\x1f\x8b\x08", "compressed"), (b"%PDF-1", "PDF"), (b"", "empty")],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, raw: bytes, words: str) -> None:
    assert words in refusal(tmp_path, raw)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    """Also where cells hold other separators."""
    lines = [separator.join(("id", "created", "text")), separator.join(("1", TIME, '"a, b; c | d"'))]
    assert row_of(tmp_path, "\n".join(lines), text="text").text == "a, b; c | d"


def test_a_separator_is_told_by_the_mapping_or_by_the_first_line(tmp_path: Path) -> None:
    assert row_of(tmp_path, f"id^created\n1^{TIME}\n", separator="^").report == "1"
    assert row_of(tmp_path, f"sep=;\nid;created\n1;{TIME}\n").report == "1"
    assert row_of(tmp_path, f"id\tcreated\n1\t{TIME}\n", separator="tab").report == "1"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_lines_end_as_any_system_ends_them(tmp_path: Path, end: str, encoding: str) -> None:
    content = CHINESE + f"K2,{TIME},路灯不亮，晚上看不清\n"
    rows = rows_of(tmp_path, content.replace("\n", end).encode(encoding), text="text")
    assert [row.report for row in rows] == ["K1", "K2"]


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str) -> None:
    folder = tmp_path_factory.mktemp("law")
    quoted = '"' + text.replace('"', '""') + '"'
    row = row_of(folder, f"id,created,text\n1,{TIME},{quoted}\n".encode(encoding), text="text")
    assert row == PastRow(number=1, report="1", reported_ms=row.reported_ms, text=text.strip())
