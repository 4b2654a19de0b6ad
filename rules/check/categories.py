"""Checks categories: their words, their items in force at this level, and whether they have limits."""

from collections import defaultdict
from collections.abc import Iterator

from rules.check.items import suspended
from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, problem
from rules.words.vocabulary import Vocabularies
from schemas.items import Verdict
from schemas.rulebook import Category

SHEET = "categories"


def categories(known: References) -> Iterator[Problem]:
    """All problems of categories."""
    for number, category in enumerate(known.rulebook.categories, 1):
        if category.item is not None:
            yield from _item(number, category, known)
        yield from _words(number, category, known)
        yield from _limits(number, category, known)
    yield from _shared(known)
    yield from _names(known)


def _item(number: int, category: Category, known: References) -> Iterator[Problem]:
    name, rows = category.item, (number,)
    assert name is not None, "asked for categories with an item"
    facts = {"category": category.id, "item": name}
    versions, level = known.versions(name), known.rulebook.level
    own = [item for item in versions if item.level in {None, level}]
    if not own:
        levels = listed(sorted({item.level.value for item in versions if item.level}))
        yield problem("item_of_other_level", SHEET, rows, "item", levels=levels, level=level.value, **facts)
    elif (rests := known.rests(name)) is not None:
        yield suspended(rests, SHEET, rows, known)
    elif not any(item.life == "active" for item in own):
        life = listed(dict.fromkeys(item.life.value for item in own))
        yield problem("item_never_in_force", SHEET, rows, "item", life=life, **facts)
    elif (item := known.item(name)) is None:
        yield problem("item_not_in_force", SHEET, rows, "item", day=known.on, **facts)
    elif item.verdict is Verdict.REFUSE and category.id == known.rulebook.default_category:
        yield problem("default_is_refused", SHEET, rows, "item", **facts)


def _words(number: int, category: Category, known: References) -> Iterator[Problem]:
    rows, seen = (number,), set[str]()
    for word in category.words:
        if not word.strip() or word != word.strip():
            yield problem("bad_word", SHEET, rows, "words", category=category.id, word=word)
        if word.casefold() in seen:
            yield problem("repeated_word", SHEET, rows, "words", category=category.id, word=word)
        seen.add(word.casefold())
    if not _said(category, known) and category.id != known.rulebook.default_category:
        yield problem("category_without_words", SHEET, rows, "words", category=category.id)


def _limits(number: int, category: Category, known: References) -> Iterator[Problem]:
    """Categories without a limit, whose cases are never late, unless they are refused or the table has one."""
    item = known.item(category.item)
    if category.limits.resolve or (item is not None and item.verdict is Verdict.REFUSE):
        return
    if (item is not None and item.limits is not None and item.limits.resolve) or _in_table(category.id, known):
        return
    yield problem("category_without_limits", SHEET, (number,), "limits", category=category.id)


def _in_table(category: str, known: References) -> bool:
    table = known.rulebook.limits
    if table is None:
        return False
    if "resolve" in (table.default or {}):
        return True
    return any("resolve" in row.then and row.cell("category").meets(category) for row in table.rows)


def _shared(known: References) -> Iterator[Problem]:
    """Words of several categories: the first one gets all reports that say no more.

    Allowed where a row combines one of them with an attribute: it is for reports that mention the attribute too.
    """
    words, having = Vocabularies(known.rulebook), defaultdict[str, dict[int, str]](dict)
    for number, category in enumerate(known.rulebook.categories, 1):
        for word in _said(category, known):
            having[word.casefold()][number] = category.id
    for word, found in having.items():
        if len(found) > 1 and word.strip() and words.by_attribute.isdisjoint(found.values()):
            shown = listed(found.values())
            yield problem("shared_word", SHEET, found, "words", word=word, categories=shown)


def _said(category: Category, known: References) -> tuple[str, ...]:
    """Words that lead to a category, including those of its subcategories."""
    return (*category.words, *known.words_within.get(category.id, ()))


def _names(known: References) -> Iterator[Problem]:
    first: dict[str, tuple[int, Category]] = {}
    for number, category in enumerate(known.rulebook.categories, 1):
        other_number, other = first.setdefault(category.name.zh, (number, category))
        if other is not category:
            facts = {"category": other.id, "other": category.id, "name": category.name}
            yield problem("same_category_name", SHEET, (other_number, number), "name", **facts)
