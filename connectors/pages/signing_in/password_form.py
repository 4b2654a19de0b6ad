"""The form for name, password and code."""

from typing import Final

import htpy as h
from aiohttp import web

from connectors.accounts.by_password import PasswordTry
from connectors.accounts.local_rows import MOST_LOGIN
from connectors.accounts.passwords import MOST
from connectors.intake.refusal import bad
from connectors.pages.html.inputs import button
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import words_of
from connectors.pages.signing_in.entering import sign_in_address

FORM: Final = "application/x-www-form-urlencoded"
MOST_BODY: Final = 10_000


def password_form(viewer: Viewer, name: str = "", *, wrong: bool = False) -> h.Element:
    """The form; `name` is what was typed before, `wrong` whether it was to no avail."""
    told = {"aria-invalid": "true", "aria-describedby": "said"} if wrong else {}
    fields = [
        h.label[
            h.span(".label")[words_of(viewer, "name")],
            h.input(
                told, name="name", value=name[:MOST_LOGIN], required=True, maxlength=MOST_LOGIN,
                autocomplete="username", autocapitalize="none", spellcheck="false",
            ),
        ],
        h.label[
            h.span(".label")[words_of(viewer, "password")],
            h.input(
                told, name="password", type="password", required=True, maxlength=MOST, autocomplete="current-password",
                autofocus=wrong,
            ),
        ],
        h.label[
            h.span(".label")[words_of(viewer, "code"), h.small[words_of(viewer, "code_hint")]],
            h.input(
                told, name="code", inputmode="numeric", maxlength=20, autocomplete="one-time-code"
            ),
        ],
    ]  # fmt: skip
    return h.form("#by-password", method="post", action=sign_in_address(viewer.request))[
        fields, button(words_of(viewer, "title"), "check", "main big")
    ]


async def typed_in(request: web.Request) -> PasswordTry:
    """What was posted. Raises `Refused` (400) for what is no such form."""
    if request.content_type != FORM or (request.content_length or 0) > MOST_BODY:
        raise bad("bad_form")
    try:
        fields = await request.post()
    except (ValueError, LookupError):
        raise bad("bad_form") from None
    name, password, code = (str(fields.get(field, "")) for field in ("name", "password", "code"))
    return PasswordTry(name, password, code)
