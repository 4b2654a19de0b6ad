"""Pictograms: symbols of one small SVG file (24 by 24, stroked in the colour of the words), no font, no emoji."""

from functools import cache

import htpy as h
from markupsafe import Markup, escape


@cache
def icon(name: str) -> Markup:
    """The pictogram `name` of assets/icons.svg; decorative, as the text beside it says the same."""
    return escape(h.svg(".icon", aria_hidden="true")[h.use(href=f"/assets/icons.svg#{name}")])
