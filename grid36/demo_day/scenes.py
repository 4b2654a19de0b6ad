"""What happens on every day of the demo besides the usual: each scene once, at about its time. Pure."""

from grid36.demo_day import words
from grid36.demo_day.diary import BEGINS, Diary, Fields
from grid36.demo_day.plan import Absent, Supplied
from grid36.demo_day.words import KindOfTrouble
from schemas.command import Act
from schemas.joint import Scores
from schemas.names import Name
from schemas.people import Role
from schemas.rights import CaseRole

WATER = ("H20", ("water-supply", "drainage", "housing"))
FLOOD = ("H21", ("municipal-works", "traffic-police"))
"""Items of the whistle list, and whom the street calls for them beside the one who has the case."""


def away(diary: Diary) -> None:
    """Somebody is off for the day; what is reported on their segments goes to who stands in."""
    owners = diary.people.owners()
    person, cover = diary.chance.sample(owners, 2)
    diary.write(BEGINS, Absent(person, cover))
    diary.tell(BEGINS, "away", person=diary.people.name(person), cover=diary.people.name(cover))
    for hour, kind in ((7.4, words.GREASY), (13.2, words.RUBBISH)):
        minute = diary.after(hour * 60, (0, 30))
        segment = diary.people.spot(kind.category, lambda segment: segment.owner == person)
        case = diary.report(minute, kind.category, diary.chance.choice(kind.texts), segment=segment)
        diary.worked(case, diary.signed(case, minute), kind, (15, 45), handed=True)


def refused(diary: Diary) -> None:
    """The list refuses it to this street, and says where to go."""
    minute, (category, text) = diary.after(8.4 * 60, (0, 30)), words.REFUSED
    diary.tell(minute, "refused", diary.report(minute, category, text, by=diary.people.resident(), address=""))


def unclear(diary: Diary) -> None:
    """No house number: the reporter is asked, and answers."""
    case, minute = _asked(diary, diary.after(9 * 60, (0, 30)), words.UNCLEAR, (8, 20))
    diary.worked(case, diary.signed(case, minute), _kind(words.UNCLEAR[0]))


def _asked(diary: Diary, minute: float, said: tuple[str, Name], within: tuple[float, float]) -> tuple[str, float]:
    """Reported without a house number, and supplied some time later; the case, and when."""
    segment = diary.people.unclear(said[0])
    road = segment.road.to(diary.people.language)
    case = diary.report(minute, *said, segment=segment, by=diary.people.resident(), address=road)
    diary.tell(minute, "unclear", case)
    minute = diary.after(minute, within)
    diary.write(minute, Supplied(case, diary.people.address(segment)))
    diary.tell(minute, "supplied", case)
    return case, minute


def fixed(diary: Diary) -> None:
    """A patroller does it on the spot, with both photos."""
    minute, (category, text) = diary.after(9.7 * 60, (0, 20)), words.FIXED
    by = diary.chance.choice(diary.people.with_role(Role.PATROLLER))
    diary.tell(minute, "fixed", diary.report(minute, category, text, by=by, fixed=True))


def twice(diary: Diary) -> None:
    """Two people report the same: the second report is merged."""
    minute, (category, text) = diary.after(8 * 60, (0, 40)), words.TWICE
    case = diary.report(minute, category, text)
    signed = diary.signed(case, minute)
    again = diary.after(signed, (5, 20))
    diary.report(again, category, words.TWICE_AGAIN, again=case)
    diary.tell(again, "twice", case)
    diary.worked(case, diary.contacted(case, again), _kind(category), (40, 120))


def longer(diary: Diary) -> None:
    """A department asks for more time, and somebody above the case approves."""
    minute, (category, text) = diary.after(8.8 * 60, (0, 60)), words.LONGER
    case = diary.report(minute, category, text)
    minute = diary.contacted(case, diary.signed(case, minute))
    minute = diary.after(minute, (10, 30))
    diary.act(minute, case, Act.REQUEST_EXTENSION, CaseRole.ASSIGNEE, {"hours": 8, "note": diary.said(words.MORE_TIME)})
    minute = diary.act(diary.after(minute, (8, 30)), case, Act.APPROVE, CaseRole.SUPERIOR)
    diary.tell(minute, "longer", case)
    diary.worked(case, minute, _kind(category), (240, 320))


