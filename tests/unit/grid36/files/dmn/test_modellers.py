"""What is written as DMN opens in the modellers of others, and comes back from them as it was, or as it was changed."""

from random import Random

import pytest

from grid36.files.dmn.read import read_dmn
from grid36.files.dmn.write import write_dmn
from grid36.files.rulebook import load_rulebook
from grid36.settings import data_folder
from schemas.names import Language
from schemas.rulebook import Rulebook
from tests.oracles.dmn_modellers import in_dmn_js, in_kie
from tests.strategies.drawn_dmn import drawn_rulebook_of

STREET = load_rulebook(data_folder("regions") / "example")
DRAWN = drawn_rulebook_of(Random(4), 8)
"""All three tables."""


@pytest.mark.parametrize("rulebook", [STREET, DRAWN], ids=["street", "drawn"])
async def test_dmn_js_shows_every_row_and_saves_the_same(rulebook: Rulebook) -> None:
    """In DMN 1.3, the newest that it reads; without a warning."""
    opened = await in_dmn_js(write_dmn(rulebook, Language.ZH, "1.3"))
    assert opened["warnings"] == []
    for name in ("routing", "joint", "limits"):
        table = getattr(rulebook, name)
        assert table is None or opened["rows"][name] - len(table.rows) in {0, 1}, "the default may be the last row"
    assert read_dmn(opened["saved"].encode(), rulebook) == rulebook


async def test_a_cell_that_is_changed_in_dmn_js_is_the_only_change() -> None:
    opened = await in_dmn_js(write_dmn(STREET, Language.ZH, "1.3"), rule=2, text='"p-other"')
    changed = read_dmn(opened["saved"].encode(), STREET)
    before, after = STREET.routing.rows, changed.routing.rows
    assert [row.id for row, other in zip(after, before, strict=True) if row != other] == [before[2].id]
    assert after[2].then == before[2].then | {"assign": "p-other"}
    assert changed.model_copy(update={"routing": STREET.routing}) == STREET


async def test_the_editor_of_apache_kie_opens_dmn_1_5_and_saves_the_same() -> None:
    """It saves in DMN 1.6, which is read as well."""
    saved = await in_kie(write_dmn(DRAWN), "DMN 1.6")
    assert b"DMN/20240513/MODEL" in saved
    assert read_dmn(saved, DRAWN) == DRAWN
