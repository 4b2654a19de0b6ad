"""Parts of forms: each input with its label; forms work without script, and scripts send them to the API instead."""

from collections.abc import Iterable

from connectors.pages.html.icons import icon
from connectors.pages.html.markup import Html, tag
from connectors.pages.html.viewer import Viewer
from schemas.datum import Datum

Option = tuple[str, str]


def form(address: str, *children: object, class_: str = "act", **attributes: object) -> Html:
    """A form that is posted as multipart."""
    sent = {"method": "post", "action": address, "enctype": "multipart/form-data", "class_": class_}
    return tag("form", children, **sent, **attributes)


def hidden(**fields: object) -> list[Html]:
    """Values that go along unseen."""
    return [tag("input", type="hidden", name=name, value=value) for name, value in fields.items()]


def button(label: str, pictogram: str = "", kind: str = "", **attributes: object) -> Html:
    """A button that submits; big enough for a thumb."""
    sign = icon(pictogram) if pictogram else None
    return tag("button", sign, tag("span", label), type="submit", class_=f"button {kind}".strip(), **attributes)


def way(label: str, pictogram: str, address: str) -> Html:
    """A link to another page, as large as a button."""
    return tag("a", icon(pictogram), tag("span", label), href=address, class_="button")


def words_input(
    viewer: Viewer, label: str, *, name: str = "note", required: bool = False, marked: bool = True, rows: int = 2
) -> Html:
    """A field for a few words; not `marked` as optional where words or a photo are needed."""
    area = tag("textarea", "", name=name, rows=rows, maxlength=4000, required=required)
    return tag("label", _title(viewer, label, required or not marked), area)


def line_input(viewer: Viewer, label: str, name: str, **attributes: object) -> Html:
    """A field for one line."""
    field = tag("input", name=name, **{"type": "text", "maxlength": 500, **attributes})
    return tag("label", _title(viewer, label, bool(attributes.get("required"))), field)


def photo_input(viewer: Viewer, label: str, name: str = "photos", *, required: bool = False) -> Html:
    """Takes or chooses photos; scripts show what was chosen."""
    field = tag("input", type="file", name=name, accept="image/*", multiple=True, required=required)
    face = tag("span", icon("report"), tag("span", label), class_="button")
    return tag("label", field, face, tag("span", "", class_="shots"), class_="photo")


def select(
    label: str,
    name: str,
    options: Iterable[Option | tuple[str, list[Option]]],
    chosen: str = "",
    *,
    required: bool = False,
) -> Html:
    """A choice; groups of options are pairs of a name and a list. A required one must not stay at an empty value."""

    def one(value: str, shown: str) -> Html:
        return tag("option", shown, value=value, selected=value == chosen)

    inner = [
        one(first, second) if isinstance(second, str) else tag("optgroup", [one(*o) for o in second], label=first)
        for first, second in options
    ]
    return tag("label", tag("span", label, class_="label"), tag("select", inner, name=name, required=required))


def radios(label: str, name: str, options: Iterable[Option]) -> Html:
    """A choice of a few, all of them seen."""
    inner = [
        tag("label", tag("input", type="radio", name=name, value=value, required=True), tag("span", shown))
        for value, shown in options
    ]
    return tag("fieldset", tag("legend", label), inner, class_="radios")


def more(title: str, *children: object, pictogram: str = "") -> Html:
    """Something rarely needed, folded away."""
    return tag("details", tag("summary", icon(pictogram) if pictogram else None, title), children)


def here_button(viewer: Viewer) -> Html:
    """Fills in the phone's own position; without script it is not there."""
    face = (icon("here"), tag("span", viewer.words("place.here")))
    tap = tag("button", face, type="button", class_="button here")
    said = tag("output", "", class_="where")
    return tag("div", hidden(lat="", lon="", datum=Datum.WGS84), tap, said, class_="position", data_scripted=True)


def menu(viewer: Viewer, *parts: object) -> Html | None:
    """What is rarely needed, together under one fold; None when there is nothing."""
    shown = [part for part in parts if part is not None]
    return more(viewer.words("more"), tag("div", shown, class_="folded"), pictogram="dots") if shown else None


def _title(viewer: Viewer, label: str, required: bool) -> Html:
    return tag("span", label, None if required else tag("small", viewer.words("optional")), class_="label")
