"""The organisation's own log-in as other pages offer it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import htpy as h
from aiohttp import web

from connectors.accounts.oidc.attempt import Attempts
from connectors.doors.http.app import SIGN_IN
from connectors.pages.html.inputs import way
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import words_of
from connectors.pages.signing_in.entering import asked_for

if TYPE_CHECKING:  # what checks its tokens takes 11 MB, which only who has a provider pays
    from connectors.accounts.oidc.client import OidcClient

START: Final = f"{SIGN_IN}/oidc"
BACK: Final = f"{START}/back"
OUT: Final = f"{START}/out"
LEFT: Final = "left"
"""The parameter of the sign-in page that says by which way somebody had come in who just went."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """The provider, and who is on their way there."""

    client: "OidcClient"
    attempts: Attempts


OIDC: Final = web.AppKey("oidc", Oidc)


def add_oidc(app: web.Application, client: "OidcClient") -> None:
    """People may sign in by this provider."""
    app[OIDC] = Oidc(client, Attempts())


def oidc_ways(viewer: Viewer) -> h.Node:
    """A button for the provider, if there is one; for who just signed out here, also how to sign out there."""
    if OIDC not in viewer.request.app:
        return None
    name = name_there(viewer)
    there = f"{START}?{urlencode({'to': asked_for(viewer.request)})}"
    button = h.p[h.a(".button.main", href=there)[words_of(viewer, "oidc.button", name=name)]]
    if viewer.request.query.get(LEFT) != "oidc":
        return button
    left = notice("good", words_of(viewer, "oidc.left", name=name))
    return [left, h.div(".row")[way(words_of(viewer, "oidc.out_there", name=name), "cross", OUT)], button]


def name_there(viewer: Viewer) -> str:
    """What people call the provider."""
    name = viewer.request.app[OIDC].client.provider.name
    return words_of(viewer, "oidc.name") if name is None else name.to(viewer.language)
