"""Finds the words of a rulebook in a text, and how much of the text they explain."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from rules.words.danger import DangerWords
from rules.words.letters import letter
from schemas.rulebook import Attribute, Rulebook

Span: TypeAlias = tuple[int, int]
Found: TypeAlias = Mapping[str, Sequence[Span]]
"""Casefolded words to their positions."""
_TEXTS_KEPT: Final = 1024
"""About two batches of texts: each is read once to ask ahead, and again to decide."""


class Vocabulary:
    """Words that are searched together, in one pass over the text."""

    def __init__(self, words: Iterable[str]) -> None:
        begin: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(folded for word in words if (folded := word.casefold()).strip()):
            begin[word[:2]].append(word)
        self._begin: Mapping[str, Sequence[str]] = dict(begin)
        self._short = frozenset(start for start in begin if len(start) == 1)
        self._first = (
            re.compile("[" + re.escape("".join(sorted({start[0] for start in begin}))) + "]") if begin else None
        )
        self.found = lru_cache(_TEXTS_KEPT)(self._found)
        """The words in a casefolded text; those in alphabetic scripts only at the beginning of a word."""

    def _found(self, text: str) -> Found:
        found, begin = dict[str, list[Span]](), self._begin
        for first in self._first.finditer(text) if self._first is not None else ():
            at = first.start()
            words = begin.get(text[at : at + 2], ())
            if text[at] in self._short and at + 1 < len(text):
                words = (*words, text[at])
            for word in words:
                if text.startswith(word, at) and not (at and letter(word[0]) and letter(text[at - 1])):
                    found.setdefault(word, []).append((at, at + len(word)))
        return found


def among(words: Iterable[str], found: Found) -> tuple[str, ...]:
    """Those of `words` that were found, in the spelling of the rulebook, each once.

    One found only inside a longer word of others does not count: "building rubbish" is not "rubbish".
    """
    own = {folded: word for word in words if (folded := word.casefold()) in found}
    if not own or len(own) == len(found):
        return tuple(own.values())
    others = [span for word, spans in found.items() if word not in own for span in spans]
    return tuple(word for folded, word in own.items() if not all(_inside(span, others) for span in found[folded]))


def _inside(span: Span, others: Iterable[Span]) -> bool:
    begin, end = span
    return any(first <= begin and end <= last and last - first > end - begin for first, last in others)


def explained(words: Iterable[str], found: Found) -> int:
    """How many characters of the text these words explain: each word at its first position, overlaps once."""
    return len({place for word in words for place in range(*found[word.casefold()][0])})


class Vocabularies:
    """All words of a rulebook, and which categories its tables combine with a value of an attribute."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.danger = DangerWords(rulebook.policy.urgent_words)
        self.categories = Vocabulary(word for each in rulebook.filed for word in each.words)
        self._attributes = {each.id: Vocabulary(_words(each)) for each in rulebook.attributes}
        pairs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for table in rulebook.tables:
            for name in set(table.kinds()) & {f"attr_{attribute}" for attribute in self._attributes}:
                for row in table.rows:
                    for value in row.cell(name).one_of or ():
                        pairs[name, str(value)].update(map(str, row.cell("category").one_of or ()))
        self._pairs: Mapping[tuple[str, str], set[str]] = dict(pairs)

    @property
    def by_attribute(self) -> set[str]:
        """The categories that some row combines with a value of an attribute."""
        return set[str]().union(*self._pairs.values())

    def attribute(self, attribute: Attribute, text: str) -> Found:
        """The words of one attribute's values in a casefolded text."""
        return self._attributes[attribute.id].found(text)

    def asked_with(self, attribute: str, value: str) -> set[str]:
        """The categories that some row of a table combines with this value."""
        return self._pairs.get((f"attr_{attribute}", value), set())


def _words(attribute: Attribute) -> Iterable[str]:
    return (word for value in attribute.values for word in value.words)
