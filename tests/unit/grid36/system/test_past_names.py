"""Figures and pages keep the names of their time: what left the list is still called what it was called."""

import json
from pathlib import Path

import pytest

from connectors.ledger.queries.in_use import in_use
from grid36.cli import run
from grid36.settings import Settings
from grid36.system.create import KnownSystem, keep, whole_in
from grid36.system.in_flight import touched
from schemas.codec import encode
from schemas.content import content_address
from schemas.names import Name
from schemas.past_names import names_in
from schemas.rulebook import Rulebook
from schemas.system import Switched, System
from streams.rulebooks.topic import both_records
from tests.unit.rules.check.test_in_flight import renamed
from tests.worlds.builders import START, LogBuilder, ledger_of
from tests.worlds.street import a_region, a_rulebook

REGION, OLD, NEW = a_region(), a_rulebook(), renamed("pothole", id="road-defect")


def records(*lists: Rulebook) -> dict[str, bytes]:
    """A system that began with the first list, and switched to each other one at 10, 20, …"""
    found = {"system": encode(System(partitions=3, region=content_address(REGION), rulebook=content_address(lists[0])))}
    for number, each in enumerate(lists):
        found |= both_records(REGION, each)
        switch = Switched(
            id=f"s{number}",
            rulebook=content_address(each),
            region=content_address(REGION),
            by="x",
            at_ms=1,
            effective_ms=number * 10,
        )
        found |= {f"switch/{switch.id}": encode(switch)} if number else {}
    return found


def known(*lists: Rulebook, t_ms: int = 1000) -> KnownSystem:
    found = whole_in(records(*lists), t_ms)
    assert found is not None
    return found


def test_a_category_that_is_gone_keeps_the_name_that_it_had_last() -> None:
    later = renamed("pothole", name={"zh": "大坑", "en": "Big hole"})
    assert known(OLD, later, NEW).past_names == {"category": {"pothole": Name(zh="大坑", en="Big hole")}}


def test_what_is_in_force_or_only_planned_is_not_past() -> None:
    assert known(OLD, NEW, t_ms=9).past_names == {}
    assert known(NEW, OLD, NEW, OLD).past_names == {"category": {"road-defect": Name(zh="坑洞", en="Pothole")}}


def test_names_of_an_earlier_release_that_cannot_be_read_are_left_out() -> None:
    assert names_in([{"categories": [{"id": "a"}, {"id": "b", "name": 7}], "items": None}]) == {}


def test_stats_say_the_name_and_a_draft_is_asked_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = LogBuilder()
    number = log.open(category="pothole", assignee="owner-1")
    follower = log.open(category="pothole", state="merged", master=number)
    log.close(log.open(category="pothole"), START)
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    settings = Settings()
    settings.ledger_file.parent.mkdir(parents=True, exist_ok=True)
    ledger = ledger_of(log, settings.ledger_file)
    assert in_use(ledger) == {
        "category": {"pothole": [number, follower]},
        "person": {"owner-1": [number]},
        "department": {},
    }
    keep(settings, known(OLD))
    assert [problem.code for problem in touched(settings, REGION, NEW)] == ["category_in_flight"]
    keep(settings, known(OLD, NEW))
    assert run(["stats"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith("  坑洞")


def test_nothing_is_asked_without_a_system_or_of_another_region(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert touched(settings, REGION, NEW) == []
    keep(settings, known(OLD))
    assert touched(settings, REGION, NEW) == []
    assert touched(settings, REGION.model_copy(update={"code": "R2"}), NEW) == []


def test_figures_of_one_kind_never_hold_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs get problems unless they ask, one row for each key; people see every kind under its own head."""
    log = LogBuilder()
    for fields in ({}, {}, {"kind": "question"}, {"self_handled": True}):
        log.open(category="pothole", **fields)
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    settings = Settings()
    settings.ledger_file.parent.mkdir(parents=True, exist_ok=True)
    ledger_of(log, settings.ledger_file)
    keep(settings, known(OLD))

    def asked(*words: str) -> list[tuple[str, int]]:
        assert run(["stats", "--json", *words]) == 0
        return [(row["kind"], row["opened"]) for row in json.loads(capsys.readouterr().out)["rows"]]

    assert asked() == [("problem", 2)]
    assert asked("--kind", "question") == [("question", 1)]
    assert asked("--kind", "all") == [("problem", 2), ("question", 1), ("self_handled", 1)]
    assert run(["--lang", "en", "stats"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    heads = [line for line in lines if line.endswith(":")]
    assert (len(lines), heads) == (5, ["questions:", "fixed on the spot:"])
