"""What the page and the files of the public list share: the list as it is now, its texts, and how long it is kept."""

from datetime import date
from typing import Final

from aiohttp import web

from connectors.lists.public.build import public_list
from connectors.lists.public.entry import PublicList
from connectors.pages.html.viewer import Viewer
from schemas.days import day_of
from schemas.region import Region
from schemas.rulebook import Rulebook
from texts.catalogue import say

ADDRESS: Final = "/public-list"
KEPT_S: Final = 300
"""How long a cache may answer with it."""


class PublicListMade:
    """The list as it was made last; made anew for another region, rulebook or day."""

    def __init__(self) -> None:
        self._of: tuple[Region, Rulebook, date] | None = None
        self._made = PublicList((), (), ())

    def now(self, viewer: Viewer) -> PublicList:
        """As it is today in the region's zone."""
        gateway = viewer.gateway
        of = gateway.region, gateway.rulebook, day_of(viewer.now_ms, viewer.zone)
        if self._of is None or self._of[0] is not of[0] or self._of[1] is not of[1] or self._of[2] != of[2]:
            self._of, self._made = of, public_list(gateway.directory, gateway.rulebook, of[2])
        return self._made


PUBLIC_LIST: Final = web.AppKey("public_list", PublicListMade)


def list_now(viewer: Viewer) -> PublicList:
    """The list as it is today."""
    return viewer.request.app[PUBLIC_LIST].now(viewer)


def said(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of this page in the reader's language."""
    return say(viewer.language, f"lists.public.{key}", **facts)


def cached(viewer: Viewer, answer: web.Response) -> web.Response:
    """Let caches keep it for everybody, unless it sets a cookie: it says the same to all readers of a language."""
    if not viewer.cookies:
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer
