"""Rows of a CSV file, in whichever encoding and with whichever separator; what is no whole row is never guessed at."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from grid36.replay.file.encoding import open_text
from grid36.replay.file.reasons import LongMessage, WrongFile

SEPARATORS: Final = (",", ";", "\t", "|")


def csv_rows(path: Path, column: str, lines: int) -> Iterator[list[str]]:
    """Row by row, so that a large file needs little memory; empty lines are empty rows.

    The separator is that by which one of the first `lines` names `column`. Raises `WrongFile`, at first for what is no
    text, then where a row ends inside quotation marks: what follows would be swallowed by it.
    """
    text = open_text(path)
    with text.file:
        text.file.seek(0)
        heads = [line.decode("utf-8-sig") for line in islice(text.file, lines)]
    separator = max(SEPARATORS, key=lambda each: _fits(heads, column, each))
    return _rows(path, "utf-8-sig" if text.encoding == "utf-8" else text.encoding, separator)


def _fits(heads: list[str], column: str, separator: str) -> tuple[bool, int]:
    named = [line for line in heads if column in [cell.strip(' "\r\n') for cell in line.split(separator)]]
    return bool(named), sum(line.count(separator) for line in named or heads[:1])


def _rows(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        rows, line = csv.reader(file, delimiter=separator, strict=True), 1
        try:
            for cells in rows:
                yield cells
                line = rows.line_num + 1
        except csv.Error as fault:
            words = LongMessage.of("command.import.broken_row", line=line, limit=csv.field_size_limit())
            raise WrongFile(words, file=str(path)) from fault
