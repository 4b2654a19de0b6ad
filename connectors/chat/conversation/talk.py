"""One turn while it is being made: the state so far, what is submitted, what is said. It lives no longer than that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connectors.chat.conversation.choices import offer
from connectors.chat.conversation.state import Asking, Choice, Conversation
from connectors.chat.conversation.turn import Knowledge, Say, Turn
from connectors.chat.messages import Pin, SayKind
from connectors.intake.submission import Submission
from schemas.names import Language
from schemas.report import Recording
from texts.catalogue import say


class Talk:
    """`source` names what the turn answers, such as the id of a message: all that is made is named after it."""

    def __init__(self, state: Conversation, knowledge: Knowledge, source: str) -> None:
        self.state, self.knowledge, self._source = state, knowledge, source
        self._submit: list[Submission] = []
        self._say: list[Say] = []

    def words(self, key: str, **facts: object) -> str:
        """A sentence of the catalogue, in the person's language."""
        return say(self.knowledge.language, f"chat.{key}", **facts)

    def shared(self, key: str) -> str:
        """A word that pages say too, such as a state."""
        return say(self.knowledge.language, f"pages.{key}")

    def say(self, key: str, choices: Sequence[Choice] = (), *, case: str = "", link: str = "", **facts: object) -> None:
        """Say a sentence of the catalogue; an answer to it is about `case`."""
        self.write(self.words(key, **facts), choices, case=case, link=link)

    def ask_where(self, key: str, choices: Sequence[Choice] = ()) -> None:
        """Say a question for a place; who cannot send a position here is asked to write, or to open the form."""
        known = self.knowledge
        self.say(key if known.positions else f"{key}.typed", choices, link=known.form)

    def write(
        self,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        photos: tuple[str, ...] = (),
        pin: Pin | None = None,
        link: str = "",
        case: str = "",
        recordings: tuple[Recording, ...] = (),
        kind: SayKind = SayKind.ANSWER,
        signs_in: bool = False,
    ) -> None:
        """Say something."""
        self.state, buttons = offer(self.state, f"{self._source}/{len(self._say)}", choices)
        self._say.append(Say(text, buttons, photos, pin, link, case, recordings, kind, signs_in))

    def submit(self, made: Submission) -> None:
        """Submit something; its outcome is an event, which is the answer. Without one soon, the person is reassured."""
        self._submit.append(made)

    def next_id(self) -> str:
        """The id of the next submission."""
        return f"{self._source}-{len(self._submit)}" if self._submit else self._source

    def switch(self, language: Language) -> None:
        """Go on in another language."""
        self.knowledge = replace(self.knowledge, language=language)

    def put(self, **fields: Any) -> None:
        """Change the state."""
        self.state = self.state.model_copy(update=fields)

    def ask(self, asking: Asking, pending: Choice | None = None) -> None:
        """From now on this question is open."""
        self.put(asking=asking, pending=pending)

    def turn(self) -> Turn:
        """What was made."""
        return Turn(self.state, tuple(self._submit), tuple(self._say))
