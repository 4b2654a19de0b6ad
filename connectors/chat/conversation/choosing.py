"""What follows from a choice: a button that was pressed, or its words or number that were typed."""

from collections.abc import Callable, Mapping
from typing import Final

from connectors.chat.conversation import acting, lists, reporting, signing_in
from connectors.chat.conversation.acts import missing
from connectors.chat.conversation.drafts import recordings_of
from connectors.chat.conversation.state import Asking, Choice, DraftPart, Verb
from connectors.chat.conversation.talk import Talk
from connectors.intake.submission import CoverSubmission
from schemas.command import Act
from schemas.datum import Datum
from schemas.names import Language
from schemas.report import Recording

DAY_MS: Final = 24 * 3_600_000


def chosen(talk: Talk, choice: Choice) -> None:
    """A button was pressed, or its words were typed."""
    state = talk.state
    match choice.verb:
        case Verb.ACT:
            _act_chosen(talk, choice)
        case Verb.SUBMIT if state.draft:
            reporting.send(talk, category=choice.category, is_sure=True)
        case Verb.SUBMIT:
            talk.say("nothing_there")
        case Verb.REPORT | Verb.ADD:
            _held(talk, is_new=choice.verb is Verb.REPORT)
        case Verb.HERE:
            talk.ask(Asking.NOTHING)
            reporting.supply(talk, (_place_of(choice),), choice.report)
        case Verb.ELSEWHERE:
            talk.ask(Asking.PLACE, choice.model_copy(update={"verb": Verb.HERE}))
            talk.ask_where("ask.elsewhere")
        case Verb.OFF:
            _off(talk, choice)
        case _:
            _NEEDS_NOTHING[choice.verb](talk)


def _place_of(choice: Choice) -> DraftPart:
    """A candidate of ours: its code, and its exact spot or its house number."""
    return DraftPart(
        message=f"{choice.report}/here", code=choice.code, lon=choice.lon, lat=choice.lat, address=choice.address,
        datum=None if choice.lon is None else Datum.WGS84,
    )  # fmt: skip


def _act_chosen(talk: Talk, choice: Choice) -> None:
    held = talk.state.held
    if choice.act is Act.RESOLVE and held and talk.state.asking is Asking.WHOSE:
        talk.put(held=())
        first, *others = [part for part in held if part.photo is not None] or held
        texts = "\n".join(part.text for part in held if part.text)
        finish(talk, choice, first.model_copy(update={"text": texts}), recordings_of(held))
        more = tuple(part.photo for part in others if part.photo is not None)
        if more:
            acting.do(talk, Choice(label="", verb=Verb.ACT, case=choice.case, act=Act.ANSWER), photos=more)
    elif acting.words_needed(choice) and missing(choice) is not Asking.WORDS:
        talk.ask(Asking.WORDS, choice)
        talk.say("ask.nothing_found")
    else:
        acting.go_on(talk, choice)


def _held(talk: Talk, *, is_new: bool) -> None:
    """The answer to "same or other": what was held joins the draft, or the draft is sent and a new one begins."""
    held = talk.state.held
    talk.put(held=())
    talk.ask(Asking.NOTHING)
    if not held:
        talk.say("nothing_there")
        return
    if is_new and talk.state.draft:
        reporting.send(talk, is_sure=True)
    draft = talk.state.draft
    talk.put(draft=(*draft, *held), draft_ms=talk.knowledge.now_ms)
    reporting.go_on(talk)


def _drop(talk: Talk) -> None:
    if talk.state.draft or talk.state.held:
        reporting.drop(talk)
    else:
        talk.ask(Asking.NOTHING)
        talk.say("never_minded")


def _off(talk: Talk, choice: Choice) -> None:
    """Off today: from now for a day, with the person who stands in."""
    known = talk.knowledge
    if not choice.person:
        people = [
            Choice(label=name.to(known.language), verb=Verb.OFF, person=id)
            for id, name in known.names[: acting.MOST_PEOPLE]
        ]
        never = Choice(label=talk.words("button.never_mind"), verb=Verb.DROP)
        talk.ask(Asking.PERSON, Choice(label="", verb=Verb.OFF))
        talk.say("ask.off" if people else "ask.nobody", (*people, never))
        return
    until_ms = known.now_ms + DAY_MS
    cover = CoverSubmission(
        id=talk.next_id(), person=known.person, cover=choice.person, by=known.person, from_ms=known.now_ms,
        until=until_ms,
    )  # fmt: skip
    talk.submit(cover)
    talk.ask(Asking.NOTHING)
    talk.say("off", person=choice.label)


def _language(talk: Talk) -> None:
    other = Language.ZH if talk.knowledge.language is Language.EN else Language.EN
    talk.put(language=other)
    talk.switch(other)
    lists.help_(talk)


def finish(talk: Talk, act: Choice, part: DraftPart, recordings: tuple[Recording, ...] = ()) -> None:
    """The after-photo signs and resolves in one step."""
    acting.do(talk, act, part.text, (part.photo,) if part.photo is not None else (), recordings)
    talk.put(album=part.album, album_case=act.case if part.album else "")


_NEEDS_NOTHING: Final[Mapping[Verb, Callable[[Talk], None]]] = {
    Verb.DROP: _drop,
    Verb.REPORTS: lists.reports,
    Verb.JOBS: lists.jobs,
    Verb.HELP: lists.help_,
    Verb.LANGUAGE: _language,
    Verb.SIGN_IN: signing_in.link,
}
"""What follows from the verb alone."""
