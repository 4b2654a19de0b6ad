"""An activation of a list as a value: proposed by one person, decided by another, then done by the system once."""

from typing import Final, NamedTuple

from connectors.lists.checked import ListCheck
from schemas.codec import decode
from schemas.models import ChoiceEnum
from schemas.names import Name


class ActivationKind(ChoiceEnum):
    """What is to come into force."""

    LIST = "list"
    """An uploaded list, in the region that is in force then."""
    BACK = "back"
    """The version before, region and list."""


class ActivationState(ChoiceEnum):
    """How far it is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    """A second person said yes, durably; the switch follows, also after a kill."""
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    """It was approved, and could not be switched to; `fault` says why."""


OPEN: Final = frozenset({ActivationState.PROPOSED, ActivationState.APPROVED})


class ListActivation(NamedTuple):
    """Times are ms UTC; `from_ms` None: as soon as it is approved."""

    id: str
    kind: ActivationKind
    title: str
    by: str
    made_ms: int
    from_ms: int | None
    in_flight: bool
    leave: bool
    """Open cases that would lose a name keep the list that they were opened by."""
    note: str
    state: ActivationState
    decided_by: str
    decided_ms: int
    reason: str
    effective_ms: int
    fault: Name | None
    check: ListCheck | None

    @classmethod
    def of(cls, row: tuple[object, ...]) -> "ListActivation":
        """From the columns `COLUMNS` of the file."""
        fields = dict(zip(cls._fields, row, strict=True))
        fault, checked = fields["fault"], fields["check"]
        return cls(
            **{
                **fields,
                "kind": ActivationKind(str(fields["kind"])),
                "state": ActivationState(str(fields["state"])),
                "in_flight": bool(fields["in_flight"]),
                "leave": bool(fields["leave"]),
                "fault": None if fault is None else Name.model_validate_json(str(fault)),
                "check": None if checked is None else decode(ListCheck, str(checked).encode()),
            }  # type: ignore[arg-type]  # the file's own columns
        )


COLUMNS: Final = ", ".join("checked" if name == "check" else name for name in ListActivation._fields)
