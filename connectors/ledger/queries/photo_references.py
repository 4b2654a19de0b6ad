"""Which texts name which photos and recordings, even after a text was erased, so that its files can be removed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.erased import erased_after

UNNAMED: Final = """
SELECT erased.text, erased.digest, erased.at_ms FROM pictures AS erased
WHERE erased.text IN ({marks}) AND NOT EXISTS (
    SELECT 1 FROM pictures AS other JOIN texts ON texts.id = other.text WHERE other.digest = erased.digest
)
"""
AT_ONCE: Final = 500


class Unnamed(NamedTuple):
    """A photo or recording of the erased text `text` (written at `at_ms`) that no text names any more."""

    text: str
    digest: str
    at_ms: int


def erased_texts(ledger: Ledger, after_seq: int, upto: int) -> list[str]:
    """Ids of the texts erased by people in the events after `after_seq` up to `upto`."""
    return [id for erased in erased_after(ledger, after_seq, upto) for id in erased.texts]


def unnamed(ledger: Ledger, texts: Sequence[str]) -> list[Unnamed]:
    """Photos and recordings of these erased texts that no other text names; texts that moved elsewhere still count."""
    found: list[Unnamed] = []
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        rows = ledger.rows(UNNAMED.format(marks=", ".join("?" * len(some))), *some)
        found += [Unnamed(*row) for row in rows]
    return found
