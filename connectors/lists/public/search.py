"""Finds entries of the public list by words: what people say for it, its name, or a part of it."""

from collections.abc import Iterable, Iterator
from unicodedata import normalize

from connectors.lists.public.entry import PublicEntry

MOST_ASKED = 200
"""Characters of a question."""


def found_in(entries: Iterable[PublicEntry], question: str) -> list[PublicEntry]:
    """Those that fit, the best first; all of them for an empty question.

    An entry fits by how much of the question its names and words explain, or because all words of the question
    stand in it.
    """
    asked = _plain(question[:MOST_ASKED])
    if not asked:
        return list(entries)
    weighed = [(_weight(each, asked), each) for each in entries]
    return [each for weight, each in sorted(weighed, key=lambda one: -one[0]) if weight]


def _weight(entry: PublicEntry, asked: str) -> int:
    said = {plain for text in _texts(entry) if (plain := _plain(text))}
    covered = {place for text in said for place in _places(text, asked)}
    wanted = asked.split()
    inside = all(any(word in text for text in said) for word in wanted)
    return len(covered) + (len("".join(wanted)) if inside else 0)


def _places(text: str, asked: str) -> Iterator[int]:
    """Where a text stands in the question; one in Latin letters only at the beginning of a word."""
    at = asked.find(text)
    while at >= 0:
        if not (text[0].isascii() and at and asked[at - 1].isalnum() and asked[at - 1].isascii()):
            yield from range(at, at + len(text))
        at = asked.find(text, at + 1)


def _texts(entry: PublicEntry) -> Iterator[str]:
    for name in (entry.name, *entry.parts):
        yield name.zh
        yield name.en
    yield from entry.words


def _plain(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())
