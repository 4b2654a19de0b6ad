"""Settings of the pages: `GRID36_DOOR_HTTP_PHOTO_SIDE` is `photo_side`, and so on."""

from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from connectors.intake.bodies.body import MOST_PHOTOS
from schemas.datum import Datum

_SIGN: Final = r"[^\s\"'<>;,]"
TILES: Final = rf"^$|^(https?://[A-Za-z0-9.-]+(:\d+)?)?/([^\s\"'<>;,/]{_SIGN}*)?\{{z\}}{_SIGN}*\{{[xy]\}}{_SIGN}*\{{[xy]\}}{_SIGN}*$"


class FormOptions(BaseModel):
    """What the phone does with photos before it sends them, and what is below the map; none has to be set."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    photo_side: Annotated[int, Field(ge=320, le=8000)] = 1600
    """The longer side in pixels."""
    photo_quality: Annotated[int, Field(ge=10, le=100)] = 82
    """Quality of the JPEG in percent."""
    photos: Annotated[int, Field(ge=1, le=MOST_PHOTOS)] = 6
    """The most photos of one report."""
    form_reports: Annotated[int, Field(ge=0)] = 600
    """Reports by the form that one address may send at once, of people nobody knows; they come back within an hour.
    0: as many as come.
    """
    map_tiles: Annotated[str, Field(pattern=TILES)] = ""
    """Address of tiles in Web Mercator, with {z}, {x} and {y}: of another server, or a path of our own origin."""
    map_datum: Datum = Datum.WGS84
    """The datum of these tiles."""
    map_attribution: Annotated[str, Field(max_length=300)] = ""
    """Where they come from, shown on the map: source and, in China, the map approval number."""


FORM: Final = web.AppKey("form", FormOptions)
