"""What can go wrong with our own server."""

from schemas.errors import Retry, WrongInput


class Open311AwayError(Retry):
    """Nobody answers at the address of our Open311 server. Start the gateway with `open311` in GRID36_DOORS, and look
    whether the proxy passes /open311/v2 on.
    """


class Open311ElsewhereError(WrongInput):
    """At the address of our Open311 server somebody else answers, or it says another address of itself. Correct
    GRID36_PUBLIC_URL, name `open311` in GRID36_DOORS, and let the proxy pass /open311/v2 on.
    """
