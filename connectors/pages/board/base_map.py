"""An optional base map below the shapes: tiles of the operator's choice, with their datum, and where they come from."""

from urllib.parse import urlsplit

from connectors.doors.http.app import HEADERS
from connectors.pages.form.options import FormOptions

POLICY = "Content-Security-Policy"


def policy(options: FormOptions) -> str:
    """The content security policy of a page that also shows the tiles: pictures of that one origin, nothing else."""
    origin = urlsplit(options.map_tiles)
    if not origin.netloc:
        return HEADERS[POLICY]
    return HEADERS[POLICY].replace("img-src 'self'", f"img-src 'self' {origin.scheme}://{origin.netloc}")


def attributes(options: FormOptions) -> dict[str, str]:
    """What the script has to know, as attributes of the map; nothing without a base map."""
    if not options.map_tiles:
        return {}
    return {
        "data-tiles": options.map_tiles,
        "data-datum": options.map_datum.value,
        "data-attribution": options.map_attribution,
    }
