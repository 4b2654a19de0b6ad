"""Form fields with their labels. Forms work without script; with it, the script sends them to the API."""

from collections.abc import Iterable

import htpy as h

from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from schemas.datum import Datum

Option = tuple[str, str]


def form(address: str, *children: h.Node, class_: str = "act", **attributes: h.Attribute) -> h.Element:
    """A form that is posted as multipart/form-data."""
    return h.form(method="post", action=address, enctype="multipart/form-data", class_=class_, **attributes)[children]


def hidden(**fields: h.Attribute) -> list[h.VoidElement]:
    """Hidden fields."""
    return [h.input(type="hidden", name=name, value=value) for name, value in fields.items()]


def button(label: str, pictogram: str = "", kind: str = "", **attributes: h.Attribute) -> h.Element:
    """A submit button, large enough for a thumb."""
    sign = icon(pictogram) if pictogram else None
    return h.button(type="submit", class_=f"button {kind}".strip(), **attributes)[sign, h.span[label]]


def way(label: str, pictogram: str, address: str) -> h.Element:
    """A link to another page, as large as a button."""
    return h.a(".button", href=address)[icon(pictogram), h.span[label]]


def words_input(
    viewer: Viewer, label: str, *, name: str = "note", required: bool = False, marked: bool = True, rows: int = 2
) -> h.Element:
    """A field for a text; not `marked` as optional where a text or a photo is needed."""
    area = h.textarea(name=name, rows=rows, maxlength=4000, required=required)
    return h.label[_title(viewer, label, required or not marked), area]


def line_input(viewer: Viewer, label: str, name: str, **attributes: h.Attribute) -> h.Element:
    """A field for one line."""
    field = h.input({"name": name, "type": "text", "maxlength": 500}, **attributes)
    return h.label[_title(viewer, label, bool(attributes.get("required"))), field]


def photo_input(viewer: Viewer, label: str, name: str = "photos", *, required: bool = False) -> h.Element:
    """Takes or selects photos; scripts show the selected ones."""
    field = h.input(type="file", name=name, accept="image/*", multiple=True, required=required)
    face = h.span(".button")[icon("report"), h.span[label]]
    return h.label(".photo")[field, face, h.span(".shots")]


def select(
    label: str,
    name: str,
    options: Iterable[Option | tuple[str, list[Option]]],
    chosen: str = "",
    *,
    required: bool = False,
) -> h.Element:
    """A select field; groups of options are pairs of a name and a list. A required one rejects the empty value."""

    def one(value: str, shown: str) -> h.Element:
        return h.option(value=value, selected=value == chosen)[shown]

    inner = [
        one(first, second) if isinstance(second, str) else h.optgroup(label=first)[[one(*o) for o in second]]
        for first, second in options
    ]
    return h.label[h.span(".label")[label], h.select(name=name, required=required)[inner]]


def radios(label: str, name: str, options: Iterable[Option]) -> h.Element:
    """A choice of a few options, all visible."""
    inner = [
        h.label[h.input(type="radio", name=name, value=value, required=True), h.span[shown]] for value, shown in options
    ]
    return h.fieldset(".radios")[h.legend[label], inner]


def more(title: str, *children: h.Node, pictogram: str = "") -> h.Element:
    """A collapsed section for something rarely needed."""
    return h.details[h.summary[icon(pictogram) if pictogram else None, title], children]


def here_button(viewer: Viewer) -> h.Element:
    """A button that fills in the phone's position; hidden without script."""
    face = (icon("here"), h.span[viewer.words("place.here")])
    tap = h.button(".button.here", type="button")[face]
    said = h.output(".where")
    return h.div(".position", data_scripted=True)[hidden(lat="", lon="", datum=Datum.WGS84), tap, said]


def menu(viewer: Viewer, *parts: h.Node) -> h.Element | None:
    """Rarely needed forms in one collapsed section; None if there are none."""
    shown = [part for part in parts if part is not None]
    return more(viewer.words("more"), h.div(".folded")[shown], pictogram="dots") if shown else None


def _title(viewer: Viewer, label: str, required: bool) -> h.Element:
    return h.span(".label")[label, None if required else h.small[viewer.words("optional")]]
