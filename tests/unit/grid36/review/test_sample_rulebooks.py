"""The shapes of lists that are really kept: as many items as they say, in order, and the same in every form."""

from collections import Counter
from pathlib import Path

import pytest

from grid36.cli import run
from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.template import new_rulebook
from grid36.review.sample_rulebooks import Shape, shaped
from grid36.settings import data_folder
from rules.book.compiled_rulebook import book_of
from rules.check.all import check
from rules.review.dry_run import outcome, rehearse
from schemas.case import State
from schemas.content import content_address
from schemas.items import Level, Verdict
from schemas.names import Language
from schemas.place import PlaceGiven
from tests.worlds.street import a_report

EXAMPLE = load_region(data_folder("regions") / "example")
V = Verdict


@pytest.mark.parametrize(
    ("shape", "level", "counts"),
    [
        (Shape.VILLAGE, Level.VILLAGE, {V.HANDLE: 16, V.ASSIST: 30, V.REFUSE: 34}),
        (Shape.TOWNSHIP, Level.STREET, {V.HANDLE: 41, V.ASSIST: 20, V.REFUSE: 10}),
        (Shape.DISTRICT, Level.DISTRICT, {V.HANDLE: 988, V.ASSIST: 840}),
    ],
)
def test_a_list_has_so_many_items_of_each_verdict(shape: Shape, level: Level, counts: dict[Verdict, int]) -> None:
    """All of one level, with the four clarities where somebody has something to do."""
    items = shaped(shape).items
    assert Counter((item.level, item.verdict) for item in items) == {(level, v): n for v, n in counts.items()}
    assert len({item.name.zh for item in items}) == len({item.name.en for item in items}) == len(items)
    for item in items:
        clear = (item.task, item.standard, item.guide, item.method)
        assert None not in clear if item.verdict is not V.REFUSE else item.redirect is not None


def test_a_township_has_71_items_and_the_whistle_list_36_in_three_classes() -> None:
    assert len(shaped(Shape.TOWNSHIP).items) == 71
    whistles = shaped(Shape.WHISTLES).whistles
    assert sorted(Counter(whistle.whistle_class for whistle in whistles).values()) == [12, 12, 12]


@pytest.mark.parametrize("shape", Shape)
def test_a_shape_is_clean_on_the_example_street(shape: Shape) -> None:
    """Without even a note."""
    assert check(EXAMPLE, shaped(shape)) == ()


@pytest.mark.parametrize("shape", [Shape.VILLAGE, Shape.TOWNSHIP, Shape.WHISTLES])
def test_a_shape_has_one_content_in_every_form(shape: Shape, tmp_path: Path) -> None:
    """The district, too: `test_sizes` reads it."""
    for form in (Form.CSV, Form.XLSX):
        new_rulebook(tmp_path / form, shaped(shape), form, Language.ZH)
        assert content_address(load_rulebook(tmp_path / form)) == content_address(shaped(shape)), form


@pytest.mark.parametrize(
    ("text", "state", "item"),
    [
        ("门口的占道摊点", State.DISPATCHED, "VH001"),
        ("a street light: lamp posts", State.DISPATCHED, "VA006"),
        ("古树许可审批怎么办", State.REFUSED, "VR002"),
        ("别的", State.DISPATCHED, None),
    ],
)
def test_words_lead_to_its_items(text: str, state: State, item: str | None) -> None:
    book = book_of(EXAMPLE, shaped(Shape.VILLAGE))
    report = a_report(text=text, place=PlaceGiven(address="湖滨南路12号"))
    now = outcome(rehearse(report, book, report.received_ms)).now
    assert (now["state"], now.get("item")) == (state, item)


def test_the_command_writes_a_shape_and_checks_it(tmp_path: Path) -> None:
    folder = str(tmp_path / "mine")
    assert run(["rules", "new", folder, "--shape", "township", "--csv", "--lang", "en"]) == 0
    assert load_rulebook(tmp_path / "mine") == shaped(Shape.TOWNSHIP)
    assert run(["rules", "new", folder + "2", "--shape", "village", "--empty"]) == 2
