"""Neighbouring platforms, such as a hotline: how their rows are read, and how they are told what became of them."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from schemas.case import State
from schemas.datum import Datum
from schemas.mistake import mistake
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Name
from schemas.people import Id
from schemas.report import ReportKind
from schemas.time_forms import KnownZone, check_form

PlatformCode = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,19}$")]
Column = Annotated[str, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


def _listed(raw: Any) -> Any:
    return (raw,) if isinstance(raw, str) else raw


Columns = Annotated[tuple[Column, ...], BeforeValidator(_listed), Field(max_length=20)]
"""One column or several, whose texts are joined."""
Words = Annotated[tuple[Word, ...], BeforeValidator(_listed), Field(max_length=50)]


class TheirState(ChoiceEnum):
    """What a state there means for us."""

    OPEN = "open"
    ENDED = "ended"
    """It was finished there."""
    WITHDRAWN = "withdrawn"


class DatumThere(ChoiceEnum):
    """The datum of the positions of a platform; `unknown`: nobody can say, so no position of it is used."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    UNKNOWN = "unknown"

    @property
    def known(self) -> Datum | None:
        """The datum, if there is one to rely on."""
        return None if self is DatumThere.UNKNOWN else Datum(self.value)


class PlatformColumns(FileModel):
    """The names of their columns; only `id` has to be there. What is not named is not read."""

    id: Column
    text: Columns = ()
    kind: Column | None = None
    category: Column | None = None
    address: Columns = ()
    place: Column | None = None
    """A code of a grid, a segment or a pole of ours."""
    latitude: Column | None = None
    longitude: Column | None = None
    reported_at: Column | None = None
    due_at: Column | None = None
    state: Column | None = None
    urgent: Column | None = None
    caller: Columns = ()
    """Name and numbers of who called: struck from words and address, and never stored."""
    confidential: Column | None = None
    """Whether the caller asked that nothing of them be passed on."""
    ours: Column | None = None
    """Our case number, where they have the case from us."""
    also: dict[PlatformCode, Column] = Field(default_factory=dict)
    """Other platforms whose id of the same case a row names, by their codes."""

    @property
    def used(self) -> frozenset[str]:
        """The names of all columns that are read."""
        found = set[str]()
        for name in type(self).model_fields:
            match getattr(self, name):
                case str(column):
                    found.add(column)
                case dict(columns):
                    found |= set(columns.values())
                case tuple(columns):
                    found |= set(columns)
        return frozenset(found)


class NeighbourPlatform(FileModel):
    """One platform. Words are compared without blanks around them."""

    code: PlatformCode
    name: Name
    columns: PlatformColumns
    zone: KnownZone | None = None
    """IANA zone of times without an offset; None: the region's."""
    times: Words = ()
    """Formats of times (`strptime`) besides ISO 8601 and `2026/11/30 9:05`."""
    datum: DatumThere | None = None
    """Of its positions; needed where it has any."""
    kinds: dict[Word, ReportKind] = Field(default_factory=dict)
    """Their words for what a caller wants."""
    categories: dict[Word, Id] = Field(default_factory=dict)
    """Their words for categories of ours; of others the words of the row decide."""
    states: dict[Word, TheirState] = Field(default_factory=dict)
    """Their words for how far a case is there."""
    answers: dict[State, Word] = Field(default_factory=dict)
    """Our states in their words, as they are told of outcomes."""
    means_yes: Words = ("yes", "true", "1", "y")
    """Their words for yes."""

    @field_validator("times")
    @classmethod
    def _say_when(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            check_form(form)
        return forms

    @model_validator(mode="after")
    def _whole_positions(self) -> Self:
        pair = (self.columns.latitude, self.columns.longitude)
        if None in pair and pair != (None, None):
            raise mistake("mistakes.platform_half_position")
        if pair[0] is not None and self.datum is None:
            raise mistake("mistakes.platform_datum")
        if self.code in self.columns.also:
            raise mistake("mistakes.platform_names_itself", code=self.code)
        return self

    def says_yes(self, text: str) -> bool:
        """Whether a cell means yes."""
        return text.strip().casefold() in {word.strip().casefold() for word in self.means_yes}
