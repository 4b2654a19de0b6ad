"""From a button to an act: ask for what it needs, one thing at a time, then do it."""

from collections.abc import Callable
from typing import Final

from connectors.chat.conversation.acts import HOURS, SCORES, act_of, missing
from connectors.chat.conversation.reporting import PATIENCE
from connectors.chat.conversation.state import Asking, Choice, Verb
from connectors.chat.conversation.talk import Talk
from schemas.command import Act, Outcome, ReturnReason
from schemas.report import Photo, Recording

MOST_PEOPLE: Final = 8
OFFERED_JOBS: Final = 3
MOST_ITEMS: Final = 10


def go_on(talk: Talk, act: Choice) -> None:
    """Do the act, or ask for the next thing that it needs."""
    need = missing(act)
    if need is Asking.NOTHING:
        do(talk, act)
        return
    talk.ask(need, act)
    QUESTIONS[need](talk, act)


def do(
    talk: Talk,
    act: Choice,
    note: str = "",
    photos: tuple[Photo, ...] = (),
    recordings: tuple[Recording, ...] = (),
) -> None:
    """It is the person's act now; what becomes of it is an event, and that is the answer."""
    id = talk.next_id()
    talk.submit(act_of(act, id, talk.knowledge, note, photos, recordings))
    talk.ask(Asking.NOTHING)
    talk.put(awaited=id, wake_ms=talk.knowledge.now_ms + PATIENCE.receipt_ms)
    if talk.state.held:  # another question came in between
        ask_whose(talk)


def ask_whose(talk: Talk) -> None:
    """A photo came out of the blue: which job does it finish, or is it a new report?"""
    done = [
        resolve(job.case.number, talk.words("button.done", title=job.title))
        for job in talk.knowledge.jobs[:OFFERED_JOBS]
    ]
    talk.ask(Asking.WHOSE)
    talk.say("ask.whose", (*done, Choice(label=talk.words("button.new_report"), verb=Verb.REPORT)))


def _after_photo(talk: Talk, act: Choice) -> None:
    nothing = act.model_copy(update={"label": talk.words("button.nothing"), "outcome": Outcome.NOTHING_FOUND})
    talk.say("ask.after_photo", (nothing, _never_mind(talk)), case=act.case)


def _reason(talk: Talk, act: Choice) -> None:
    reasons = [
        act.model_copy(update={"label": talk.shared(f"reason.{reason}"), "reason": reason}) for reason in ReturnReason
    ]
    talk.say("ask.reason", (*reasons, _never_mind(talk)), case=act.case)


def _words(talk: Talk, act: Choice) -> None:
    talk.say(f"ask.words.{act.act}", (_never_mind(talk),), case=act.case)


def _hours(talk: Talk, act: Choice) -> None:
    hours = [act.model_copy(update={"label": talk.words("button.hours", n=n), "hours": n}) for n in HOURS]
    talk.say("ask.hours", (*hours, _never_mind(talk)), case=act.case)


def _person(talk: Talk, act: Choice) -> None:
    language = talk.knowledge.language
    people = [
        act.model_copy(update={"label": name.to(language), "person": id})
        for id, name in talk.knowledge.names[:MOST_PEOPLE]
    ]
    key = "ask.person" if people else "ask.nobody"
    talk.say(key, (*people, _never_mind(talk)), case=act.case)


def _item(talk: Talk, act: Choice) -> None:
    language = talk.knowledge.language
    items = [
        act.model_copy(update={"label": name.to(language), "cite": id})
        for id, name in talk.knowledge.whistles[:MOST_ITEMS]
    ]
    talk.say("ask.item" if items else "ask.no_item", (*items, _never_mind(talk)), case=act.case)


def _scores(talk: Talk, act: Choice) -> None:
    asked = ("cooperation", "professionalism", "responsibility")[len(act.scores)]
    marks = [act.model_copy(update={"label": str(n), "scores": (*act.scores, n)}) for n in range(1, 6)]
    talk.say(f"ask.score.{asked}", (*marks, _never_mind(talk)), case=act.case, n=len(act.scores) + 1, of=SCORES)


def _never_mind(talk: Talk) -> Choice:
    return Choice(label=talk.words("button.never_mind"), verb=Verb.DROP)


QUESTIONS: Final[dict[Asking, Callable[[Talk, Choice], None]]] = {
    Asking.AFTER_PHOTO: _after_photo,
    Asking.REASON: _reason,
    Asking.WORDS: _words,
    Asking.HOURS: _hours,
    Asking.PERSON: _person,
    Asking.ITEM: _item,
    Asking.SCORES: _scores,
}


def words_needed(act: Choice) -> bool:
    """Whether words can finish it: those that are asked for, or the finding that there was nothing."""
    return act.act is not None and (missing(act) is Asking.WORDS or act.outcome is Outcome.NOTHING_FOUND)


def resolve(case: str, label: str) -> Choice:
    """The act that an after-photo finishes."""
    return Choice(label=label, verb=Verb.ACT, case=case, act=Act.RESOLVE)
