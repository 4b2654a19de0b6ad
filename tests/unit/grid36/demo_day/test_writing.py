"""Laws of every day that a seed gives: in order, a storm, known places, and acts by those who may do them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid36.demo_day import words
from grid36.demo_day.plan import Absent, Acted, DayMoment, DayPlan, Reported, Supplied
from grid36.demo_day.writing import can_play, write_day
from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from grid36.settings import data_folder
from rules.book.compiled_rulebook import book_of
from rules.facts.categories import categorise
from rules.places.region_index import RegionIndex
from schemas.command import Act
from schemas.duplicate_distance import FAR, apart
from schemas.names import Language, Name
from schemas.place import Ambiguous, Found, PlaceFound, PlaceGiven
from schemas.report import Report, Reporter
from schemas.rights import RIGHTS, CaseRole
from tests.oracles.laws import law

EXAMPLE = data_folder("regions") / "example"
REGION = load_region(EXAMPLE)
INDEX = RegionIndex(REGION)
BOOK = book_of(REGION, load_rulebook(EXAMPLE))
PERSONS = {person.id: person for person in REGION.persons}
BUSY = "supervisor-03"
days = st.tuples(st.integers(0, 2**32), st.sampled_from(Language))


def day(drawn: tuple[int, Language]) -> DayPlan:
    return write_day(REGION, drawn[0], busy=BUSY, language=drawn[1])


SAID = [
    *((kind.category, text) for kind in (*words.USUAL, *words.STORM) for text in kind.texts),
    (words.TWICE[0], words.TWICE_AGAIN), words.TWICE, words.REFUSED, words.UNCLEAR, words.FIXED, words.LONGER,
    words.TOO_MUCH, words.WHOLE_BLOCK, words.UNSIGNED, words.PAUSED, words.WASHED_IN, words.SOMEWHERE,
    (words.ENGLISH[0], Name.same(words.ENGLISH[1])),
]  # fmt: skip


def told(plan: DayPlan) -> list[tuple[float, Reported]]:
    return [(moment.minute, moment.what) for moment in plan.moments if isinstance(moment.what, Reported)]


@law(10)
@given(st.integers())
def test_the_same_seed_gives_the_same_day(seed: int) -> None:
    assert write_day(REGION, seed, busy=BUSY) == write_day(REGION, seed, busy=BUSY)


def test_another_seed_gives_another_day() -> None:
    assert len({write_day(REGION, seed).moments for seed in range(20)}) == 20


@law(10)
@given(days)
def test_everything_is_in_order_and_within_the_day(drawn: tuple[int, Language]) -> None:
    plan = day(drawn)
    minutes = [moment.minute for moment in plan.moments]
    assert minutes == sorted(minutes)
    assert plan.begins == minutes[0]
    assert minutes[-1] <= plan.ends
    assert Counter(plan.moments) == Counter(moment for chain in plan.chains() for moment in chain)
    assert all(chain == sorted(chain, key=lambda moment: moment.minute) for chain in plan.chains())


@law(10)
@given(days)
def test_the_storm_hour_is_ten_to_thirty_times_as_busy(drawn: tuple[int, Language]) -> None:
    plan = day(drawn)
    begins, ends = plan.storm
    of_the_storm = {kind.category for kind in words.STORM}
    storm = [each for minute, each in told(plan) if begins <= minute <= ends and each.category in of_the_storm]
    usual = len(told(plan)) - len(storm)
    mean = usual / ((plan.ends - plan.begins) / 60)
    assert 10 <= len(storm) / mean <= 30
    assert 14 <= usual <= 48


@law(10)
@given(days)
def test_every_report_has_an_address_that_the_region_knows(drawn: tuple[int, Language]) -> None:
    plan = day(drawn)
    found = {each.case: INDEX.locate(PlaceGiven(address=each.address or None)) for _, each in told(plan)}
    unclear = {moment.what.case for moment in plan.moments if isinstance(moment.what, Supplied)}
    nowhere = {each.case for _, each in told(plan) if each.category == words.REFUSED[0]}
    assert {name for name, place in found.items() if not isinstance(place, Found)} == unclear | nowhere
    assert all(isinstance(found[name], Ambiguous) for name in unclear)
    supplied = [moment.what.address for moment in plan.moments if isinstance(moment.what, Supplied)]
    assert all(isinstance(INDEX.locate(PlaceGiven(address=address)), Found) for address in supplied)
    owners = {segment.id: segment.owner for segment in REGION.segments}
    assert BUSY not in {
        owners[place.place.segment] for place in found.values() if isinstance(place, Found) and place.place.segment
    }


@law(10)
@given(days)
def test_only_what_should_merges(drawn: tuple[int, Language]) -> None:
    plan = day(drawn)
    supplied = {moment.what.case: moment.what.address for moment in plan.moments if isinstance(moment.what, Supplied)}
    spots: dict[tuple[str, str], list[PlaceFound]] = {}
    for _, each in told(plan):
        found = INDEX.locate(PlaceGiven(address=supplied.get(each.case, each.address) or None))
        if not isinstance(found, Found) or each.fixed:
            continue
        here, others = found.place, spots.setdefault((each.category, found.place.grid), [])
        merge = BOOK.category(each.category).merge
        assert merge is not None
        assert any(apart(here, there, merge) != FAR for there in others) == bool(each.again), each
        others.append(here)


@law(10)
@given(days)
def test_every_act_is_by_a_role_that_may_do_it_and_comes_in_its_turn(drawn: tuple[int, Language]) -> None:
    plan = day(drawn)
    before: dict[str, list[Act]] = {each.case: [] for _, each in told(plan)}
    for moment in plan.moments:
        if not isinstance(moment.what, Acted):
            continue
        act, done = moment.what.act, before[moment.what.case]
        assert moment.what.role in RIGHTS[act].who
        assert bool(moment.what.department) == (moment.what.role is CaseRole.ASSISTANT)
        match act:
            case Act.ACKNOWLEDGE:
                assert Act.RESOLVE not in done
            case Act.VERIFY | Act.REJECT:
                assert done.count(Act.RESOLVE) == done.count(Act.REJECT) + 1
                assert Act.VERIFY not in done
            case Act.RESOLVE:
                assert done.count(Act.RESOLVE) == done.count(Act.REJECT)
                assert moment.what.shows
            case Act.APPROVE:
                assert done[-1] in {Act.REQUEST_EXTENSION, Act.REQUEST_PAUSE}
            case Act.SIGN | Act.CONTACT | Act.ATTEND if moment.what.department:
                assert Act.WHISTLE in done
            case Act.RATE_REPORT_IN:
                assert Act.ATTEND in done
        done.append(act)


@law(10)
@given(days)
def test_every_kind_of_thing_happens(drawn: tuple[int, Language]) -> None:
    plan = day(drawn)
    acts = Counter(moment.what.act for moment in plan.moments if isinstance(moment.what, Acted))
    assert set(acts) >= {
        Act.ACKNOWLEDGE, Act.CONTACT, Act.RESOLVE, Act.VERIFY, Act.REJECT, Act.HAND_ON, Act.RAISE, Act.WHISTLE,
        Act.SIGN, Act.ATTEND, Act.RATE_REPORT_IN, Act.REQUEST_EXTENSION, Act.REQUEST_PAUSE, Act.APPROVE,
    }  # fmt: skip
    assert acts[Act.REJECT] >= 2
    assert acts[Act.WHISTLE] == 2
    roles = {role for _, each in told(plan) for role in PERSONS[each.by].roles}
    assert {"patroller", "volunteer", "resident"} <= roles
    assert sum(isinstance(moment.what, Absent) for moment in plan.moments) == 1
    assert any(each.fixed for _, each in told(plan))
    assert {each.again for _, each in told(plan)} - {""}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("category", "text"), SAID)
def test_words_lead_to_their_category_for_sure(category: str, text: Name, language: Language) -> None:
    report = Report(id="r", text=text.to(language), reporter=Reporter(id="resident-01"), door="cli", received_ms=1)
    found = categorise(report, BOOK)
    assert (found.category, found.equal) == (category, ())


def test_it_needs_the_categories_of_the_example() -> None:
    rulebook = load_rulebook(EXAMPLE)
    assert can_play(rulebook)
    assert not can_play(rulebook.model_copy(update={"categories": rulebook.categories[1:]}))


def test_times_of_the_day() -> None:
    assert DayMoment(7 * 60 + 5.4, Supplied("a", "b")).time == "07:05"
