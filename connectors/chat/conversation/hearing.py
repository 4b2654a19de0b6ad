"""What each kind of message means, given what is open: a part of a report, an answer, or the end of a job."""

from connectors.chat.conversation import acting, lists, reporting
from connectors.chat.conversation.choices import typed
from connectors.chat.conversation.choosing import chosen, finish
from connectors.chat.conversation.commands import command_in, is_greeting
from connectors.chat.conversation.drafts import MOST_ADDRESS, MOST_TEXT, recordings_of, text_of
from connectors.chat.conversation.state import Asking, Choice, DraftPart, Verb
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Job
from connectors.chat.messages import Incoming, MediaKind, SentMedia, SharedPosition
from connectors.intake.messages import message
from schemas.case import WAITING, WITH_ORDER, State
from schemas.command import Act
from schemas.report import Recording


def wrote(talk: Talk, incoming: Incoming, text: str, recording: Recording | None = None) -> None:
    """Words, or a voice message with or without its words: a command, a choice, an answer, or a part of a report."""
    state, known = talk.state, talk.knowledge
    recordings = () if recording is None else (recording,)
    command = command_in(text)
    if command is not None:
        chosen(talk, Choice(label=text, verb=command))
        return
    choice = typed(state, text, known.quoted_case)
    if choice is not None:
        chosen(talk, choice)
        return
    part = DraftPart(message=incoming.id, text=text, recording=recording, forwarded=incoming.forwarded)
    if state.asking is Asking.WHOSE:
        reporting.hold(talk, part)
    elif state.pending is not None and acting.words_needed(state.pending):
        acting.do(talk, state.pending, note=text, recordings=recordings)
    elif state.asking is Asking.HOURS and state.pending is not None and (hours := _hours_in(text)) is not None:
        acting.go_on(talk, state.pending.model_copy(update={"hours": hours}))
    elif state.asking is Asking.PLACE and state.pending is not None:
        talk.ask(Asking.NOTHING)
        reporting.supply(talk, (part,), state.pending.report)
    elif text and state.asking is Asking.PLACE and text_of(state.draft) and len(text) <= MOST_ADDRESS:
        reporting.add(talk, part.model_copy(update={"text": "", "address": text}))
    elif known.quoted_case:
        answer = Choice(label="", verb=Verb.ACT, case=known.quoted_case, act=Act.ANSWER)
        acting.do(talk, answer, note=text, recordings=recordings)
    elif is_greeting(text) and not state.draft:
        lists.help_(talk)
    elif text.strip() or recording is not None:
        reporting.add(talk, part)
        if recording is not None and recordings_of(talk.state.draft) == recordings:
            talk.say("media.recorded" if text_of(talk.state.draft) else "media.recorded_write_too")


def media(talk: Talk, incoming: Incoming, sent: SentMedia) -> None:
    """A photo or a voice message; of anything else it is said that it cannot be used."""
    transcript = sent.media.transcript if sent.media.kind is MediaKind.VOICE else ""
    if sent.recording is not None or transcript:
        wrote(talk, incoming, transcript or sent.text, sent.recording)
    elif sent.trouble:
        talk.write(message(sent.trouble, talk.knowledge.language, limit=sent.trouble_limit))
        if sent.text:
            wrote(talk, incoming, sent.text)
    elif sent.photo is None:
        talk.say(f"media.{sent.media.kind}" if sent.media.kind is not MediaKind.PHOTO else "unreadable")
        if sent.text:
            wrote(talk, incoming, sent.text)
    else:
        part = DraftPart(
            message=incoming.id, text=sent.text, photo=sent.photo, album=sent.album, forwarded=incoming.forwarded
        )
        _photo(talk, part)


