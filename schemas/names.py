"""Names for people to read, in the two languages every region has."""

from collections.abc import Iterable, Mapping
from typing import Final, Self

from pydantic import Field

from schemas.models import ChoiceEnum, FileModel
from texts.catalogue import say

MOST: Final = 2000
"""Characters of a text."""


class Language(ChoiceEnum):
    """A language the product speaks, as a BCP 47 tag."""

    ZH = "zh-CN"
    EN = "en"


class Name(FileModel):
    """One name or text in Chinese and in English; where nobody translated it, the Chinese serves for both."""

    zh: str = Field(min_length=1, max_length=MOST)
    en: str = Field(default="", max_length=MOST)

    def to(self, language: Language) -> str:
        """The text in `language`."""
        return self.en or self.zh if language is Language.EN else self.zh

    @classmethod
    def of(cls, key: str, /, **facts: object) -> Self:
        """The text of `key` in `texts/`; a `Name` among `facts` is said in each language."""
        zh, en = facts_in(Language.ZH, facts), facts_in(Language.EN, facts)
        return cls(zh=say(Language.ZH, key, **zh)[:MOST], en=say(Language.EN, key, **en)[:MOST])

    @classmethod
    def joined(cls, zh: str, en: str, names: Iterable[Self]) -> Self:
        """Several texts as one, with `zh` or `en` between them."""
        each = tuple(names)
        return cls(
            zh=zh.join(name.zh for name in each)[:MOST], en=en.join(name.to(Language.EN) for name in each)[:MOST]
        )

    @classmethod
    def same(cls, text: str) -> Self:
        """A name that is the same in both languages, for data that has only one."""
        return cls(zh=text, en=text)


def facts_in(language: Language, facts: Mapping[str, object]) -> dict[str, object]:
    """Facts of a sentence in one language."""
    return {name: fact.to(language) if isinstance(fact, Name) else fact for name, fact in facts.items()}
