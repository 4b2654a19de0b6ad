"""Why a record of `reports` is parked."""

from schemas.errors import Parked


class ReportTooLargeError(Parked):
    """A report may not be larger than 64 kB without its photos. Shorten the text, or send photos as photos."""


class ReportIdReusedError(Parked):
    """Another report came with this id before. Every report needs an id of its own: send it again with a new one."""


class ReportTooOldError(Parked):
    """This report is older than the ids that are remembered, so it may have been here before. Send it as a new one."""


class UnknownReportError(Parked):
    """This is about a report that is unknown here or was parked. Send it as a new report."""


class NeverRetriedError(Parked):
    """Only reports and what their reporters supplied can be processed again. Drop this record."""


class WrongPartitionError(Parked):
    """This record is not in the partition of its id. Let `schemas.topics` compute the partition."""


class UnusableRowError(Parked):
    """Another system's row could not be read. Correct it there and import it again."""
