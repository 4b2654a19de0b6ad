"""What a department's program may send: acts of its own people. On which cases, the worker decides by their orders."""

from http import HTTPStatus

from connectors.intake.context import Gateway
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import ActionSubmission, DepartmentAct


def department_act(
    gateway: Gateway, department: str, action: ActionSubmission, taken_ms: int | None = None
) -> DepartmentAct:
    """The act in the name of whoever is named, or of the department's officer.

    Raises `Refused` for somebody who is not of this department, or where nobody is named and it has no officer.
    """
    by = action.by or gateway.directory.desks.get(department)
    if by is None:
        raise bad("nobody_named", "by", department=department)
    person = gateway.directory.person(by)
    if person is None or person.department != department:
        raise refused(HTTPStatus.FORBIDDEN, "not_of_department", "by", given=by, department=department)
    fields = {name: getattr(action, name) for name in action.model_fields_set}
    return DepartmentAct(**fields | {"by": by, "department": department, "taken_ms": taken_ms})
