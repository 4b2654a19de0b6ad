"""Looks sentences up: a key such as `intake.bad_json` is the entry `bad_json` of the file `intake.po`.

The `.po` files are what people edit; `bin/texts` compiles them, and only the compiled files are read.
"""

from collections.abc import Callable, Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
LANGUAGES: Final[Mapping[str, str]] = {"zh-CN": "zh_CN", "en": "en"}
"""Tag of a language to its folder."""
_MANY: Final = 2  # what is no whole number is said as several are


class Catalogue(GNUTranslations):
    """The sentences of one file in one language."""

    _catalog: dict[str | tuple[str, int], str]  # filled by the reader of the standard library
    plural: Callable[[int], int]

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence of `key` with its facts. The fact `n` chooses the form where one and many are said differently.

        Raises `KeyError` for an unknown key and for a fact that the sentence needs and does not get.
        """
        return self.template(key, facts.get("n")).format_map(facts)

    def template(self, key: str, n: object = None) -> str:
        """The sentence of `key` with its facts in braces, in the form for `n`."""
        found = self._catalog.get(key)
        if found is None and isinstance(n, int | float):
            found = self._catalog.get((key, self.plural(int(n) if n == int(n) else _MANY)))
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: str, default: str) -> str:
        """The words of `key`, where there may be none."""
        return self._catalog.get(key, default)

    def under(self, prefix: str) -> dict[str, str]:
        """What begins with `prefix`, by the rest of its key."""
        return {
            key.removeprefix(prefix): text
            for key, text in self._catalog.items()
            if isinstance(key, str) and key and key.startswith(prefix)
        }


@cache
def catalogue(file: str, language: str) -> Catalogue:
    """The sentences of one file. Raises `LookupError` where there is no such file, or it is not compiled."""
    compiled = ROOT / LANGUAGES[language] / "LC_MESSAGES" / f"{file}.mo"
    try:
        with compiled.open("rb") as opened:
            return Catalogue(opened)
    except FileNotFoundError as missing:
        raise LookupError(f"{compiled} is missing; make setup compiles the texts") from missing


def say(language: str, key: str, /, **facts: object) -> str:
    """The sentence of `key` in `language`, as `Catalogue.say` gives it."""
    file, _, entry = key.partition(".")
    return catalogue(file, language).say(entry, **facts)
