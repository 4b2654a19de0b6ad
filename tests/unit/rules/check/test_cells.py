"""The facts that the checks call unknown are those that routing does not work out."""

from rules.book.compiled_rulebook import REPEATS
from rules.check.cells import NEVER_KNOWN
from rules.facts.routing_facts import RoutingFacts
from schemas.people import Role
from schemas.place import CommunityClass, FoundBy, PlaceFound
from schemas.report import ReportKind
from schemas.table import FACTS, Table
from tests.worlds.street import T0, a_book


def test_facts_that_are_never_known_are_exactly_those_that_nothing_works_out() -> None:
    """Whoever lets routing know one more fact takes it off the list."""
    table = Table.model_validate({"name": "all", "hit_policy": "F", "inputs": list(FACTS)})
    place = PlaceFound(
        grid="G1", unit="U", segment="S", community="C", community_class=CommunityClass.NEW_TOWN, road="R",
        land_kind="forest", distance_m=1.0, label="L", by=FoundBy.CODE,
    )  # fmt: skip
    counts = dict.fromkeys((*REPEATS, "load", "returned", "reassignments", "reopened"), 1)
    routing_facts = RoutingFacts("c", ReportKind.PROBLEM, place, Role.RESIDENT, "door", "team", {}, counts, "sub")
    assert set(FACTS) - set(routing_facts.facts(table, a_book(), T0)) == NEVER_KNOWN
