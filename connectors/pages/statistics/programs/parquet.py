"""A table of statistics as Parquet, where the extra `grid36[parquet]` is installed: whole numbers, days, texts."""

from collections.abc import Mapping
from http import HTTPStatus
from importlib.util import find_spec
from typing import IO, Final

from connectors.intake.refusal import refused
from connectors.pages.statistics.programs.tidy import TidyTable

EXTRA: Final = "grid36[parquet]"


def can_write() -> bool:
    """Whether the extra is installed."""
    try:
        return find_spec("pyarrow") is not None
    except ValueError:  # a test took it away
        return False


def need_parquet() -> None:
    """Raises `Refused` (501), with the name of the extra, where it is not installed."""
    if not can_write():
        raise refused(HTTPStatus.NOT_IMPLEMENTED, "no_parquet", extra=EXTRA)


def write_parquet(file: IO[bytes], table: TidyTable, told: Mapping[str, str]) -> None:
    """Write it; `told` become key-value metadata of the file."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {"text": pa.string(), "count": pa.int64(), "number": pa.float64(), "day": pa.date32()}
    schema = pa.schema([pa.field(each.name, types[each.type]) for each in table.fields], metadata=dict(told))
    names = schema.names
    rows = [dict(zip(names, row.values(table.metrics), strict=True)) for row in table.rows]
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), file, compression="zstd")
