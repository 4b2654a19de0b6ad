import click
import pytest

from grid36.cli.terminal.key_value_option import PAIR, together
from grid36.review.proposal import NoSuchField, proposed_fields


def test_what_is_typed_becomes_the_fields_that_differ() -> None:
    given = {
        "verdict": "handle",
        "name.en": "Trees",
        "assists": "parks，sanitation",
        "lead": "-",
        "basis": "p. 3 = new",
    }
    assert proposed_fields("P03", given) == {
        "id": "P03", "verdict": "handle", "name": {"en": "Trees"}, "assists": ["parks", "sanitation"], "lead": None,
        "basis": "p. 3 = new",
    }  # fmt: skip


@pytest.mark.parametrize("field", ["id", "valid_to", "valid_from", "colour"])
def test_what_cannot_be_proposed_is_named_with_what_can(field: str) -> None:
    with pytest.raises(NoSuchField, match="verdict"):
        proposed_fields("P03", {field: "x"})


def test_whole_and_parts_do_not_mix() -> None:
    with pytest.raises(NoSuchField):
        proposed_fields("P03", {"name": "Trees", "name.en": "Trees"})


def test_pairs_are_read_once_each() -> None:
    assert PAIR.convert("a = b=c", None, None) == ("a", "b=c")
    for wrong in ("a", "=b"):
        with pytest.raises(click.BadParameter):
            PAIR.convert(wrong, None, None)
    assert together([("a", "1")], "--set") == {"a": "1"}
    with pytest.raises(click.UsageError, match="两次"):
        together([("a", "1"), ("a", "2")], "--set")
    with pytest.raises(click.UsageError, match="cooperation"):
        together([("kindness", "1")], "--score", ["cooperation"])