def _photo(talk: Talk, part: DraftPart) -> None:
    state, known = talk.state, talk.knowledge
    photos = (part.photo,) if part.photo is not None else ()
    quoted = next((job for job in known.jobs if job.case.number == known.quoted_case), None)
    pending = state.pending
    if part.album and part.album == state.album and state.album_case:
        # the first photo of this album finished the job already: the others belong to it
        acting.do(talk, Choice(label="", verb=Verb.ACT, case=state.album_case, act=Act.ANSWER), part.text, photos)
    elif state.asking is Asking.AFTER_PHOTO and pending is not None:
        finish(talk, pending, part)
    elif pending is not None and acting.words_needed(pending):
        acting.do(talk, pending, part.text, photos)
    elif quoted is not None:
        finish(talk, acting.resolve(quoted.case.number, quoted.title), part)
    elif known.quoted_case:
        acting.do(talk, Choice(label="", verb=Verb.ACT, case=known.quoted_case, act=Act.ANSWER), part.text, photos)
    elif state.asking is Asking.WHOSE:
        reporting.hold(talk, part)
    elif state.asking is Asking.PLACE and pending is not None:
        talk.ask(Asking.NOTHING)
        reporting.supply(talk, (part,), pending.report)
    elif reporting.belongs_to_last(state, part, known.now_ms):
        reporting.supply(talk, (part,), state.report)
    elif known.jobs and not state.draft:
        reporting.hold(talk, part)
        acting.ask_whose(talk)
    else:
        reporting.add(talk, part)


def position(talk: Talk, incoming: Incoming, at: SharedPosition) -> None:
    """Where it is."""
    state = talk.state
    if at.live and state.report and not state.draft and incoming.id in state.report_parts:
        return  # it goes on moving; where it was when the report was sent is what counts
    part = DraftPart(message=incoming.id, lon=at.lon, lat=at.lat, datum=at.datum)
    if state.asking is Asking.PLACE and state.pending is not None:
        talk.ask(Asking.NOTHING)
        reporting.supply(talk, (part,), state.pending.report)
    elif state.asking is Asking.WHOSE:
        reporting.hold(talk, part)
    elif reporting.belongs_to_last(state, part, talk.knowledge.now_ms):
        reporting.supply(talk, (part,), state.report)
    else:
        reporting.add(talk, part)


def edited(talk: Talk, of: str, text: str) -> None:
    """A part of the draft changes; what was reported already gets an addition."""
    state = talk.state
    if any(part.message == of for part in state.draft):
        draft = tuple(_with_words(part, text) if part.message == of else part for part in state.draft)
        if len(text_of(draft)) > MOST_TEXT:
            talk.say("full")
            return
        talk.put(draft=draft, draft_ms=talk.knowledge.now_ms)
        reporting.go_on(talk)
    elif any(part.message == of for part in state.held):
        talk.put(held=tuple(_with_words(part, text) if part.message == of else part for part in state.held))
    elif of in state.report_parts:
        reporting.supply(talk, (DraftPart(message=of, text=text),), state.report)
        talk.say("edited_later")
    else:
        talk.say("edited_too_late")


def _with_words(part: DraftPart, text: str) -> DraftPart:
    return part.model_copy(update={"address" if part.address else "text": text})


def withdrawn(talk: Talk, of: str) -> None:
    """A part of the draft goes; what was reported already stays, and the person hears how to withdraw it."""
    state = talk.state
    draft = tuple(part for part in state.draft if part.message != of)
    held = tuple(part for part in state.held if part.message != of)
    if len(draft) < len(state.draft) or len(held) < len(state.held):
        talk.put(draft=draft, held=held)
        if not draft and not held:
            talk.put(wake_ms=None)
            talk.ask(Asking.NOTHING)
        elif draft:
            reporting.go_on(talk)
    elif of in state.report_parts:
        own = next((job for job in talk.knowledge.reports if job.case.report == state.report), None)
        able = own is not None and own.case.state in WAITING | WITH_ORDER - {State.RESOLVED, State.RETURNED}
        choices = (_act(talk, own, Act.WITHDRAW),) if own is not None and able else ()
        talk.say("withdrawn_later", choices)


def _act(talk: Talk, job: Job, act: Act) -> Choice:
    return Choice(label=talk.words(f"button.{act}"), verb=Verb.ACT, case=job.case.number, act=act)


def _hours_in(text: str) -> int | None:
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    return int(digits) if 0 < len(digits) <= 4 and 0 < int(digits) <= 24 * 365 else None
