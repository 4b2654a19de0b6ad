"""What is written in one language and holds words of the other: to look for it in whatever the product says."""

import re

CHINESE = re.compile("[\u3001-\u301f\u3400-\u9fff\uff01-\uffe6]")
"""Characters and punctuation; names of places and people in answers are not looked at with it."""
ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,} ){3,}[A-Za-z]{2,}\b")
"""Four words in a row, more than any option, file or name has."""
_COMMANDS = re.compile(r"(?:GRID36_\w+=\S+ )*grid36(?: (?:--[a-z-]+|[A-Za-z0-9./=:-]+))*|make [a-z]+|`[^`]*`")


def not_english(text: str) -> str | None:
    """The first place that a reader of English cannot read."""
    found = CHINESE.search(text)
    return None if found is None else text[max(0, found.start() - 40) : found.end() + 40]


def not_chinese(text: str) -> str | None:
    """The first sentence that a reader of Chinese cannot read; commands to copy are none."""
    found = ENGLISH.search(_COMMANDS.sub("§", text))
    return None if found is None else found.group()
