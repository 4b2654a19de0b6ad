"""Somebody in a chat: what they do, one call each; what the bot says and submits is collected."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from connectors.chat.conversation import engine
from connectors.chat.conversation.notices import CaseView, notice
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Heard, Job, Knowledge, Say, Turn
from connectors.chat.messages import (
    Content,
    Edited,
    Incoming,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    SharedPosition,
    Withdrawn,
    Wrote,
)  # fmt: skip
from connectors.intake.submission import Submission
from connectors.replies.reply import Recipient, Reply, ReplyTo
from schemas.case import Case, State
from schemas.datum import Datum
from schemas.event import EventType
from schemas.names import Language, Name
from schemas.report import Photo, Recording
from tests.worlds.builders import START, event

NUMBER = "demo-G001-2611-00001"


def photo(name: str = "a") -> Photo:
    """A stored photo."""
    return Photo(digest=sha256(name.encode()).hexdigest())


def recording(name: str = "v") -> Recording:
    """A stored voice message."""
    return Recording(digest=sha256(name.encode()).hexdigest(), format="ogg", seconds=7)


def case(number: str = NUMBER, **fields: Any) -> Case:
    """A case that somebody works on."""
    given = {"home": "demo-G001", "report": f"r-{number[-1]}", "state": State.DISPATCHED, "reporter": "p-rider"}
    return Case(number=number, **{**given, **fields})


@dataclass
class Chatting:
    """One person's chat with the bot; the clock moves only by `wait`."""

    knowledge: Knowledge = field(default_factory=lambda: Knowledge("p-rider", Language.EN, START))
    state: Conversation = field(default_factory=Conversation)
    submitted: list[Submission] = field(default_factory=list)
    said: list[Say] = field(default_factory=list)
    count: int = 0

    def does(self, content: Content, *, message: str = "", **fields: Any) -> Turn:
        """Something arrives."""
        self.count += 1
        id = message or f"m{self.count}"
        incoming = Incoming(id=id, sender="42", chat="42", t_ms=self.knowledge.now_ms, content=content, **fields)
        return self._after(engine.take(self.state, Heard(incoming, f"chat-{self.count}"), self.knowledge))

    def writes(self, text: str, **fields: Any) -> Turn:
        """Words."""
        return self.does(Wrote(text=text), **fields)

    def sends_photo(self, name: str = "a", text: str = "", album: str = "", **fields: Any) -> Turn:
        """A photo that was fetched already."""
        media = Media(kind=MediaKind.PHOTO, ref=name)
        return self.does(SentMedia(media=media, text=text, album=album, photo=photo(name)), **fields)

    def sends(self, kind: MediaKind, transcript: str = "") -> Turn:
        """Something that is no photo."""
        return self.does(SentMedia(media=Media(kind=kind, ref="x", transcript=transcript)))

    def speaks(self, name: str = "v", transcript: str = "", **fields: Any) -> Turn:
        """A voice message that was fetched already."""
        media = Media(kind=MediaKind.VOICE, ref=name, transcript=transcript)
        return self.does(SentMedia(media=media, recording=recording(name)), **fields)

    def shares_position(self, lon: float = 118.1, lat: float = 24.5, **fields: Any) -> Turn:
        """A position of a phone."""
        return self.does(SharedPosition(lon=lon, lat=lat, datum=Datum.WGS84), **fields)

    def taps(self, label: str) -> Turn:
        """The newest button with this label."""
        value = next(each.value for say in reversed(self.said) for each in say.buttons if each.label == label)
        return self.does(Pressed(value=value))

    def edits(self, message: str, text: str) -> Turn:
        """An earlier message."""
        return self.does(Edited(of=message, text=text))

    def takes_back(self, message: str) -> Turn:
        """An earlier message."""
        return self.does(Withdrawn(of=message))

    def wait(self, seconds: float) -> None:
        """Time passes; the conversation is woken when it wanted to be."""
        until = self.knowledge.now_ms + round(seconds * 1000)
        while self.state.wake_ms is not None and self.state.wake_ms <= until:
            self.knows(now_ms=self.state.wake_ms)
            self.count += 1
            self._after(engine.tick(self.state, f"chat-{self.count}", self.knowledge))
        self.knows(now_ms=until)

    def hears(self, type: EventType, view: CaseView, to: ReplyTo = "reporter", **fields: Any) -> Turn:
        """An event reaches the person."""
        self.count += 1
        recipient = Recipient("chat", self.knowledge.person, to, view.case.report, self.knowledge.language)
        reply = Reply(f"0-{self.count}", recipient, view.case.number, event(type, case=view.case.number, **fields))
        return self._after(notice(self.state, reply, view, self.knowledge))

    def knows(self, **fields: Any) -> None:
        """What is known changes."""
        self.knowledge = replace(self.knowledge, **fields)

    def has_jobs(self, *titles: str) -> None:
        """Open cases that the person handles."""
        jobs = (Job(case(f"demo-G001-2611-{n:05}"), title) for n, title in enumerate(titles, 1))
        self.knows(jobs=tuple(jobs))

    @property
    def last(self) -> str:
        """What was said last."""
        return self.said[-1].text if self.said else ""

    @property
    def labels(self) -> list[str]:
        """The buttons of what was said last."""
        return [each.label for each in self.said[-1].buttons]

    def _after(self, turn: Turn) -> Turn:
        self.state = Conversation.model_validate_json(turn.state.model_dump_json())  # as the door stores it
        self.submitted += turn.submit
        self.said += turn.say
        return turn


def view(of: Case | None = None, **fields: Any) -> CaseView:
    """A case as its people are told of it."""
    given = {
        "category": Name(zh="道路油污", en="Greasy pavement"),
        "place": "Hubin South Road 12-8",
        "who": "Chen (sample)",
    }
    return CaseView(of or case(), **{**given, **fields})


def texts(said: Iterable[Say]) -> list[str]:
    """What was said."""
    return [each.text for each in said]
