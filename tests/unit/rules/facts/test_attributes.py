"""Free attributes: the door's word counts, then the words of the report; what the rulebook does not know is nothing."""

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.attributes import attributes_of, attributes_read
from tests.worlds.street import Street, a_book, a_report, a_rulebook

LAND = {
    "id": "land",
    "name": {"zh": "地类", "en": "Land"},
    "values": [
        {"id": "forest", "name": {"zh": "林地", "en": "Forest"}, "words": ["林地", "forest"]},
        {"id": "house", "name": {"zh": "房前屋后", "en": "Beside a house"}, "words": ["屋后", "房前屋后", "beside"]},
    ],
}


def book() -> CompiledRulebook:
    return a_book(rulebook=a_rulebook().model_validate({**a_rulebook().model_dump(mode="json"), "attributes": [LAND]}))


def test_words_say_it() -> None:
    assert attributes_of(a_report(text="房前屋后的树"), book()) == {"land": "house"}
    assert attributes_of(a_report(text="A tree in the FOREST"), book()) == {"land": "forest"}


def test_the_words_that_explain_most_win_and_equals_leave_it_open() -> None:
    """A refusal must not rest on the order of a list."""
    assert attributes_of(a_report(text="林地边,房前屋后"), book()) == {"land": "house"}
    assert attributes_of(a_report(text="林地 屋后"), book()) == {}
    assert attributes_of(a_report(text="林地 屋后 beside"), book()) == {"land": "house"}


def test_the_door_counts_before_words_when_the_rulebook_knows_its_value() -> None:
    assert attributes_of(a_report(text="屋后", attributes={"land": "forest"}), book()) == {"land": "forest"}
    assert attributes_of(a_report(text="屋后", attributes={"land": "moon"}), book()) == {"land": "house"}


def test_it_is_known_which_of_them_words_gave() -> None:
    """What the door named is not, although the words say the same."""
    assert attributes_read(a_report(text="屋后"), book()) == ("land",)
    assert attributes_read(a_report(text="屋后", attributes={"land": "moon"}), book()) == ("land",)
    assert attributes_read(a_report(text="屋后", attributes={"land": "house"}), book()) == ()
    street = Street(book())
    street.report(text="屋后")
    assert street.drafts[0].facts["attributes_read"] == ("land",)


def test_what_is_not_said_is_absent() -> None:
    assert attributes_of(a_report(text="油污", attributes={"colour": "red"}), book()) == {}
