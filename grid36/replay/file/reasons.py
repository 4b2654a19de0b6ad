"""Reasons why a file, a row or a single fact cannot be used, with remedies, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from schemas.errors import WrongInput
from schemas.names import Language, Name, facts_in
from texts.catalogue import say


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its facts filled in by name; `code` is what equal reasons are counted by."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def what(self, language: Language = Language.EN) -> str:
        """What is wrong, as part of a sentence."""
        return say(language, f"replay.reason.{self.code}", **self.facts)

    def remedy(self, language: Language = Language.EN) -> str:
        """What to do, as part of a sentence."""
        return say(language, f"replay.reason.{self.code}.remedy", **self.facts)


class UnusableValue(Exception):
    """A cell that cannot be used."""

    def __init__(self, column: str, code: str, **facts: object) -> None:
        super().__init__(code)
        self.column = column
        self.reason = Reason(code, facts)


class LongMessage(NamedTuple):
    """A message of any length in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, key: str, /, **facts: object) -> Self:
        """The text of `key` in `texts/`, as `Name.of`; a `LongMessage` among `facts` is said in each language too."""
        zh = {name: fact.zh if isinstance(fact, LongMessage) else fact for name, fact in facts.items()}
        en = {name: fact.en if isinstance(fact, LongMessage) else fact for name, fact in facts.items()}
        return cls(
            say(Language.ZH, key, **facts_in(Language.ZH, zh)), say(Language.EN, key, **facts_in(Language.EN, en))
        )


def in_lines(first: LongMessage, *more: LongMessage) -> LongMessage:
    """A message whose further lines are indented."""
    return LongMessage("\n  ".join(each.zh for each in (first, *more)), "\n  ".join(each.en for each in (first, *more)))


class Worded(WrongInput):
    """This input cannot be used. Correct what is named and try again."""

    def __init__(self, words: LongMessage | Name, /, **facts: object) -> None:
        super().__init__(words.en, **facts)
        self.words = LongMessage(words.zh, words.en)

    def message(self, language: Language) -> str:
        """What is wrong, of any length."""
        return self.words.zh if language is Language.ZH else self.words.en


class WrongFile(Worded):
    """This file cannot be replayed. It is a CSV file with a header line and one past case a row."""


class WrongMapping(Worded):
    """The mapping has mistakes. Correct the lines that are named; `regions/README.md` lists its keys."""
