from pathlib import Path

from connectors.ledger.queries.categories_in_use import category_counts
from tests.worlds.builders import LogBuilder, ledger_of


def test_how_often_each_category_was_reported_lately(tmp_path: Path) -> None:
    log = LogBuilder()
    for category in ("greasy", "litter", "greasy"):
        log.open(category=category)
    assert category_counts(ledger_of(log, tmp_path / "ledger.sqlite")) == {"greasy": 2, "litter": 1}
