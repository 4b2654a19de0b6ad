"""The one place that encodes and decodes messages: JSON values, CloudEvents 1.0 headers in Kafka's binary mode."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict  # pydantic reads only these before Python 3.12

from schemas.errors import Parked
from schemas.models import LogModel

Headers = tuple[tuple[str, bytes], ...]
M = TypeVar("M", bound=BaseModel)


class UnreadableError(Parked):
    """The message could not be read. Compare it with the JSON Schema that `grid36 schema` prints and send it again."""


def encode(value: LogModel) -> bytes:
    """JSON bytes without fields at their defaults, but always with the `type` that unions need."""
    raw = value.__pydantic_serializer__.to_json(value, exclude_defaults=True)
    tag = _tag(type(value))
    return raw if tag is None else tag + raw[1:]


def writer(kind: type[LogModel], **narrower: Any) -> Callable[[Mapping[str, Any]], bytes]:
    """A function that encodes an object of `kind` from a dictionary of its fields, as `encode` does.

    For what is written with every command: making a model of values that are checked already takes as long as writing
    them. The caller leaves out the defaults. `narrower` gives fields a narrower type than the model's.
    """
    return partial(TypeAdapter(fields_of(kind, **narrower)).serializer.to_json, exclude_defaults=True)


def part_writer(kind: type[M], names: Collection[str]) -> Callable[[M], bytes]:
    """A function that encodes these fields of a `kind` as an object of their own, without fields at their defaults."""
    return partial(kind.__pydantic_serializer__.to_json, include=set(names), exclude_defaults=True)


def fields_of(kind: type[LogModel], **narrower: Any) -> Any:
    """The type of a dictionary with any fields of `kind`, and possibly others."""
    types = {name: field.rebuild_annotation() for name, field in kind.model_fields.items()} | narrower
    fields = TypedDict(f"{kind.__name__}Fields", types, total=False)  # type: ignore[misc]  # made from the model
    return with_config(ConfigDict(extra="allow"))(fields)


def joined(*objects: bytes) -> bytes:
    """One JSON object with the fields of all of these; `{}` adds nothing."""
    return b"{" + b",".join([each[1:-1] for each in objects if len(each) > 2]) + b"}"


@cache
def _tag(kind: type[LogModel]) -> bytes | None:
    """The start of an object whose `type` is at its default and is needed nevertheless."""
    field = kind.model_fields.get("type")
    return None if field is None or field.is_required() else f'{{"type":"{field.default}",'.encode()


def decode(kind: type[M], raw: bytes | None) -> M:
    """The message in `raw`; tolerates unknown fields. Raises `UnreadableError` naming each fault."""
    try:
        return kind.model_validate_json(raw or b"")
    except ValidationError as fault:
        raise UnreadableError(detail=faults(fault)) from None


def decode_any(kinds: TypeAdapter[M], raw: bytes | None) -> M:
    """Like `decode` for a union told apart by its `type` field."""
    try:
        return kinds.validate_json(raw or b"")
    except ValidationError as fault:
        raise UnreadableError(detail=faults(fault)) from None


def faults(error: ValidationError, most: int = 5) -> str:
    """Field and fault, without the values: `place.lat: Input should be less than or equal to 90`."""
    rows = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, row['loc'])) or 'message'}: {row['msg']}" for row in rows[:most])


def cloud_event(
    *,
    event_id: str,
    source: str,
    kind: str,
    t_ms: int,
    subject: str | None = None,
    extensions: Iterable[tuple[str, str]] = (),
) -> Headers:
    """CloudEvents headers; `t_ms` becomes the RFC 3339 `ce_time`. Source: CloudEvents 1.0.2, Kafka protocol binding."""
    headers = [*_of_its_kind(source, kind), ("ce_id", event_id.encode()), ("ce_time", _rfc3339(t_ms))]
    if subject is not None:
        headers.append(("ce_subject", subject.encode()))
    headers += [(f"ce_{name}", value.encode()) for name, value in extensions]
    return tuple(headers)


@lru_cache(1024)
def _of_its_kind(source: str, kind: str) -> Headers:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_source", source.encode()),
        ("ce_type", kind.encode()),
        ("content-type", b"application/json; charset=utf-8"),
    )


@lru_cache(1024)
def _rfc3339(t_ms: int) -> bytes:
    time = datetime.fromtimestamp(t_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return time.replace("+00:00", "Z").encode()
