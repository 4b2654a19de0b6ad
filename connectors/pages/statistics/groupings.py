"""How the groups of a dimension are called in this region."""

from connectors.cases.translations import Translations
from connectors.intake.context import Gateway
from connectors.ledger.queries.statistics.grouping import OTHERS, PERSON, Dimension, Grouping, PeopleShown
from connectors.ledger.queries.statistics.metrics import CallMetric, Metric
from schemas.names import Name
from schemas.place import CommunityClass
from schemas.region import Region


def grouping_of(gateway: Gateway, dimension: Dimension, people: PeopleShown | None = None) -> Grouping:
    """The dimension with the names that people of the region use; `people` are those who are shown."""
    region = gateway.region
    if dimension == PERSON:
        names = {each.id: each.name for each in region.persons}
        return Grouping(dimension, names, people=people or PeopleShown(only=frozenset()))
    if dimension == "community":
        return communities(region)
    if dimension == "department":
        return Grouping(dimension, gateway.department_names)
    if dimension == "category":
        return Grouping(dimension, gateway.category_names)
    if dimension == "segment":
        return Grouping(dimension, {each.id: _with(each.road, each.id) for each in region.segments})
    return Grouping(dimension, {each.id: _with(each.name, each.id) for each in region.grids})


def communities(region: Region) -> Grouping:
    """Communities by their Chinese names, each with its grids."""
    known = {grid.id: grid.community for grid in region.grids if grid.community is not None}
    return Grouping("community", {name.zh: name for name in known.values()}, {id: known[id].zh for id in known})


def classes_of(gateway: Gateway) -> dict[str, CommunityClass | None]:
    """The class of each community by its key; None where the region names none, or its grids differ."""
    found: dict[str, set[CommunityClass | None]] = {}
    for grid in gateway.region.grids:
        if grid.community is not None:
            found.setdefault(grid.community.zh, set()).add(grid.community_class)
    return {key: next(iter(classes)) if len(classes) == 1 else None for key, classes in found.items()}


def called(words: Translations, grouping: Grouping, key: str) -> str:
    """A group's name in the reader's language."""
    if not key:
        return words(f"statistics.none.{grouping.dimension}")
    if grouping.dimension == PERSON and key == OTHERS:
        return words("statistics.people.others")
    name = grouping.names.get(key)
    return name.to(words.language) if name is not None else key


def dimension_of(words: Translations, dimension: str, metric: Metric) -> str:
    """What a dimension is called where a metric is grouped by it: calls are those to a department."""
    called = dimension == "department" and isinstance(metric, CallMetric)
    return words("dimension.called" if called else f"dimension.{dimension}")


def _with(name: Name, id: str) -> Name:
    """The name and the id, by which parts of one road differ."""
    return Name.joined(" ", " ", (name, Name.same(id)))
