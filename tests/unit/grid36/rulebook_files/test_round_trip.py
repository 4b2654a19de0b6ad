"""Whatever files a rulebook stands in, it is the same rulebook."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from grid36.files.rulebook import load_rulebook, read_rulebook
from grid36.files.rulebook.layout import Form, layout_of
from grid36.files.rulebook.template import empty_rulebook, new_rulebook
from grid36.files.rulebook.titles import LISTS
from grid36.files.rulebook.writing import RulebookThere, write_rulebook
from grid36.settings import data_folder
from schemas.content import content_address
from schemas.names import Language
from schemas.rulebook import Rulebook
from tests.strategies.drawn_books import rulebooks

EXAMPLE = data_folder("regions") / "example"


@given(rulebooks())
@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    deadline=None,
)
def test_all_forms_have_one_content(rulebook: Rulebook) -> None:
    """Of any rulebook: quotes, formulas, lost zeros and odd blanks included, in both languages."""
    for form, language in ((Form.YAML, Language.ZH), (Form.CSV, Language.EN), (Form.XLSX, Language.ZH)):
        with TemporaryDirectory() as folder:
            write_rulebook(rulebook, Path(folder), form, language)
            again = load_rulebook(Path(folder))
        assert again == rulebook, form
        assert content_address(again) == content_address(rulebook)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", Form)
def test_the_example_stands_in_every_form(form: Form, language: Language, tmp_path: Path) -> None:
    """And from one form to the next, in lists where there are lists."""
    example = load_rulebook(EXAMPLE)
    write_rulebook(example, tmp_path / "a", Form.CSV)
    files = write_rulebook(load_rulebook(tmp_path / "a"), tmp_path / "b", form, language)
    reading = read_rulebook(tmp_path / "b")
    assert (reading.problems, reading.layout.form) == ((), form)
    assert content_address(load_rulebook(tmp_path / "b")) == content_address(example)
    lists = {name for name in LISTS if getattr(example, name)}
    assert set(reading.lists) == (set() if form is Form.YAML else lists)
    assert all(file.exists() for file in files)


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
@pytest.mark.parametrize("rulebook", [empty_rulebook(), load_rulebook(EXAMPLE)], ids=["empty", "example"])
def test_a_template_is_a_rulebook(form: Form, rulebook: Rulebook, tmp_path: Path) -> None:
    """Its explanations are remarks, and its empty lists say nothing."""
    for language in Language:
        new_rulebook(tmp_path / language, rulebook, form, language)
        reading = read_rulebook(tmp_path / language)
        assert (reading.problems, reading.rulebook) == ((), rulebook)


def test_a_rulebook_is_never_written_over(tmp_path: Path) -> None:
    write_rulebook(empty_rulebook(), tmp_path, Form.CSV)
    with pytest.raises(RulebookThere):
        write_rulebook(empty_rulebook(), tmp_path, Form.YAML)
    with pytest.raises(RulebookThere):
        new_rulebook(tmp_path, empty_rulebook(), Form.XLSX, Language.EN)


def test_a_rulebook_is_found_by_each_of_its_files(tmp_path: Path) -> None:
    """Also by a workbook with another name that came back by mail."""
    files = write_rulebook(load_rulebook(EXAMPLE), tmp_path, Form.XLSX)
    files[1].rename(tmp_path / "back.xlsx")
    for path in (tmp_path / "back.xlsx", EXAMPLE, EXAMPLE / "rulebook.yaml"):
        assert load_rulebook(path) == load_rulebook(EXAMPLE)
    assert layout_of(tmp_path).form is Form.YAML
