"""Texts of the pages in the reader's language."""

from typing import Final

from schemas.names import Language
from texts.catalogue import catalogue

FILE: Final = "pages"
SCRIPT: Final = "js."
"""Prefix of texts for scripts, which are sent with the page."""


class Translations:
    """Texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = catalogue(FILE, language)

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text of `key` with its facts filled in. Raises `KeyError` for an unknown key."""
        return self._texts.say(key, **facts)

    def one_of(self, group: str, value: str) -> str:
        """The word for a value of a closed list, such as a state; the bare value where there is none."""
        return self._texts.get(f"{group}.{value}", value)

    def under(self, prefix: str) -> dict[str, str]:
        """The texts whose keys begin so, by the rest of their keys."""
        return self._texts.under(prefix)

    def for_scripts(self) -> dict[str, str]:
        """Texts for scripts, by their keys without the prefix."""
        return self._texts.under(SCRIPT)

    def span(self, ms: int, *, exact: bool = True) -> str:
        """A duration in its two largest units; seconds only if it is `exact` or short."""
        minutes, seconds = divmod(abs(ms) // 1000, 60)
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            return self("js.span_days", d=days, h=hours)
        if hours:
            return self("js.span_hours", h=hours, m=rest)
        if not exact and rest:
            return self("span_minutes", m=rest)
        if not exact:
            return self("span_seconds", s=seconds)
        return self("js.span_minutes", m=rest, s=seconds)
