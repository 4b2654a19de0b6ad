"""The public list by the example street: who, what is needed, where to, by when, and nobody's name."""

from datetime import date

from connectors.lists.public.build import public_list
from connectors.lists.public.entry import PublicEntry
from connectors.lists.public.search import found_in
from schemas.directory import Directory
from schemas.items import Verdict
from schemas.names import Language
from tests.worlds.small_town import example_street

DAY = date(2026, 11, 20)


def entries() -> dict[str, PublicEntry]:
    book = example_street()
    return {each.id: each for each in public_list(Directory(book.region), book.rulebook, DAY).entries}


def test_a_category_names_department_and_job_by_situation() -> None:
    tree = entries()["tree"].handlers
    said = [(each.when and each.when.en, each.verdict, each.department and each.department.en) for each in tree]
    assert [when for when, *_ in said][-1] is None, "always, or whenever nothing before it fits"
    forest = next(each for each in tree if each.when and each.when.en == "Forest land")
    assert (forest.verdict, forest.job) == (Verdict.REFUSE, None)
    assert forest.elsewhere is not None
    assert forest.elsewhere.en == "Sample District Forestry Bureau"
    house = next(each for each in tree if each.when and each.when.zh == "房前屋后")
    assert house.job is not None
    assert house.job.zh == "网格长"
    other = entries()["other"].handlers
    assert other[-1].when is None, "the default of the table"


def test_limits_are_said_in_words_and_that_there_are_others() -> None:
    limits = entries()["greasy-pavement"].limits
    assert limits.resolve is not None
    assert limits.resolve.to(Language.EN) == "4 hours"
    assert limits.varies, "danger has limits of its own"


def test_nothing_of_it_names_a_person_or_a_number() -> None:
    """Neither their ids nor their names, and no telephone number of an office."""
    book = example_street()
    said = "".join(each.model_dump_json() for each in entries().values())
    names = {text for person in book.region.persons for text in (person.id, person.name.zh, person.name.en) if text}
    jobs = {row.then.get("assign") for row in book.rulebook.routing.rows} & {each.id for each in book.region.persons}
    assert jobs, "the list names people in some rows"
    assert {name for name in names if f'"{name}"' in said} == set()
    assert "000-0000" not in said


def test_words_find_what_fits_best_first() -> None:
    every = list(entries().values())

    def ids(question: str) -> list[str]:
        return [each.id for each in found_in(every, question)]

    assert ids("我家门口的路灯不亮了")[0] == "street-light"
    assert ids("greasy PAVEMENT")[0] == "greasy-pavement"
    assert ids("井盖")[0] == "manhole"
    assert ids("街灯") == ids("没有这个词") == []
    assert ids(" ") == [each.id for each in every]
