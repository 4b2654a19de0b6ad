"""A table of statistics as JSON: its rows with the addresses of their cases, and what each metric is."""

from datetime import date
from typing import Any

from connectors.cases.translations import Translations
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.programs.tidy import TidyTable


def json_table(words: Translations, asked: StatisticsAsked, zone: str, table: TidyTable) -> dict[str, Any]:
    """An object for each group and period; days as ISO 8601, and in `cases` the address of the cases of each number.

    `zone` (IANA) says where days begin.
    """
    names, metrics = [field.name for field in table.fields], table.metrics
    told = [
        {
            "key": each.key,
            "unit": each.unit,
            "name": words(f"metric.{each.key}"),
            "defined": words(f"defined.{each.key}"),
        }
        for each in metrics
    ]
    rows = [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(names, row.values(metrics), strict=True)
        }
        | {"cases": row.cases(metrics)}
        for row in table.rows
    ]
    return {"zone": zone, "kind": asked.kind, "by": asked.by, "view": asked.view, "metrics": told, "rows": rows}
