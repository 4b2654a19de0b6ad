"""Queries of the ledger as PostgreSQL has them. Pure.

Each is written once, in SQL that SQLite and PostgreSQL both read, and in the few marks of `MARKS` that each has its own
words for. A mark is replaced as it stands, so it has to be written as it stands there.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_LIST: Final = r"\(SELECT value FROM json_each\(([^()]*)\)\)"
_ARRAY: Final = r"(ARRAY(SELECT json_array_elements_text(CAST(\1 AS json))))"
MARKS: Final = tuple(
    (re.compile(mark), words)
    for mark, words in (
        (r"\bINDEXED BY \w+", ""),  # SQLite is told which index to take; PostgreSQL knows how the values are spread
        (r"\bNOT INDEXED\b", ""),
        (r"\bCROSS JOIN (\w+) USING\b", r"JOIN \1 USING"),  # to SQLite the order of the tables, too
        (r"(?<!NOT )\bIN \(\)", "IN (NULL)"),  # a list of nothing
        (rf"\bNOT IN {_LIST}", rf"<> ALL {_ARRAY}"),
        (rf"\bIN {_LIST}", rf"= ANY {_ARRAY}"),
        (
            r"\bIN \(SELECT CAST\(value AS BIGINT\) FROM json_each\(([^()]*)\)\)",
            r"= ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST(\1 AS json)) AS BIGINT)))",
        ),
        (r"\bjson_each\(([^()]*)\) AS lists\b", r"json_array_elements(CAST(\1 AS json)) AS lists (value)"),
        (r"\bCAST\(event AS TEXT\)", "convert_from(event, 'UTF8')"),
        (
            r"\bjson_extract\((\w+|convert_from\(event, 'UTF8'\)), '\$\.([\w.]+)'\)",
            lambda found: f"(CAST({found[1]} AS json) #>> '{{{found[2].replace('.', ',')}}}')",
        ),
        (r"\bgroup_concat\(([^()]*)\)", r"string_agg(CAST(\1 AS TEXT), ',')"),
        (r"\binstr\((\w+), ([^()]*)\)", r"position((\2) IN \1)"),
        (
            r"\bjson_group_array\(json_array\(([^()]*)\)\)",
            r"CAST(coalesce(json_agg(json_build_array(\1)), '[]') AS TEXT)",
        ),
        (r"\bAS NOT MATERIALIZED\b", "AS MATERIALIZED"),  # which SQLite would rather read as a part of its query
        (r"\bDELETE FROM moved\b", "TRUNCATE moved"),  # nothing clears up behind rows of a temporary table
    )
)
"""What stands in our queries, and what PostgreSQL reads instead."""
_VALUE: Final = re.compile(r"\?(\d*)|(?<![:\w]):([a-z_]\w*)")


class Statement(NamedTuple):
    """A query for PostgreSQL; `numbered` if its values have numbers in it, and are to be given as `p1`, `p2` …"""

    text: str
    numbered: bool


@lru_cache(maxsize=1024)
def statement_of(sql: str) -> Statement:
    """A query of ours in the words of PostgreSQL and its driver."""
    for mark, words in MARKS:
        sql = mark.sub(words, sql)
    return Statement(_VALUE.sub(_marked, sql.replace("%", "%%")), re.search(r"\?\d", sql) is not None)


def _marked(found: re.Match[str]) -> str:
    number, name = found.groups()
    if name:
        return f"%({name})s"
    return f"%(p{number})s" if number else "%s"


_TYPES: Final = (
    (re.compile(r"\bWITHOUT ROWID\b"), ""),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    (re.compile(r"\bREAL\b"), "DOUBLE PRECISION"),
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),  # texts in the order of their bytes, whatever the database is in
)


def tables_of(ddl: str) -> str:
    """Our tables in the types of PostgreSQL, each of which holds the same values."""
    for type_, theirs in _TYPES:
        ddl = type_.sub(theirs, ddl)
    return ddl
