"""The form for a report on a phone: it works without script, and each mistake stands beside its field."""

from collections.abc import Mapping, Sequence
from typing import Final

import htpy as h

from connectors.intake.refusal import FieldFault
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import Option, button, form, hidden
from connectors.pages.html.select_options import categories
from connectors.pages.html.viewer import Viewer
from schemas.datum import Datum
from schemas.names import Language
from schemas.place_names import label_in
from schemas.region import Segment
from schemas.report import ReportKind
from texts.catalogue import say

MOST_LISTED: Final = 100
"""Road segments in the list of places; a region with more of them has no list."""
FIELDS: Final = frozenset(
    {"id", "text", "address", "code", "listed", "lat", "lon", "datum", "kind", "category", "urgent", "fixed"}
)
BESIDE: Final = {"lat": "address", "lon": "address", "datum": "address", "listed": "code", "photo": "photos"}
"""Fields whose mistakes are shown beside another one."""


def words_of(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of the catalogue `form` in the reader's language."""
    return say(viewer.language, f"form.{key}", **facts)


class ReportForm:
    """The fields with what was written in them, and with their mistakes."""

    def __init__(
        self, viewer: Viewer, values: Mapping[str, str], faults: Sequence[FieldFault] = (), *, lost: bool = False
    ) -> None:
        """`lost`: photos were sent with it, and a browser cannot be given them back."""
        self._viewer, self._values, self._lost = viewer, values, lost
        self._faults: dict[str, list[str]] = {}
        for fault in faults:
            where = BESIDE.get(fault.where, fault.where)
            self._faults.setdefault(where, []).append(fault.to_json(viewer.language)["message"])

    def draw(self, id: str) -> h.Element:
        """The whole form; `id` is the report's, so that sending it twice counts once."""
        viewer = self._viewer
        return form(
            "/form",
            hidden(id=id),
            self._summary(),
            self._photos("photos", viewer.words("photo.take")),
            self._text(),
            self._where(),
            self._more(),
            button(viewer.words("report.send"), "sent", "main big", id="send"),
            class_="report",
            id="report",
        )

    def _summary(self) -> h.Element | None:
        """All mistakes at the top, each with a link to its field."""
        if not self._faults:
            return None
        lines = [h.li[h.a(href=f"#{where}")[text] if where else text] for where, text in self._all()]
        title = h.h2[words_of(self._viewer, "wrong.title")]
        again = h.p[words_of(self._viewer, "wrong.photos")] if self._lost else None
        return h.div("#wrong.notice.bad", role="alert", tabindex="-1")[icon("late"), h.div[title, h.ul[lines], again]]

    def _all(self) -> list[tuple[str, str]]:
        return [(where, text) for where, texts in self._faults.items() for text in texts]

    def _photos(self, name: str, label: str) -> h.Element:
        face = h.span(".button")[icon("report"), h.span[label]]
        field = h.input(type="file", name=name, accept="image/*", multiple=True, **self._marks(name))
        return h.div[h.label(".shoot", for_=name)[field, face], h.div(".shots", id=f"{name}-shots"), self._wrong(name)]

    def _text(self) -> h.Element:
        area = h.textarea(name="text", rows="3", maxlength="4000", **self._marks("text"))[self._values.get("text", "")]
        label = h.label(".label", for_="text")[self._viewer.words("report.text")]
        return h.div(".field")[label, area, self._wrong("text")]

    def _where(self) -> h.Element:
        """The place: the phone's own, a pin on the map, an address, a road of the list, or the code of a sign."""
        viewer, values = self._viewer, self._values
        spot = hidden(lat=values.get("lat", ""), lon=values.get("lon", ""), datum=Datum.WGS84)
        return h.fieldset(".where")[
            h.legend[viewer.words("place.legend")],
            spot,
            h.button("#here.button", type="button", data_scripted=True)[
                icon("here"), h.span[viewer.words("place.here")]
            ],
            h.p("#no-here.quiet", hidden=True)[words_of(viewer, "no_here")],
            h.p("#where", role="status"),
            self._line("address", viewer.words("place.address"), viewer.address_example() or ""),
            self._listed(),
            self._line("code", words_of(viewer, "code"), self._code_example()),
            h.p("#plate.quiet")[self._plate()] if self._plate() else None,
            h.details("#pin", data_scripted=True)[
                h.summary[icon("pin"), viewer.words("place.pin")],
                h.p(".quiet")[viewer.words("map.hint")],
                h.div(".mapbox")[h.div("#map"), h.div(".keys")[self._keys()]],
            ],
        ]

    def _keys(self) -> list[h.Element]:
        return [
            h.button(".zoom", type="button", data_zoom=name, aria_label=self._viewer.words("map." + name))[icon(sign)]
            for name, sign in (("in", "plus"), ("out", "minus"))
        ]

    def _listed(self) -> h.Element | None:
        """The roads to choose from, where there are not too many."""
        viewer, segments = self._viewer, self._viewer.gateway.region.segments
        if not segments or len(segments) > MOST_LISTED:
            return None
        known = sorted((_named(each, viewer.language), each.id) for each in segments)
        options = [("", words_of(viewer, "listed.none")), *((id, name) for name, id in known)]
        return self._select("listed", words_of(viewer, "listed"), options)

    def _code_example(self) -> str:
        region = self._viewer.gateway.region
        known = [*(each.code for each in region.poles), *(each.id for each in region.segments)]
        return words_of(self._viewer, "code.example", code=known[0]) if known else ""

    def _plate(self) -> str:
        """What place a known code means."""
        code, viewer = self._values.get("code", ""), self._viewer
        region = viewer.gateway.region
        segment = next((each for each in region.segments if each.id == code), None)
        grid = next((each for each in region.grids if each.id == code), None)
        if segment is not None:
            return words_of(viewer, "plate", place=_named(segment, viewer.language))
        return words_of(viewer, "plate", place=label_in(region, grid.name.zh, None, viewer.language)) if grid else ""

    def _more(self) -> h.Element:
        viewer, words, values = self._viewer, self._viewer.words, self._values
        kinds = [(kind.value, words("kind." + kind)) for kind in ReportKind]
        known = [("", words("category.guess")), *categories(viewer)]
        fixed = values.get("fixed") is not None
        inner = [
            self._select("kind", words("kind"), kinds),
            self._select("category", words("category"), known),
            self._check("urgent", words("report.urgent")),
            self._check("fixed", words("report.fixed")),
            h.div("#after")[
                h.p(".quiet")[words("report.fixed_hint")], self._photos("after_photos", words("photo.after"))
            ],
        ]
        wanted = fixed or any(name in self._faults for name in ("kind", "category", "after_photos"))
        return h.details("#more", open=wanted)[h.summary[icon("dots"), words_of(viewer, "more")], inner]

    def _line(self, name: str, label: str, example: str) -> h.Element:
        field = h.input(
            type="text", name=name, maxlength="500" if name == "address" else "100", autocomplete="off",
            placeholder=example, value=self._values.get(name, ""), **self._marks(name),
        )  # fmt: skip
        return h.div(".field")[h.label(".label", for_=name)[label], field, self._wrong(name)]

    def _select(self, name: str, label: str, options: Sequence[Option]) -> h.Element:
        chosen = self._values.get(name, "")
        inner = [h.option(value=value, selected=value == chosen)[shown] for value, shown in options]
        box = h.select(name=name, **self._marks(name))[inner]
        return h.div(".field")[h.label(".label", for_=name)[label], box, self._wrong(name)]

    def _check(self, name: str, label: str) -> h.Element:
        box = h.input(type="checkbox", id=name, name=name, value="1", checked=name in self._values)
        return h.label(".check")[box, h.span[label]]

    def _marks(self, name: str) -> dict[str, h.Attribute]:
        """Id of a field, and that it is wrong and where it says why."""
        wrong = name in self._faults
        return {"id": name, "aria-describedby": f"{name}-wrong", "aria-invalid": "true" if wrong else None}

    def _wrong(self, name: str) -> h.Element:
        """What is wrong with a field; empty while nothing is."""
        return h.p(".wrong", id=f"{name}-wrong")["\n".join(self._faults.get(name, ())) or None]


def _named(segment: Segment, language: Language) -> str:
    """The road and the house numbers of a segment."""
    road, numbers = segment.road.to(language), segment.numbers
    if not numbers:
        return f"{road} ({segment.id})"
    return f"{road} {min(each.first for each in numbers)}–{max(each.last for each in numbers)}"
