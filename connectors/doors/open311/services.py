"""The services of GeoReport: categories and subcategories of the rulebook, with its free attributes."""

from collections.abc import Iterable

from connectors.doors.open311.documents import Fields, GeoReportDocument
from schemas.names import Language
from schemas.rulebook import Category, Rulebook, Subcategory


def services(rulebook: Rulebook, language: Language) -> GeoReportDocument:
    """All of them, each category before its subcategories."""
    return GeoReportDocument("services", "service", [_service(each, rulebook, language) for each in _filed(rulebook)])


def _filed(rulebook: Rulebook) -> Iterable[Category | Subcategory]:
    for category in rulebook.categories:
        yield category
        yield from (each for each in rulebook.subcategories if each.category == category.id)


def _service(each: Category | Subcategory, rulebook: Rulebook, language: Language) -> Fields:
    name = each.name.to(language)
    group = rulebook.category(each.category) if isinstance(each, Subcategory) else each
    return {
        "service_code": each.id,
        "service_name": name,
        "description": name,
        "metadata": bool(rulebook.attributes),
        "type": "realtime",
        "keywords": ",".join(each.words),
        "group": group.name.to(language) if group is not None else "",
    }


def current_codes(rulebook: Rulebook) -> dict[str, str]:
    """Every id that means a service, also a former one, to the service's code."""
    former = {old: each.id for each in rulebook.filed for old in each.replaces}
    return former | {each.id: each.id for each in rulebook.filed}


def ids_of(code: str, rulebook: Rulebook) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The ids that cases of a service have, and those of their categories; None for an unknown code."""
    found = next((each for each in rulebook.filed if each.id == code), None)
    if found is None:
        return None
    category = found.category if isinstance(found, Subcategory) else found.id
    return (found.id, *found.replaces), rulebook.called().get(category, (category,))


def definition(code: str, rulebook: Rulebook, language: Language) -> GeoReportDocument | None:
    """What may be said of a request of this service besides; None for an unknown code."""
    if code not in {each.id for each in rulebook.filed}:
        return None
    attributes = [
        {
            "variable": True,
            "code": attribute.id,
            "datatype": "singlevaluelist",
            "required": False,
            "order": order,
            "description": attribute.name.to(language),
            "values": [{"key": value.id, "name": value.name.to(language)} for value in attribute.values],
        }
        for order, attribute in enumerate(rulebook.attributes, 1)
    ]
    return GeoReportDocument("service_definition", "", [{"service_code": code, "attributes": attributes}])
