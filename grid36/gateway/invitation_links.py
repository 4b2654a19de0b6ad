"""Links that open a chat with an invitation in them; each door's form of them is a setting."""

import os
from collections.abc import Mapping
from typing import Final

from grid36.gateway.doors import options_of
from grid36.machine.page_address import page_address
from grid36.settings import Settings
from schemas.errors import WrongInput

PLACE: Final = "TOKEN"
"""The word in a link that the token replaces."""


class WrongInvitationLink(WrongInput):
    """A link for invitations has the word TOKEN where the token goes, such as https://t.me/BOT?start=TOKEN. Correct the
    setting that is named.
    """


FORM: Final = "form"
"""The name of the link to the form page."""


def links_for(
    token: str, settings: Settings, environment: Mapping[str, str] = os.environ, *, form: str = ""
) -> dict[str, str]:
    """Name to link: of the open doors that have one (GRID36_DOOR_NAME_INVITE), of the form, of the chat in the browser.

    `form` is what stands behind the address of the pages there. Raises `WrongInvitationLink`.
    """
    links, address = {}, page_address(settings)
    for door in settings.door_names:
        if link := options_of(door, environment).get("invite", ""):
            if PLACE not in link:
                raise WrongInvitationLink(setting=f"GRID36_DOOR_{door.upper().replace('-', '_')}_INVITE", given=link)
            links[door] = link.replace(PLACE, token)
    if address and form:
        links[FORM] = address + form
    if address and "browser" in settings.door_names:
        links.setdefault("browser", f"{address}/chat?invite={token}")
    return links
