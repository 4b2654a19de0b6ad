"""What a replay is doing, for the line that shows how far it is."""

import re

from schemas.names import Language

_SAID = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        ("waiting for Kafka", "等待 Kafka"),
        ("reading the file", "读取文件"),
        ("reading the ledger", "读取台账"),
        ("rows", "行"),
        ("closing", "收尾"),
        (r"facts; (\d+) cases", "事实；案件 {}"),
        (r"waiting for (.*)", "等待 {}"),
    )
)


def words_of(what: str, language: Language) -> str:
    """The same in the language of whoever watches."""
    if language is Language.ZH:
        for pattern, words in _SAID:
            if found := pattern.fullmatch(what):
                return words.format(*found.groups())
    return what
