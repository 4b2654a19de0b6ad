"""Checks subcategories: their words, and rows that combine one with another category; and words of danger."""

from collections import defaultdict
from collections.abc import Iterator

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, problem

SHEET = "subcategories"


def subcategories(known: References) -> Iterator[Problem]:
    """All problems of these."""
    yield from _words(known)
    yield from _shared(known)
    for table in known.rulebook.tables:
        for number, row in enumerate(table.rows, 1):
            categories, values = row.cell("category").one_of, row.cell("subcategory").one_of or ()
            named = [known.parents[str(value)] for value in values if str(value) in known.parents]
            if categories is not None and named and not {*named} & {*categories}:
                facts = {"values": listed(values), "categories": listed(categories)}
                yield problem("subcategory_of_other_category", table.name, (number,), "subcategory", **facts)
    for word in known.rulebook.policy.urgent_words:
        if not word.strip() or word != word.strip():
            yield problem("bad_urgent_word", "policy", (), "urgent_words", word=word)


def _words(known: References) -> Iterator[Problem]:
    for number, part in enumerate(known.rulebook.subcategories, 1):
        category = known.categories[part.category]
        seen = {word.casefold() for word in category.words}
        for word in part.words:
            if not word.strip() or word != word.strip():
                yield problem("bad_word", SHEET, (number,), "words", category=part.id, word=word)
            if word.casefold() in seen:
                yield problem("repeated_word", SHEET, (number,), "words", category=category.id, word=word)
            seen.add(word.casefold())
        if not part.words:
            yield problem("category_without_words", SHEET, (number,), "words", category=part.id)


def _shared(known: References) -> Iterator[Problem]:
    """Words shared by several subcategories of one category."""
    having: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for number, part in enumerate(known.rulebook.subcategories, 1):
        for word in part.words:
            having[part.category, word.casefold()][number] = part.id
    for (_, word), found in having.items():
        if len(found) > 1 and word.strip():
            shown = listed(found.values())
            yield problem("subcategory_shared_word", SHEET, found, "words", word=word, subcategories=shown)
