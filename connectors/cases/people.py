"""People whom work may be handed to, the likeliest first."""

from connectors.cases.reader import Reader
from schemas.case import Case
from schemas.eligible import can_work
from schemas.people import Person, Role


def executors(reader: Reader, case: Case) -> dict[str, list[Person]]:
    """Executors of a case: those of its `segment`, those of its `department`, all `other` ones."""
    directory, segment = reader.gateway.directory, reader.segment(case)
    near = set(segment.executors) if segment else set()
    code = case.department.code if case.department else ""
    groups: dict[str, list[Person]] = {"segment": [], "department": [], "other": []}
    for person in reader.gateway.region.persons:
        if Role.EXECUTOR in person.roles and can_work(person, case, directory):
            own = person.department == code
            groups["segment" if person.id in near else "department" if own else "other"].append(person)
    return groups
