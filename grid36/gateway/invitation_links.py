"""Links that open a chat with an invitation in them; each door's form of them is a setting."""

import os
from collections.abc import Mapping
from typing import Final

from grid36.gateway.doors import options_of
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.errors import WrongInput

PLACE: Final = "TOKEN"
"""The word in a link that the token replaces."""


class WrongInvitationLink(WrongInput):
    """A link for invitations has the word TOKEN where the token goes, such as https://t.me/BOT?start=TOKEN. Correct the
    setting that is named.
    """


def links_for(token: str, settings: Settings, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Door to link, for the open doors that have one: GRID36_DOOR_NAME_INVITE. Raises `WrongInvitationLink`.

    The chat in the browser has one while the system runs here, too: for phones on this machine, or behind a proxy.
    """
    links = {}
    for door in settings.door_names:
        form = options_of(door, environment).get("invite", "") or (_page(settings) if door == "browser" else "")
        if form and PLACE not in form:
            raise WrongInvitationLink(setting=f"GRID36_DOOR_{door.upper().replace('-', '_')}_INVITE", given=form)
        if form:
            links[door] = form.replace(PLACE, token)
    return links


def _page(settings: Settings) -> str:
    address = settings.public_url or Home(settings.home).said().get("gateway", {}).get("address", "")
    return f"{address}/chat?invite={PLACE}" if address else ""
