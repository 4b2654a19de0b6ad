"""Settings of the form page: `GRID36_DOOR_HTTP_PHOTO_SIDE` is `photo_side`, and so on."""

from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from connectors.doors.http.request_body import MOST_PHOTOS


class FormOptions(BaseModel):
    """What the phone does with photos before it sends them; none has to be set."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    photo_side: Annotated[int, Field(ge=320, le=8000)] = 1600
    """The longer side in pixels."""
    photo_quality: Annotated[int, Field(ge=10, le=100)] = 82
    """Quality of the JPEG in percent."""
    photos: Annotated[int, Field(ge=1, le=MOST_PHOTOS)] = 6
    """The most photos of one report."""


FORM: Final = web.AppKey("form", FormOptions)
