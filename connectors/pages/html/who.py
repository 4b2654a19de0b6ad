"""Whose page it is: who is signed in and how they leave, or that it is the demo and everybody is anybody."""

import htpy as h

from connectors.accounts.session import ADMINISTRATOR
from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import CALLER
from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from texts.catalogue import say


def words_of(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of the catalogue `sign_in` in the reader's language."""
    return say(viewer.language, f"sign_in.{key}", **facts)


def name_of(viewer: Viewer, person: str) -> str:
    """The name of somebody who may sign in."""
    return words_of(viewer, "administrator") if person == ADMINISTRATOR else viewer.name(person)


def signed_in(viewer: Viewer) -> h.Element | None:
    """Who is signed in, with a button that signs out."""
    caller = viewer.request.get(CALLER, Caller())
    if caller.credential is not Credential.SESSION:
        return None
    out = h.form(method="post", action="/sign-out")[h.button(".button", type="submit")[words_of(viewer, "out")]]
    return h.div("#me")[h.span[icon("person"), words_of(viewer, "as", name=name_of(viewer, caller.id))], out]


def sample(viewer: Viewer) -> h.Element | None:
    """Says that what is shown is invented, where it is."""
    caller = viewer.request.get(CALLER, Caller())
    if caller.credential is not Credential.DEMO:
        return None
    return h.p("#sample.quiet")[icon("ask"), words_of(viewer, "sample")]
