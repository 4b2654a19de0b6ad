"""What is written as DMN is read back as the same rulebook."""

from random import Random

import pytest
from hypothesis import given

from grid36.files.dmn.names import VERSIONS
from grid36.files.dmn.read import read_dmn
from grid36.files.dmn.write import write_dmn
from grid36.files.rulebook import load_rulebook
from grid36.settings import data_folder
from schemas.content import content_address
from schemas.names import Language
from schemas.rulebook import Rulebook
from tests.strategies.drawn_dmn import drawn_lists, drawn_table, with_tables


@given(drawn_lists())
def test_any_tables_come_back_as_they_were(rulebook: Rulebook) -> None:
    """Order, priorities, notes, defaults and hit policies too, into a rulebook with other tables."""
    other = rulebook.model_copy(update={"routing": OTHER, "joint": rulebook.joint, "limits": OTHER_LIMITS})
    again = read_dmn(write_dmn(rulebook), other)
    assert again == rulebook
    assert content_address(again) == content_address(rulebook)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", Language)
def test_the_example_street_comes_back(version: str, language: Language) -> None:
    street = load_rulebook(data_folder("regions") / "example")
    assert read_dmn(write_dmn(street, language, version), street) == street


OTHER = with_tables(drawn_table(Random(1), "routing", "U", 3)).routing
OTHER_LIMITS = drawn_table(Random(2), "limits", "A", 3)
