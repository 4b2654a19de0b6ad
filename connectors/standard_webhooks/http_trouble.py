"""What goes wrong with a request to another system: a code that is stored, and words for it."""

import ssl
from typing import Final

import aiohttp

from schemas.models import ChoiceEnum
from schemas.names import Name

STATUS: Final = "status "
"""Before the status of an answer that is none of 200 … 299."""


class HttpTrouble(ChoiceEnum):
    """Why there was no answer."""

    UNKNOWN_NAME = "unknown_name"
    NOT_PUBLIC = "not_public"
    """Its name leads into a private network, which is not allowed."""
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    """Nobody whom this machine trusts vouches for its certificate, or it has expired, or is another host's."""
    NO_TLS = "no_tls"
    NO_ANSWER = "no_answer"
    """It took too long."""
    BROKEN_OFF = "broken_off"
    NO_HTTP = "no_http"


_BY_ERROR: Final[tuple[tuple[type[BaseException], HttpTrouble], ...]] = (
    (PermissionError, HttpTrouble.NOT_PUBLIC),
    (TimeoutError, HttpTrouble.NO_ANSWER),
    (aiohttp.ClientConnectorCertificateError, HttpTrouble.CERTIFICATE),
    (ssl.SSLCertVerificationError, HttpTrouble.CERTIFICATE),
    (aiohttp.ClientSSLError, HttpTrouble.NO_TLS),
    (ssl.SSLError, HttpTrouble.NO_TLS),
    (aiohttp.ClientConnectorDNSError, HttpTrouble.UNKNOWN_NAME),
    (UnicodeError, HttpTrouble.UNKNOWN_NAME),
    (aiohttp.ClientConnectorError, HttpTrouble.UNREACHABLE),
    (aiohttp.ClientResponseError, HttpTrouble.NO_HTTP),
    (aiohttp.ClientError, HttpTrouble.BROKEN_OFF),
    (ConnectionResetError, HttpTrouble.BROKEN_OFF),
)
"""In the order in which they are asked: the first one that fits."""
_CAUSES: Final = frozenset({PermissionError, TimeoutError, ssl.SSLCertVerificationError, ssl.SSLError})
"""What an error about a connection may be made of."""


def trouble_of(error: BaseException) -> HttpTrouble:
    """What an error of the client means; nothing of the address is in it."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else None
    for kind, trouble in _BY_ERROR:
        if isinstance(error, kind) or (kind in _CAUSES and isinstance(cause, kind)):
            return trouble
    return HttpTrouble.UNREACHABLE


def trouble_words(why: str) -> Name:
    """The words for what is stored: a code of `HttpTrouble`, or `status N`; anything else stays as it is."""
    if why.startswith(STATUS):
        return Name.of("subscriptions.status", status=why.removeprefix(STATUS))
    if why in {each.value for each in HttpTrouble}:
        return Name.of(f"subscriptions.trouble.{why}")
    return Name.same(why)
