"""The chain of events: each carries its ordinal and the digest of the one before, so that loss and change show."""

from typing import NamedTuple

from schemas.errors import Stop
from schemas.event import digest_of


class ChainError(Stop):
    """The chain of events is broken. Do not trust what was read behind it: compare with a backup of the log."""

    zh = "事件链断裂。请勿采信其后读到的内容，并与日志备份核对。"

    partition: int
    offset: int


class HoleError(ChainError):
    """Events are missing: the log was cut, or something was lost. Restore the log, then rebuild what reads it."""

    zh = "缺少事件：日志被截断或有丢失。请恢复日志，再重建读取它的部分。"


class DoubledError(ChainError):
    """An event came a second time. Something wrote to `events` that is no worker: find it before going on."""

    zh = "同一事件出现两次：有工作进程以外的程序写入 events。请先找到它。"


class ChangedError(ChainError):
    """An event is not the one that was written: the next one carries another digest. Restore the log."""

    zh = "事件与写入时不同：下一条事件的摘要不符。请恢复日志。"


class NotAnEventError(ChainError):
    """A record of `events` could not be read. A newer release may have written it: update what reads it."""

    zh = "events 中有一条记录无法读取，可能由更新的版本写入。请更新读取它的程序。"


class Position(NamedTuple):
    """What comes next in a partition of `events`: its offset at the least, its ordinal, and the digest it carries."""

    offset: int = 0
    n: int = 0
    digest: str = ""


def link(position: Position, partition: int, offset: int, n: int, prev: str, value: bytes) -> Position:
    """The position behind the event `n`, whose bytes are `value` and which carries the digest `prev`.

    Raises a `ChainError` when it does not fit there.
    """
    if n != position.n:
        error = HoleError if n > position.n else DoubledError
        raise error(partition=partition, offset=offset, expected=position.n, found=n)
    if prev != position.digest:
        raise ChangedError(partition=partition, offset=offset, n=n, expected=position.digest, found=prev)
    return Position(offset + 1, n + 1, digest_of(value))
