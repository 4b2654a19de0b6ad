"""A case as a person is told of it, and one event of it as that person sees it."""

from dataclasses import dataclass
from typing import Final, Literal

from connectors.chat.conversation.state import Choice, Verb
from connectors.chat.conversation.talk import Talk
from connectors.chat.messages import SayKind
from connectors.replies.reply import Reply
from schemas.case import Case
from schemas.command import Act
from schemas.names import Name
from schemas.report import Recording

MOST_PHOTOS: Final = 3
PhotoSign = Literal["", "same", "reused", "alike"]
WITH_WORDS: Final = frozenset({"answered", "asked", "called", "nothing_found", "result", "urged"})
"""Sentences that pass on what somebody said with the event."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it was right after the event, with what the log's events do not carry. Words are in their language."""

    case: Case
    text: str = ""
    """What the reporter wrote."""
    category: Name | None = None
    place: str = ""
    """The place in the region's words."""
    guide: str = ""
    """The handling guide of the list item."""
    before: tuple[str, ...] = ()
    """Digests of the reporter's photos."""
    after: tuple[str, ...] = ()
    """Digests of the latest after-photos."""
    recordings: tuple[Recording, ...] = ()
    """The reporter's voice messages."""
    words: str = ""
    """The words that came with this event: a question, an answer, a reason."""
    spoken: tuple[Recording, ...] = ()
    """The voice messages that came with it."""
    who: str = ""
    """The name of the person who has the job now."""
    due: str = ""
    """By when it is to be done, as people say it: "today 11:21"."""
    known: bool = True
    """Whether this is the case as it was right after the event; else it is what the event says."""
    may: frozenset[Act] = frozenset()
    """What somebody on duty may do to it."""
    woken: Literal["", "urgent", "due"] = ""
    """Why somebody hears of it in their quiet hours."""
    photo_sign: PhotoSign = ""
    """Whether the latest after-photo was seen before: for this case (equal, or alike), or for another one."""
    took: str = ""
    """How long it took from the report to the last "done"; empty before."""


class Notice:
    """One event as one person sees it."""

    def __init__(self, talk: Talk, reply: Reply, view: CaseView) -> None:
        self.talk, self.reply, self.view = talk, reply, view
        self.case, self.event = view.case, reply.event

    @property
    def mine(self) -> bool:
        """Whether the person did it."""
        return self.event.by in self.talk.knowledge.called

    @property
    def reason(self) -> str:
        """The sentence of the decision."""
        because = self.event.because
        return "" if because is None else Name(zh=because.zh, en=because.en).to(self.talk.knowledge.language)

    @property
    def title(self) -> str:
        """What and where, in few words."""
        what = self.view.category.to(self.talk.knowledge.language) if self.view.category else ""
        return " · ".join(part for part in (what, self.view.place) if part) or self.case.number

    def button(self, act: Act, **known: object) -> Choice:
        """A choice that begins an act on this case."""
        label = self.talk.words(f"button.{act}")
        return Choice(label=label, verb=Verb.ACT, case=self.case.number, act=act).model_copy(update=known)

    @property
    def spoken(self) -> tuple[Recording, ...]:
        """What others said with this event."""
        return () if self.mine else self.view.spoken

    def tell(self, key: str, *choices: Choice, photos: tuple[str, ...] = (), kind: SayKind | None = None) -> None:
        """Say a sentence about the case. Without a `kind` it is an answer, a request where it offers choices, else a
        notice.
        """
        if kind is None:
            kind = SayKind.ANSWER if self.mine else SayKind.REQUEST if choices else SayKind.NOTICE
        view, case = self.view, self.case
        text = self.talk.words(
            f"notice.{key}", number=case.number, title=self.title, who=view.who, due=view.due, took=view.took,
            reason=self.reason, words=view.words,
            photo=self.talk.words(f"photo.{view.photo_sign}") if view.photo_sign else "",
        )  # fmt: skip
        lines = [line for line in text.splitlines() if line.strip()]
        shown = photos[:MOST_PHOTOS]
        spoken = self.spoken if key in WITH_WORDS else ()
        self.talk.write("\n".join(lines), choices, photos=shown, case=case.number, recordings=spoken, kind=kind)
