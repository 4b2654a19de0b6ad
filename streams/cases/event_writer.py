"""Writes drafts as records of `events`: gapless ordinals, each chained to the digest of the one before."""

from collections.abc import Iterable

from rules.decision.draft import Draft
from schemas.case import Case
from schemas.codec import cloud_event, fields_of, writer
from schemas.event import Event, digest_of
from schemas.topics import EVENTS
from streams.cases.totals import Totals
from streams.partition.contract import Output

SOURCE = "grid36/cases"
KIND = "grid36.case."

_written = writer(Event, now=fields_of(Case))


def event_value(draft: Draft, n: int, prev: str) -> bytes:
    """The bytes of the draft as a `schemas.event.Event`, without its defaults."""
    fields: dict[str, object] = {"n": n, "prev": prev, "t_ms": draft.t_ms}
    if draft.occurred_ms is not None:
        fields["occurred_ms"] = draft.occurred_ms
    fields |= {"type": draft.type, "home": draft.home, "grid": draft.grid}
    if draft.case is not None:
        fields["case"] = draft.case
    fields |= {"command": draft.command, "by": draft.by}
    for name in ("because", "now", "facts"):
        if part := getattr(draft, name):
            fields[name] = part
    return _written(fields)


def written_events(
    drafts: Iterable[Draft], totals: Totals, partition: int, prefix: str, source_offset: int | None
) -> list[Output]:
    """The records of these drafts; advances the ordinal and the digest in `totals`.

    The source offset goes into a header only, so that a second run gives the same values byte for byte.
    """
    outputs = []
    extensions = () if source_offset is None else (("sourceoffset", str(source_offset)),)
    for draft in drafts:
        value = event_value(draft, totals.n, totals.digest)
        headers = cloud_event(
            event_id=f"{partition}-{totals.n}",
            source=SOURCE,
            kind=KIND + draft.type,
            t_ms=draft.t_ms,
            subject=draft.case,
            extensions=extensions,
        )
        outputs.append(Output(prefix + EVENTS, partition, draft.home.encode(), value, headers, draft.t_ms))
        totals.n += 1
        totals.digest = digest_of(value)
    return outputs
