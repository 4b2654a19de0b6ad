"""What goes wrong with a request to another system: a code that is stored, and words for it."""

from typing import Final

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


def trouble_words(why: str) -> Name:
    """The words for what is stored: a code of `HttpTrouble`, or `status N`; anything else stays as it is."""
    if why.startswith(STATUS):
        return Name.of("subscriptions.status", status=why.removeprefix(STATUS))
    if why in {each.value for each in HttpTrouble}:
        return Name.of(f"subscriptions.trouble.{why}")
    return Name.same(why)
