"""Checks the policy's approver, the whistle list, and free attributes."""

from collections import defaultdict
from collections.abc import Iterator

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, near, problem
from schemas.rulebook import Attribute, OffList


def policies(known: References) -> Iterator[Problem]:
    """All problems of these."""
    yield from _approver(known)
    yield from _change_steps(known)
    yield from _whistles(known)
    for number, attribute in enumerate(known.rulebook.attributes, 1):
        yield from _attribute(number, attribute, known)


def _approver(known: References) -> Iterator[Problem]:
    policy = known.rulebook.policy
    if policy.off_list is OffList.REFUSE:
        if policy.approver is not None:
            yield problem("unused_approver", "policy", (), "approver")
    elif policy.approver is None:
        yield problem("approver_missing", "policy", (), "approver")
    elif policy.approver not in known.persons:
        alike = near(policy.approver, known.persons)
        yield problem("unknown_approver", "policy", (), "approver", value=policy.approver, near=alike)


def _change_steps(known: References) -> Iterator[Problem]:
    roles = {role for person in known.region.persons for role in person.roles}
    for step in known.rulebook.policy.change_steps:
        for person in step.persons:
            if person not in known.persons:
                facts = {"step": step.id, "value": person, "near": near(person, known.persons)}
                yield problem("change_step_unknown", "policy", (), "change_steps", **facts)
        if roles.isdisjoint(step.roles) and not any(person in known.persons for person in step.persons):
            yield problem("change_step_nobody", "policy", (), "change_steps", step=step.id)


def _whistles(known: References) -> Iterator[Problem]:
    for number, whistle in enumerate(known.rulebook.whistles, 1):
        rows, seen = (number,), set[str]()
        for code in whistle.departments:
            facts = {"whistle": whistle.id, "value": code}
            if code not in known.departments:
                alike = near(code, known.departments)
                yield problem("whistle_unknown_department", "whistles", rows, "departments", near=alike, **facts)
            elif code not in known.desks:
                yield problem("whistle_without_desk", "whistles", rows, "departments", **facts)
            if code in seen:
                yield problem("whistle_department_twice", "whistles", rows, "departments", **facts)
            seen.add(code)


def _attribute(number: int, attribute: Attribute, known: References) -> Iterator[Problem]:
    rows, seen = (number,), set[str]()
    having: defaultdict[str, list[str]] = defaultdict(list)
    for value in attribute.values:
        if value.id in seen:
            facts = {"attribute": attribute.id, "value": value.id}
            yield problem("attribute_value_twice", "attributes", rows, "values", **facts)
        seen.add(value.id)
        for word in value.words:
            having[word.casefold()].append(value.id)
    for word, values in having.items():
        if len(set(values)) > 1:
            facts = {"attribute": attribute.id, "word": word, "values": listed(values)}
            yield problem("attribute_shared_word", "attributes", rows, "values", **facts)
    if not any(f"attr_{attribute.id}" in table.kinds() for table in known.rulebook.tables):
        yield problem("unused_attribute", "attributes", rows, attribute=attribute.id)
