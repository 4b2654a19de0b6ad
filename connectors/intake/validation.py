"""Validates fields with a pydantic model and reports mistakes by their codes in `connectors.intake.messages`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo
from http import HTTPStatus
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, core_schema

from connectors.intake.refusal import FieldFault, Refused

M = TypeVar("M", bound=BaseModel)

MOST_FAULTS: Final = 20
SHOWN: Final = 80
"""How many characters of a wrong value or an unknown name a mistake quotes."""
_CODES: Final[Mapping[str, str]] = dict.fromkeys(get_args(core_schema.ErrorType), "wrong_type") | {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_unicode": "not_utf8",
    "too_long": "too_many",
}
"""Pydantic's error types by our codes; any other type is one of our codes already (`field_types.FieldMistake`)."""
_WANTED: Final[Mapping[str, str]] = {"string_type": "text", "dict_type": "{…}", "tuple_type": "[…]", "list_type": "[…]"}


class WrongFields(Refused):
    """Some fields cannot be accepted as they were sent. Correct what is named and send it again."""

    def __init__(self, faults: Iterable[FieldFault], rest: BaseModel | None) -> None:
        """`rest`: the submission without the wrong fields; None if these are required."""
        super().__init__(HTTPStatus.BAD_REQUEST, faults)
        self.rest = rest


class Faults:
    """Collects mistakes so that the sender gets all of them at once."""

    def __init__(self, faults: Iterable[FieldFault] = (), only: Collection[str] | None = None) -> None:
        """`only`: report mistakes in these fields; those in others may follow from fields that are already wrong."""
        self.found: list[FieldFault] = list(faults)
        self._only = only

    def fault(self, code: str, where: str = "", **facts: object) -> None:
        """Add a mistake."""
        if self._only is not None and where.partition(".")[0] not in self._only:
            return
        shown = {name: str(fact)[:SHOWN] if name == "given" else fact for name, fact in facts.items()}
        self.found.append(FieldFault(code, where, shown))

    def done(self) -> None:
        """Raise `Refused` (400) if there are any mistakes."""
        if self.found:
            raise Refused(HTTPStatus.BAD_REQUEST, self.found[:MOST_FAULTS])


def validated(
    kind: type[M], fields: Mapping[str, Any], zone: tzinfo | None = None, *, also_known: Iterable[str] = ()
) -> M:
    """Build the model from `fields`. Raises `WrongFields` (400) with every mistake.

    Times without an offset are in `zone`. `also_known` are names that the door handles itself; the mistake for an
    unknown name lists them with the model's fields.
    """
    try:
        return kind.model_validate(dict(fields), context=zone)
    except ValidationError as error:
        faults = Faults()
        for detail in error.errors(include_url=False):
            _add(faults, detail, kind, also_known)
        wrong = {each["loc"][0] for each in error.errors(include_url=False) if each["loc"]}
        raise WrongFields(faults.found[:MOST_FAULTS], _rest(kind, fields, wrong, zone)) from None


def _rest(kind: type[M], fields: Mapping[str, Any], wrong: Collection[int | str], zone: tzinfo | None) -> M | None:
    try:
        return kind.model_validate({name: each for name, each in fields.items() if name not in wrong}, context=zone)
    except ValidationError:
        return None


def _add(faults: Faults, detail: ErrorDetails, kind: type[BaseModel], also_known: Iterable[str]) -> None:
    type_, where = detail["type"], str(detail["loc"][0])[:SHOWN] if detail["loc"] else ""
    code, facts = _CODES.get(type_, type_), dict(detail.get("ctx", {}))
    match code:
        case "unknown_field" if where == "source":
            code = "source_not_open"
        case "unknown_field":
            names = {field.alias or name for name, field in kind.model_fields.items()}
            facts["known"] = ", ".join(sorted({*names, *also_known}))
        case "too_long" | "too_many":
            facts["limit"] = facts["max_length"]
        case "wrong_type":
            facts.setdefault("wanted", _WANTED.get(type_, detail["msg"]))
    faults.fault(code, where, **{"given": detail["input"]} | facts)