def too_much(diary: Diary) -> None:
    """A department cannot solve it, and raises it to the grid's ladder; it stays open."""
    minute, (category, text) = diary.after(9.5 * 60, (0, 60)), words.TOO_MUCH
    case = diary.report(minute, category, text, by=diary.people.resident())
    minute = diary.after(diary.signed(case, minute), (20, 60))
    diary.act(minute, case, Act.RAISE, CaseRole.ASSIGNEE, {"note": diary.said(words.ABOVE_US)})
    diary.tell(minute, "raised", case)
    diary.contacted(case, diary.signed(case, minute), (20, 60))


def whole_block(diary: Diary) -> None:
    """The street office whistles for three departments; they sign and come, and are rated."""
    minute, (category, text) = diary.after(12.9 * 60, (0, 40)), words.WHOLE_BLOCK
    case = diary.report(minute, category, text, by=diary.people.resident())
    minute = diary.contacted(case, diary.signed(case, minute), (4, 10))
    whistle(diary, case, minute, WATER, words.WHISTLED)
    diary.worked(case, minute, _kind(category), (70, 110))


def whistle(diary: Diary, case: str, minute: float, called: tuple[str, tuple[str, ...]], note: Name) -> None:
    """Call departments to a case; each signs and comes, and is rated in the end."""
    item, departments = called
    minute = diary.after(minute, (2, 6))
    said: Fields = {"cite": item, "to": ",".join(departments), "note": diary.said(note)}
    diary.act(minute, case, Act.WHISTLE, CaseRole.COORDINATOR, said)
    diary.tell(minute, "whistle", case)
    last = minute
    for department in departments:
        at = diary.act(diary.after(minute, (1, 9)), case, Act.SIGN, CaseRole.ASSISTANT, department=department)
        at = diary.act(diary.after(at, (2, 9)), case, Act.CONTACT, CaseRole.ASSISTANT, department=department)
        at = diary.act(diary.after(at, (8, 35)), case, Act.ATTEND, CaseRole.ASSISTANT, department=department)
        last = max(last, at)
    minute = diary.after(last, (60, 100))
    for department in departments:
        scores = {name: diary.chance.choice((3, 4, 5)) for name in Scores.model_fields}
        diary.act(minute, case, Act.RATE_REPORT_IN, CaseRole.EVALUATOR, {"to": department, **scores})
    diary.tell(minute, "rated", case)


def in_english(diary: Diary) -> None:
    """A resident writes in English."""
    if (person := diary.people.english_speaker()) is None:
        return
    minute, (category, text) = diary.after(10.2 * 60, (0, 60)), words.ENGLISH
    case = diary.report(minute, category, text, by=person.id)
    diary.worked(case, diary.signed(case, minute), _kind(category))


def unsigned(diary: Diary) -> None:
    """Nobody signs all day: due in two hours, then late."""
    minute, (category, text) = diary.after(7 * 60, (0, 30)), words.UNSIGNED
    diary.tell(minute, "unsigned", diary.report(minute, category, text))


def paused(diary: Diary) -> None:
    """A spare part has to come first: the pause is approved, and the clock stands."""
    minute, (category, text) = diary.after(9.2 * 60, (0, 60)), words.PAUSED
    case = diary.report(minute, category, text)
    minute = diary.after(diary.contacted(case, diary.signed(case, minute)), (5, 20))
    diary.act(minute, case, Act.REQUEST_PAUSE, CaseRole.ASSIGNEE, {"hours": 48, "note": diary.said(words.SPARE_PART)})
    minute = diary.act(diary.after(minute, (5, 25)), case, Act.APPROVE, CaseRole.SUPERIOR)
    diary.tell(minute, "paused", case)


def in_the_storm(diary: Diary, begins: float) -> None:
    """A fire lane is blocked, and has to be free within two hours; somebody writes without a house number."""
    minute, (category, text) = diary.after(begins, (8, 15)), words.WASHED_IN
    case = diary.report(minute, category, text)
    diary.worked(case, diary.contacted(case, diary.signed(case, minute)), _kind(category), (70, 85))
    case, minute = _asked(diary, diary.after(begins, (15, 25)), words.SOMEWHERE, (40, 55))
    diary.worked(case, diary.signed(case, minute), _kind(words.SOMEWHERE[0]), (30, 80))


SCENES = (away, refused, twice, longer, unclear, too_much, fixed, in_english, whole_block, unsigned, paused)


def _kind(category: str) -> KindOfTrouble:
    """How a category is handled on a normal day."""
    known = (kind for kind in words.USUAL if kind.category == category)
    return next(known, KindOfTrouble(category, 0, ()))
