"""The lists and tables of the live board, as the server draws them; the script draws the same and keeps it going."""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

import htpy as h

from connectors.ledger.queries.board import MOST_OPEN, Board, Load, Repeat
from connectors.ledger.queries.cases import LedgerChange
from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.names import Language


def panel(viewer: Viewer, name: str, *children: h.Node) -> h.Element:
    """A part of the board with its title."""
    return h.section(".panel", id=f"panel-{name}", aria_labelledby=f"title-{name}")[
        h.h2(id=f"title-{name}")[viewer.words("board." + name)], children
    ]


def linked(viewer: Viewer, address: str, *children: h.Node) -> h.Element:
    """A link; on a wall screen, which nobody touches, the same text without one."""
    return h.span(".what")[children] if on_wall(viewer) else h.a(href=address)[children]


def on_wall(viewer: Viewer) -> bool:
    """Whether the page is drawn for a wall screen."""
    return viewer.request.query.get("wall") == "1"


def totals(viewer: Viewer, board: Board, *more: h.Node) -> h.Element:
    """How many cases are open, late, due soon and to be verified, large; `more` figures come last."""
    figures = [
        h.div(class_=f"total {name}")[h.dt[viewer.words(f"board.total.{name}")], h.dd(data_total=name)[str(count)]]
        for name, count in board.totals.items()
    ]
    return h.dl("#totals")[figures, more]


def truncated(viewer: Viewer, board: Board) -> h.Element:
    """A line that says that not all open cases are shown; hidden unless that is so."""
    return h.p("#truncated.late", role="status", hidden=not board.truncated)[
        viewer.words("board.truncated", n=f"{MOST_OPEN:,}")
    ]


def short_number(viewer: Viewer, number: str) -> str:
    """A case number; on a wall screen without the code of the region, which all of them share."""
    return number.removeprefix(f"{viewer.gateway.region.code}-") if on_wall(viewer) else number


def cases(viewer: Viewer, name: str, shown: Iterable[Case]) -> h.Element:
    """Cases with their clocks, the most pressing first; `name` is late, soon or called."""
    rows = [_case(viewer, case) for case in shown]
    return panel(viewer, name, h.ul(".brief", id=name)[rows or h.li(".quiet")[viewer.words("board.nothing")]])


def loads(viewer: Viewer, name: str, shown: Sequence[Load], named: Callable[[str], str], to: str = "") -> h.Element:
    """Open and late cases by person, department or rung; `to` is the address of the cases of one, without its key."""

    def called(key: str) -> h.Node:
        return h.a(href=f"{to}{quote(key, safe='')}")[named(key)] if to else named(key)

    words = viewer.words
    head = h.tr[[h.th(scope="col")[words(key)] for key in (f"board.of.{name}", "board.open", "board.is_late")]]
    body = [
        h.tr[h.th(scope="row")[called(each.key)], h.td[each.open], h.td(class_=_kind(each))[each.late]]
        for each in shown
    ]
    rows = h.tbody(id=name, data_to=to or None)[body]
    table = h.table(".figures")[h.caption[words(f"board.by.{name}")], h.thead[head], rows]
    return panel(viewer, name, table)


def repeats(viewer: Viewer, shown: Sequence[Repeat]) -> h.Element:
    """Where the same was reported again and again lately."""
    words, language = viewer.words, viewer.language
    rows = [
        h.li[
            linked(
                viewer,
                f"/board?category={quote(repeat.category, safe='')}",
                h.b[category_name(viewer, repeat.category)],
                " ",
                h.span[_road(viewer, repeat.segment, language)],
            ),
            h.span(".times")[words("board.times", n=repeat.count)],
        ]
        for repeat in shown
    ]
    return panel(viewer, "repeats", h.ul(".brief")[rows or h.li(".quiet")[words("board.nothing")]])


def events(viewer: Viewer, shown: Sequence[LedgerChange]) -> h.Element:
    """What happened last, newest first."""
    rows = [_event(viewer, change) for change in reversed(shown)]
    return panel(viewer, "events", h.ol("#events.brief", data_zone=viewer.gateway.region.zone)[rows])


def category_name(viewer: Viewer, id: str) -> str:
    """The name of a category of the rulebook; its id where it is unknown."""
    known = viewer.gateway.rulebook.category(id)
    return known.name.to(viewer.language) if known else id


def linked_case(viewer: Viewer, case: Case) -> h.Element:
    """Category and number of a case, with a link to its page."""
    address = f"/case/{quote(case.number, safe='')}?role=supervisor"
    number = h.span(".number")[short_number(viewer, case.number)]
    return linked(viewer, address, h.b[viewer.category(case)], " ", number)


def _case(viewer: Viewer, case: Case) -> h.Element:
    return h.li(data_case=case.number)[linked_case(viewer, case), viewer.clock(case)]


def _event(viewer: Viewer, change: LedgerChange) -> h.Element:
    event, case = change.event, change.case
    what = " · ".join(filter(None, (viewer.category(case) if case else "", short_number(viewer, event.case or ""))))
    address = f"/case/{quote(event.case or '', safe='')}?role=supervisor"
    link = linked(viewer, address, h.b[viewer.words("event." + event.type)], " ", h.span[what])
    return h.li[viewer.time(event.t_ms), " ", link]


def _kind(load: Load) -> str | None:
    return "late" if load.late else None


def _road(viewer: Viewer, id: str, language: Language) -> str:
    segment = viewer.gateway.directory.segment(id)
    return f"{segment.road.to(language)} {id}" if segment else id
