"""What an error of the HTTP client means, as a code that is stored."""

import ssl
from typing import Final

import aiohttp

from connectors.standard_webhooks.http_trouble import HttpTrouble

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
