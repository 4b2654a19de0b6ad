"""Pictograms drawn as inline SVG (24 by 24, stroked): no font, no file, no emoji."""

from typing import Final

from connectors.pages.markup import Html

_PATHS: Final = {
    "report": "M4 8h3l2-3h6l2 3h3v11H4zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
    "handle": "M14 6a4 4 0 0 1 5-1l-3 3 .5 2 2 .5 3-3a4 4 0 0 1-5 5L9 20a2 2 0 0 1-3-3l7.5-7.5A4 4 0 0 1 14 6z",
    "watch": "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
    "late": "M12 3 2 20h20zM12 10v4M12 17v.5",
    "check": "M4 12l5 6L20 6",
    "cross": "M6 6l12 12M18 6 6 18",
    "pin": "M12 22s7-7 7-12a7 7 0 0 0-14 0c0 5 7 12 7 12zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "pause": "M8 5v14M16 5v14",
    "ask": "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18v.5",
    "back": "M15 5l-7 7 7 7",
    "join": "M6 4v5c0 3 6 3 6 7v4M18 4v5c0 3-6 3-6 7",
    "sent": "M3 12 21 4l-6 17-3-7z",
    "here": "M12 3v3M12 18v3M3 12h3M18 12h3M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "redo": "M4 12a8 8 0 1 1 3 6M4 12V6M4 12h6",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
}


def icon(name: str) -> Html:
    """The pictogram `name`; decoration only, the words beside it say the same."""
    return Html(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{_PATHS[name]}"/></svg>')
