"""What can go wrong with a neighbour."""

from schemas.errors import Retry, Stop


class NeighbourRefusesError(Stop):
    """The neighbour's server refuses us, or nothing is there. Correct GRID36_DOOR_NEIGHBOUR_URL and _KEY, and start the
    gateway again.
    """


class NeighbourAwayError(Retry):
    """The neighbour's server does not answer as GeoReport v2 says. It is asked again."""
