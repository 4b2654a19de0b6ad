"""Who we are on the server: by a token, or by a password that is used once."""

import logging
from typing import Any, Final

from connectors.chat.json_values import mapping_of, text_of, texts_of
from connectors.doors.matrix.client import V3, MatrixClient, MatrixError, part_of_path
from connectors.doors.matrix.settings import MatrixSettings
from connectors.doors.matrix.store import MatrixAccount, MatrixStore
from schemas.errors import ServiceAway, WrongInput

log = logging.getLogger(__name__)
MEDIA_SINCE: Final = "v1.11"
"""The version of Matrix that brought the way by which files are fetched."""


class MatrixNoAccountError(WrongInput):
    """The bot has no account. Set GRID36_DOOR_MATRIX_TOKEN, or GRID36_DOOR_MATRIX_USER and _PASSWORD."""


class MatrixLoginError(WrongInput):
    """The Matrix server refuses the bot's account. Check GRID36_DOOR_MATRIX_TOKEN, or _USER and _PASSWORD."""

    address: str
    fault: str


class MatrixServerError(WrongInput):
    """This is no Matrix server that the door can use; it has to speak Matrix v1.11. Check GRID36_DOOR_MATRIX_URL."""

    address: str
    fault: str


class MatrixAwayError(ServiceAway):
    """The Matrix server does not answer. Check GRID36_DOOR_MATRIX_URL and whether the server runs."""

    address: str
    fault: str


async def log_in(client: MatrixClient, store: MatrixStore, settings: MatrixSettings) -> MatrixAccount:
    """The account; `client` has its token then. Raises `MatrixLoginError`, and `MatrixError` for what passes."""
    if token := settings.token.get_secret_value():
        return await _whoami(client, token)
    before = await store.account()
    if before is not None and _local(before.user) == _local(settings.user):
        try:
            return await _whoami(client, before.token)
        except MatrixLoginError:
            log.info("the Matrix server does not know the token of the last log-in any more")
    account = await _with_password(client, settings, before)
    await store.log_in(account)
    return account


async def name_of(client: MatrixClient, user: str) -> str:
    """The display name, or ""."""
    try:
        profile = await client.call("GET", f"{V3}/profile/{part_of_path(user)}")
    except MatrixError as fault:
        if fault.status == 404:  # it has none
            return ""
        raise
    return text_of(profile.get("displayname"), 200)


async def newest_version(client: MatrixClient) -> str:
    """What the server speaks. Raises `MatrixServerError`, `MatrixError`."""
    try:
        answer = await client.call("GET", "/_matrix/client/versions")
    except MatrixError as fault:
        if fault.passes and fault.status:
            raise
        if fault.passes:
            raise MatrixAwayError(address=client.url, fault=str(fault)) from None
        raise MatrixServerError(address=client.url, fault=str(fault)) from None
    versions = sorted(filter(None, map(_numbers, texts_of(answer.get("versions")))))
    newest = "v" + ".".join(map(str, versions[-1])) if versions else ""
    if not versions or versions[-1] < _numbers(MEDIA_SINCE):
        raise MatrixServerError(address=client.url, fault=newest or "/_matrix/client/versions")
    return newest


async def _whoami(client: MatrixClient, token: str) -> MatrixAccount:
    client.token = token
    answer = await _asked(client, "GET", f"{V3}/account/whoami")
    return MatrixAccount(text_of(answer.get("user_id")), text_of(answer.get("device_id")), token)


async def _with_password(client: MatrixClient, settings: MatrixSettings, before: MatrixAccount | None) -> MatrixAccount:
    client.token = ""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": settings.user},
        "password": settings.password.get_secret_value(),
        "initial_device_display_name": "Grid36",
        **({"device_id": before.device} if before is not None and before.device else {}),
    }
    answer = await _asked(client, "POST", f"{V3}/login", body)
    account = MatrixAccount(*(text_of(answer.get(each)) for each in ("user_id", "device_id", "access_token")))
    client.token = account.token
    return account


async def _asked(client: MatrixClient, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        return dict(mapping_of(await client.call(method, path, body)))
    except MatrixError as fault:
        if fault.passes:
            raise
        raise MatrixLoginError(address=client.url, fault=str(fault)) from None


def _local(user: str) -> str:
    return user.removeprefix("@").partition(":")[0]


def _numbers(version: str) -> tuple[int, ...]:
    """v1.11 as (1, 11); () for what is no such version, as the old r0.6.1."""
    parts = version.removeprefix("v").split(".")
    return tuple(map(int, parts)) if version.startswith("v") and all(map(str.isdecimal, parts)) else ()
