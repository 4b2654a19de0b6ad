"""From the parts of a draft to a report: ask for what is missing, one thing at a time, and send it."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from connectors.chat.conversation.drafts import (
    MOST_PARTS,
    MOST_TEXT,
    has_place,
    is_enough,
    photos_of,
    recordings_of,
    report_of,
    supplement_of,
    text_of,
)
from connectors.chat.conversation.state import Asking, Choice, Conversation, DraftPart, Verb
from connectors.chat.conversation.talk import Talk
from connectors.intake.token_bucket import TokenBucket


@dataclass(frozen=True, slots=True)
class Patience:
    """How long people are given, in milliseconds."""

    ask_ms: int = 8_000
    """After the last part of a draft, before a missing piece is asked for."""
    album_ms: int = 3_000
    """After a photo of an album, for the others."""
    close_ms: int = 120_000
    """After a question that is not answered, before the draft is closed."""
    again_ms: int = 120_000
    """After a report, for what belongs to it."""
    receipt_ms: int = 5_000
    """After something was submitted, before the person hears that it is safe although nothing came of it yet."""


PATIENCE: Final = Patience()
MINUTE_MS: Final = 60_000
MOST_CATEGORIES: Final = 6
MOST_EDITED: Final = 20
"""Messages of a report whose edits still count."""


def add(talk: Talk, part: DraftPart, patience: Patience = PATIENCE) -> None:
    """One more part of a report: it completes the draft, or it is waited for what is missing."""
    now_ms, known = talk.knowledge.now_ms, talk.state.draft
    if not fits(talk, part):
        return
    if part.text and part.photo and text_of(known) and photos_of(known) and not _same_album(part, known):
        hold(talk, part)
        talk.ask(Asking.WHOSE)
        talk.say("same_or_other", (_choice(talk, Verb.ADD, "button.same"), _choice(talk, Verb.REPORT, "button.other")))
        return
    others = tuple(each for each in known if each.message != part.message)
    talk.put(draft=(*others, part), draft_ms=now_ms)
    if talk.state.asking in (Asking.PLACE, Asking.WHAT, Asking.SUBMIT):
        talk.ask(Asking.NOTHING)
    go_on(talk, patience)


def hold(talk: Talk, part: DraftPart) -> None:
    """It waits for the answer to the question whose it is."""
    if fits(talk, part):
        talk.put(held=(*talk.state.held, part))


def fits(talk: Talk, part: DraftPart) -> bool:
    """Whether there is room for one more part; if not, the person hears that it was not added."""
    parts = tuple(each for each in (*talk.state.draft, *talk.state.held) if each.message != part.message)
    if len(parts) < MOST_PARTS and len(text_of((*parts, part))) <= MOST_TEXT:
        return True
    talk.say("full", (_send_it(talk), _choice(talk, Verb.DROP, "button.drop")) if talk.state.draft else ())
    return False


def go_on(talk: Talk, patience: Patience = PATIENCE) -> None:
    """Send the draft when it is complete, else wait."""
    draft, now_ms = talk.state.draft, talk.knowledge.now_ms
    if not draft:
        talk.put(wake_ms=None)
    elif is_enough(draft) and photos_of(draft) and not any(part.album or part.forwarded for part in draft):
        send(talk, patience)
    else:
        wait = patience.album_ms if is_enough(draft) and photos_of(draft) else patience.ask_ms
        talk.put(wake_ms=now_ms + wait)


def send(talk: Talk, patience: Patience = PATIENCE, category: str = "", *, is_sure: bool = False) -> None:
    """The draft becomes a report. The receipt comes when its case has been decided.

    Who reports more than people do, or is little trusted, is asked each time, unless they said so just now (`is_sure`).
    """
    state, now_ms, level, id = talk.state, talk.knowledge.now_ms, talk.knowledge.trusted, talk.next_id()
    tokens = _tokens(state, level.reports_an_hour, now_ms)
    if tokens.is_empty and not is_sure:
        talk.ask(Asking.SUBMIT)
        talk.put(wake_ms=None)
        minutes = ceil((tokens.again_ms - now_ms) / MINUTE_MS)
        choices = (_send_it(talk), _choice(talk, Verb.DROP, "button.drop"))
        talk.say("ask.many", choices, n=level.reports_an_hour, minutes=minutes)
        return
    if level.confirm and not is_sure:
        ask_to_submit(talk)
        return
    tokens = tokens.taken()
    talk.submit(report_of(state.draft, id, talk.knowledge, category))
    talk.put(
        draft=(), draft_ms=0, asking=Asking.NOTHING, pending=None, report=id, report_ms=now_ms, awaited=id,
        report_parts=tuple(part.message for part in state.draft), report_lacks=_lacks(state),
        album=next((part.album for part in reversed(state.draft) if part.album), ""), album_case="",
        wake_ms=now_ms + patience.receipt_ms, tokens=tokens.left, tokens_ms=tokens.at_ms,
    )  # fmt: skip


def _tokens(state: Conversation, size: int, now_ms: int) -> TokenBucket:
    if state.tokens is None:
        return TokenBucket.full(size, now_ms)
    return TokenBucket(size, state.tokens, state.tokens_ms).at(now_ms)


def supply(talk: Talk, parts: tuple[DraftPart, ...], report: str, patience: Patience = PATIENCE) -> None:
    """What was sent belongs to an earlier report."""
    id, now_ms = talk.next_id(), talk.knowledge.now_ms
    talk.submit(supplement_of(parts, id, report, talk.knowledge))
    lacks = tuple(each for each in talk.state.report_lacks if each not in _gives(parts))
    talk.put(report_lacks=lacks, awaited=id, wake_ms=now_ms + patience.receipt_ms)
    known = talk.state.report_parts if talk.state.report == report else ()
    talk.put(report=report, report_parts=(*known, *(part.message for part in parts))[-MOST_EDITED:])


def belongs_to_last(state: Conversation, part: DraftPart, now_ms: int, patience: Patience = PATIENCE) -> bool:
    """Whether it is plainly the piece that the report of a moment ago lacked."""
    fresh = bool(state.report) and now_ms - state.report_ms <= patience.again_ms and not state.draft
    gives = _gives((part,))
    return fresh and (_same_report_album(state, part) or (bool(gives) and gives <= frozenset(state.report_lacks)))


def wake(talk: Talk, patience: Patience = PATIENCE) -> None:
    """Nothing came for a while: ask for what is missing, or close the draft."""
    state, now_ms = talk.state, talk.knowledge.now_ms
    draft = state.draft
    forwarded = any(part.forwarded for part in draft)
    if state.asking in (Asking.PLACE, Asking.WHAT):
        if text_of(draft) and photos_of(draft) and not forwarded:
            send(talk, patience)  # who decides asks for the place, and reminds
        else:
            ask_to_submit(talk)
    elif is_enough(draft) and not forwarded:
        send(talk, patience)
    elif forwarded:
        ask_to_submit(talk)
    else:
        ask_for_missing(talk)
        talk.put(wake_ms=now_ms + patience.close_ms)


def ask_for_missing(talk: Talk) -> None:
    """The one question that brings the draft further."""
    draft = talk.state.draft
    drop = _choice(talk, Verb.DROP, "button.drop")
    if not has_place(draft):
        talk.ask(Asking.PLACE)
        key = "ask.place" if text_of(draft) else "ask.place_and_what" if photos_of(draft) else "ask.place_and_line"
        talk.ask_where(key, (_send_it(talk), drop))
    else:
        talk.ask(Asking.WHAT)
        named = [
            Choice(label=name.to(talk.knowledge.language), verb=Verb.SUBMIT, category=id)
            for id, name in talk.knowledge.categories[:MOST_CATEGORIES]
        ]
        as_it_is = (_send_it(talk),) if recordings_of(draft) else ()  # whoever listens will know
        talk.say("ask.what", (*named, *as_it_is, drop))


def ask_to_submit(talk: Talk) -> None:
    """A draft lies there: it is never sent or dropped without a word."""
    talk.ask(Asking.SUBMIT)
    talk.put(wake_ms=None)
    draft = talk.state.draft
    text, photos, recordings = text_of(draft), len(photos_of(draft)), len(recordings_of(draft))
    facts = [talk.words("draft.photos", n=photos)] if photos else []
    facts += [talk.words("draft.recordings", n=recordings)] if recordings else []
    facts += [talk.words("draft.place")] if has_place(draft) else []
    quoted = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    summary = talk.words("list_separator").join([*([f"“{quoted}”"] if quoted else []), *facts])
    talk.say("ask.submit", (_send_it(talk), _choice(talk, Verb.DROP, "button.drop")), summary=summary)


SHOWN: Final = 60


def drop(talk: Talk) -> None:
    """Nothing of it is sent."""
    talk.put(draft=(), draft_ms=0, held=(), asking=Asking.NOTHING, pending=None, wake_ms=None)
    talk.say("dropped")


def _choice(talk: Talk, verb: Verb, key: str) -> Choice:
    return Choice(label=talk.words(key), verb=verb)


def _send_it(talk: Talk) -> Choice:
    return _choice(talk, Verb.SUBMIT, "button.submit")


def _gives(parts: tuple[DraftPart, ...]) -> frozenset[str]:
    given = {"photo"} if photos_of(parts) else set()
    given |= {"place"} if has_place(parts) else set()
    given |= {"text"} if text_of(parts) else set()
    return frozenset(given)


def _lacks(state: Conversation) -> tuple[str, ...]:
    return tuple(sorted({"photo", "place", "text"} - _gives(state.draft)))


def _same_album(part: DraftPart, draft: tuple[DraftPart, ...]) -> bool:
    return bool(part.album) and any(each.album == part.album for each in draft)


def _same_report_album(state: Conversation, part: DraftPart) -> bool:
    return bool(part.album) and part.album == state.album
