"""Whatever somebody says in whichever order: each message whose words or pictures are submitted is found again."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.chat.conversation.turn import Turn
from connectors.chat.runtime.storage import sources
from connectors.chat.runtime.traced import made, submission_id
from connectors.intake.submission import ActSubmission, ReportSubmission, SupplementSubmission
from tests.worlds.chats import Chatting, photo

DOES = st.sampled_from(
    ["words", "photo", "both", "place", "submit", "drop", "edit", "take back", "wait", "jobs", "tap", "forward"]
)


@dataclass
class Traced(Chatting):
    """A chat that remembers as its door does of which messages something was made."""

    db: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    at_ms: int = 0
    taken: dict[str, str] = field(default_factory=dict)
    """The words of each message, and the names of its photos, by its key."""
    words: dict[str, set[str]] = field(default_factory=dict)
    """What each submission says."""

    def _after(self, turn: Turn) -> Turn:
        before, source = self.state, f"chat-{self.count}"
        of = made(before, turn, source, lambda message: message)
        sources.put(self.db, "42", f"m{self.count}", of, self.at_ms)
        for n, each in enumerate(turn.submit):
            if not isinstance(each, ReportSubmission | SupplementSubmission | ActSubmission):
                continue
            text = each.note if isinstance(each, ActSubmission) else f"{each.text} {each.address}"
            digests = {one.digest for one in (*each.photos, *each.after_photos)}
            self.words[submission_id(each.id, source, n)] = {*text.split(), *digests}
        return super()._after(turn)


def act(chat: Traced, what: str, n: int) -> None:
    """One thing that somebody does; every word and every photo is of one message."""
    token, said = f"word{n}", f"m{chat.count + 1}"
    does: dict[str, Callable[[], object]] = {
        "words": lambda: chat.writes(f"greasy {token}"),
        "photo": lambda: chat.sends_photo(token),
        "both": lambda: chat.sends_photo(token, f"greasy {token}"),
        "forward": lambda: chat.writes(f"greasy {token}", forwarded=True),
        "place": chat.shares_position,
        "submit": lambda: chat.writes("submit"),
        "drop": lambda: chat.writes("drop it"),
        "edit": lambda: chat.edits(f"m{max(1, chat.count - n % 3)}", f"greasy {token}"),
        "take back": lambda: chat.takes_back(f"m{max(1, chat.count - n % 3)}"),
        "wait": lambda: chat.wait(9),
        "jobs": lambda: chat.has_jobs("Greasy road"),
        "tap": lambda: chat.taps(chat.labels[n % len(chat.labels)]) if chat.said and chat.labels else None,
    }
    chat.taken |= {token: said, photo(token).digest: said}
    does[what]()


@settings(max_examples=300)
@given(st.lists(DOES, min_size=1, max_size=14))
def test_every_message_of_a_submission_is_found(steps: list[str]) -> None:
    chat = Traced()
    chat.db.executescript(sources.TABLES)
    for n, what in enumerate(steps):
        act(chat, what, n)
    for id, said in chat.words.items():
        found = sources.find(chat.db, [id]).get("42", set())
        assert {chat.taken[each] for each in said if each in chat.taken} <= found, (id, said)
