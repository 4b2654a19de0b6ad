"""The first look at a file, which needs no system and sends nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from grid36.cli import run
from grid36.replay.file.mapping_file import read_mapping
from grid36.replay.look import look, look_lines
from grid36.settings import data_folder
from schemas.names import Language
from tests.generators.city_cases import city_region, make_city
from tests.unit.grid36.replay.reading import write

MAPPING = """\
id: id
reported_at: {column: created, zone: Asia/Shanghai}
closed_at: {column: closed, zone: Asia/Shanghai}
latitude: lat
longitude: lon
datum: wgs84
category: what
merged_into: dup
text: [text, more]
photos: pictures
attributes: {land: ground}
kind: {column: wish, values: {Enquiry: question}}
"""
FILE = """\
id;created;closed;lat;lon;what;dup;text;more;pictures;ground;wish;ward
1;2026-11-01 08:00;2026-11-02;24,46;118,08;Kite;;on the roof;of a hall;https://example.org/1.jpg;forest;Enquiry;W1
2;2026-11-01 08:00;2026-10-01;;;Kite;1;;;none;;Praise;W1
3;never;;;;Kite;;;;;;;W1
;2026-11-01 08:00;;;;Kite;;;;;;;W1
"""


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRID36_LANG", "en")


def written(folder: Path, file: str = FILE) -> tuple[str, str]:
    (folder / "map.yaml").write_text(MAPPING)
    return str(write(folder, file)), str(folder / "map.yaml")


def test_what_would_come_in_and_what_would_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, mapping = written(tmp_path)
    assert run(["replay", file, "--mapping", mapping, "--check", "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (answer["encoding"], answer["separator"], answer["unused"]) == ("utf-8", ";", ["ward"])
    assert (answer["rows"], answer["come_in"]) == (4, 2)
    assert answer["facts"] == {"opened": 2, "acknowledged": 0, "merged": 1, "closed": 1}
    assert {(each["column"], each["code"]): each["rows"] for each in answer["parked"]} == {
        ("created", "no_time"): [3], ("id", "no_id"): [4],
    }  # fmt: skip
    assert {(each["column"], each["code"]): each["rows"] for each in answer["left_out"]} == {
        ("closed", "before_report"): [2], ("pictures", "no_link"): [2], ("wish", "unknown_kind"): [2],
    }  # fmt: skip
    assert answer["examples"][0] == {
        "row": 1, "id": "1", "reported_at": "2026-11-01T08:00:00+08:00", "closed_at": "2026-11-02", "category": "Kite",
        "kind": "question", "lat": 24.46, "lon": 118.08, "attributes": {"land": "forest"},
        "text": "on the roof\nof a hall\nhttps://example.org/1.jpg",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_people_read_it_in_one_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("GRID36_LANG", language)
    file, mapping = written(tmp_path)
    region = str(data_folder("regions") / "example")
    assert run(["replay", file, "--mapping", mapping, "--check", "--region", region]) == 0
    told = capsys.readouterr().out
    wanted = {
        "en": ("separated by semicolon", "Columns not used: ward", "2 of 4 rows", "created: 1 row (3): 'never'"),
        "zh-CN": ("分号分隔", "未使用的列：ward", "会接收 2 件（共 4 行）", "“created”列 1 行（第 3 行）"),
    }  # fmt: skip
    assert [words for words in wanted[language] if words not in told] == []
    assert any("\u4e00" <= character <= "\u9fff" for character in told) is (language == "zh-CN")


def test_the_exit_code_says_whether_anything_could_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, mapping = written(tmp_path, "\n".join((FILE.splitlines()[0], FILE.splitlines()[3])))
    assert run(["replay", file, "--mapping", mapping, "--check"]) == 1
    file, mapping = written(tmp_path, FILE.replace("24,46", "north"))
    capsys.readouterr()
    assert run(["replay", file, "--mapping", mapping, "--check"]) == 2
    assert "No position can be read" in capsys.readouterr().err
    assert run(["replay", file, "--mapping", mapping, "--json"]) == 2
    assert "--json goes with --check" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_the_look_counts_what_a_replay_would_find(tmp_path: Path) -> None:
    city = make_city(tmp_path, rows=400)
    answer = look(city.csv, read_mapping(city.mapping), city_region(), None, Language.EN)
    balance = city.balance()
    assert answer["come_in"] == balance["accepted"] - balance["parked"]
    assert answer["places"]["found"] == balance["routed"]
    assert sum(answer["places"].values()) == answer["come_in"]
    assert len(answer["examples"]) == 5
    assert "Places in kites" in "\n".join(look_lines(answer, Language.EN))
