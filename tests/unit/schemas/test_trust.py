import pytest
from pydantic import ValidationError

from schemas.people import Role
from schemas.rulebook import Policy
from schemas.trust import DEFAULTS, ReporterKind, TrustLevel, kind_of, trust_of


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ((), ReporterKind.STRANGER),
        ((Role.RESIDENT,), ReporterKind.RESIDENT),
        ((Role.VOLUNTEER, Role.RESIDENT), ReporterKind.VOLUNTEER),
        ((Role.PATROLLER,), ReporterKind.STAFF),
        ((Role.VOLUNTEER, Role.EXECUTOR), ReporterKind.STAFF),
    ],
)
def test_the_kind_follows_from_roles(roles: tuple[Role, ...], kind: ReporterKind) -> None:
    assert kind_of(roles) is kind


def test_what_the_policy_leaves_out_is_as_by_default() -> None:
    policy = Policy.model_validate({"trust": {"stranger": {"confirm": True}}})
    assert trust_of(policy.trust, ReporterKind.STRANGER) == TrustLevel(12, confirm=True)
    assert trust_of(policy.trust, ReporterKind.STAFF) == DEFAULTS[ReporterKind.STAFF]


def test_a_kind_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValidationError, match="neighbour"):
        Policy.model_validate({"trust": {"neighbour": {}}})
