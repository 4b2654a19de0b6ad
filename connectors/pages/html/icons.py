"""Pictograms: symbols of one small SVG file (24 by 24, stroked in the colour of the words), no font, no emoji."""

from connectors.pages.html.markup import Html


def icon(name: str) -> Html:
    """The pictogram `name` of assets/icons.svg; decoration only, the words beside it say the same."""
    return Html(f'<svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#{name}"/></svg>')
