"""Columns of a mapping: how times, departments, kinds of report and datums are written in the file."""

import codecs
import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from schemas.datum import Datum
from schemas.mistake import mistake
from schemas.models import FileModel
from schemas.people import Code, code_from_name
from schemas.report import Department, ReportKind
from schemas.time_forms import KnownZone, check_form

Column = Annotated[str, Field(min_length=1, max_length=200)]
COUNTED: Final = ("excel", "unix", "unix_ms")
"""Formats of times that are one number: days since 1899-12-30 by local clocks, seconds or milliseconds since 1970."""
_SYSTEM: Final = re.compile(r"(epsg|esri):\d{1,6}", re.ASCII)
_DATUMS: Final = {
    **{name: datum for datum in Datum for name in (datum.value, f"{datum.value[:-2]}-{datum.value[-2:]}")},
    "epsg:4326": Datum.WGS84,
    "cgcs2000": Datum.WGS84,
    "epsg:4490": Datum.WGS84,
}
"""CGCS2000 is within a few centimetres of WGS-84."""
_GB: Final = {"gbk", "gb2312", "cp936", "936", "ms936", "gb18030", "gb_18030"}
_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}


def _listed(raw: Any) -> Any:
    return (raw,) if isinstance(raw, str) else raw


Columns = Annotated[tuple[Column, ...], BeforeValidator(_listed), Field(min_length=1, max_length=20)]
"""One column or several, whose texts are joined."""


def _known_datum(text: Any) -> Any:
    """A datum, or a coordinate system by its code, `epsg:2056`. Raises `ValueError` where there is none of the name."""
    name = str(text).strip().casefold()
    if name in _DATUMS:
        return _DATUMS[name].value
    if _SYSTEM.fullmatch(name):
        from pyproj import CRS
        from pyproj.exceptions import CRSError

        try:
            system = CRS.from_user_input(name.upper())
        except CRSError:
            raise mistake("mistakes.no_coordinate_system", name=name) from None
        if system.is_projected or system.is_geographic:
            return name
        raise mistake("mistakes.not_of_the_map", name=name, title=system.name)
    raise mistake("mistakes.no_datum", text=text)


DatumName = Annotated[str, BeforeValidator(_known_datum)]
"""A value of `Datum`, or `epsg:N` or `esri:N` in small letters."""


def _known_encoding(name: str) -> str:
    plain = name.strip().casefold().replace(" ", "")
    if plain in _GB:
        return "gb18030"
    try:
        found = codecs.lookup(plain).name
        "".encode(found)
    except (LookupError, UnicodeError):
        raise mistake("mistakes.no_encoding", name=name) from None
    return {"utf-8-sig": "utf-8"}.get(found, found)


EncodingName = Annotated[str, AfterValidator(_known_encoding)]


def _known_separator(name: str) -> str:
    separator = _SEPARATORS.get(name.strip().casefold(), name)
    if len(separator) != 1 or separator in '"\r\n':
        raise mistake("mistakes.separator")
    return separator


Separator = Annotated[str, AfterValidator(_known_separator)]


class TimeColumn(FileModel):
    """A column with a time. `zone` (IANA) and `format` (`strptime`) where the column itself lacks them (ISO 8601).

    Day and hour in two columns are joined with a blank between: `columns`, or `time` beside `column`. Where a column
    is written in several ways, `formats` lists them. A format without hour and minute is one of days. Times that are
    numbers have the formats `excel`, `unix` and `unix_ms`.
    """

    column: Column
    columns: tuple[Column, ...] = ()
    """All columns, in the order in which they are joined; `column` is the first of them."""
    zone: KnownZone | None = None
    formats: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, raw: Any) -> Any:
        if isinstance(raw, str):
            return {"column": raw, "columns": (raw,)}
        if not isinstance(raw, dict):
            return raw
        fields = dict(raw)
        named = [fields[name] for name in ("column", "time") if isinstance(fields.get(name), str)]
        several = _listed(fields.get("columns"))
        if several and named and tuple(named) != tuple(several)[:1]:
            raise mistake("mistakes.columns_once")
        if several:
            fields["column"] = several[0]
        else:
            fields["columns"] = tuple(named)
        fields.pop("time", None)
        form = fields.pop("format", None)
        if form is not None and fields.get("formats"):
            raise mistake("mistakes.formats_once")
        fields["formats"] = _listed(fields.get("formats") or (() if form is None else form))
        return fields

    @field_validator("formats")
    @classmethod
    def _say_when(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            if form not in COUNTED:
                check_form(form)
        return forms


class DepartmentColumn(FileModel):
    """The column that names the department, and the code of each name that shall not be derived."""

    column: Column
    values: dict[str, Code] = {}

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, raw: Any) -> Any:
        return {"column": raw} if isinstance(raw, str) else raw

    def department(self, name: str) -> Department:
        """The department that the source calls `name`."""
        return Department(code=self.values.get(name) or code_from_name(name), name=name)


class KindColumn(FileModel):
    """The column that says what a reporter wants, and the kind that each of its words means."""

    column: Column
    values: dict[str, ReportKind] = {}

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, raw: Any) -> Any:
        return {"column": raw} if isinstance(raw, str) else raw

    def kind(self, word: str) -> ReportKind | None:
        """The kind that `word` means; None where nobody said."""
        try:
            return self.values.get(word) or ReportKind(word.casefold())
        except ValueError:
            return None
