"""Errors of subscriptions."""

from schemas.errors import Retry


class SubscriptionsUnwritableError(Retry):
    """The subscriptions cannot be read or written, so nothing is sent and nothing was changed. Look at the free space
    and the rights of their folder.
    """

    file: str
    fault: str
