"""What can go wrong in a partition, and who has to act.

`Refusal` ends the worker, `schemas.errors.Retry` owns the partition again; any other exception of a step parks the
record it came from (`schemas.errors.Stop` too: one bad command must not be able to stop a worker).
"""

from schemas.errors import Parked, Retry, Stop


class TooLargeError(Parked):
    """A record would be larger than Kafka takes. Shorten the text, or send the photo as a photo."""

    zh = "记录超过 Kafka 能接受的大小。请缩短文字，照片请作为照片发送。"

    topic: str
    bytes: int


class Refusal(Stop):
    """This partition must not be worked on. Look at the facts, then decide what is right."""

    zh = "此分区不能处理。请先查看下列情况，再决定如何处理。"


class WrongPartitionsError(Refusal):
    """The system was created with another number of partitions. Set the number it was created with."""

    zh = "系统创建时的分区数与此不同。请设为创建时的数目。"

    topic: str
    expected: int
    found: int


class SourceShorterError(Refusal):
    """The topic ends before what was already applied: it was cut or made anew. Restore it from a backup, or go on with
    what came to it since: `grid36 lost --accept` writes down what is missing."""

    zh = (
        "主题的末尾早于已处理之处：被截断或重建过。请从备份恢复，或从其后的内容继续："
        "grid36 lost --accept 会记下缺少的部分。"
    )

    topic: str
    partition: int
    applied: int
    end: int


class SourceCutError(Refusal):
    """Records were deleted from the topic before they were applied. Restore the topic from a backup, or go on without
    them: `grid36 lost --accept` writes down what is missing. If they were only aborted transactions nothing is lost,
    but of what is gone nobody can tell."""

    zh = "有记录未处理就被删除。请从备份恢复该主题，或不要它们继续：grid36 lost --accept 会记下缺少的部分。"

    topic: str
    partition: int
    applied: int
    beginning: int


class SourceChangedError(Refusal):
    """The last applied record is no longer the one that was applied: the topic was cut or made anew. Restore it from a
    backup, or go on with what came to it since: `grid36 lost --accept` writes down what is missing."""

    zh = (
        "最后处理的记录已与当时不同：主题被截断或重建过。请从备份恢复，或从其后的内容继续："
        "grid36 lost --accept 会记下缺少的部分。"
    )

    topic: str
    partition: int
    offset: int


class BookkeepingTooLargeError(Refusal):
    """A step keeps more than 2 kB of bookkeeping. Move its figures into state keys of their own."""

    zh = "一个步骤的记账超过 2 kB。请把其中的数字移到各自的状态键。"

    bytes: int


class StalledError(Retry):
    """A partition is behind and does not move although the broker answers. Restart this worker."""

    zh = "Kafka 有应答，但一个分区落后且停滞。请重启此工作进程。"

    topic: str
    partition: int
    applied: int
    end: int


class UnwritableError(Retry):
    """A transaction was too large to write; the partition goes through it again in single steps."""

    zh = "事务过大，无法写入；该分区改为逐步重做。"
