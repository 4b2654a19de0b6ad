"""QuietHours hours and a budget of messages 指尖减负: what is only good to know waits, and comes as one message.

New jobs, questions, results to verify, refusals and answers to what somebody did are never held back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Say


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the region's day; `begins` may be later than `ends`, which is then on the next day."""

    begins: int = 22
    ends: int = 7
    budget: int = 20
    """Messages a person gets on one day before news is gathered."""
    gather_h: int = 4
    """For how long it is gathered then."""


def waits_until(now: datetime, sent_today: int, quiet: QuietHours) -> datetime | None:
    """Until when news for somebody waits; None: it goes out now. `now` has the region's zone."""
    if is_night(now, quiet):
        morning = now.replace(hour=quiet.ends, minute=0, second=0, microsecond=0)
        return morning if morning > now else morning + timedelta(days=1)
    if sent_today >= quiet.budget:
        return now + timedelta(hours=quiet.gather_h)
    return None


def is_night(now: datetime, quiet: QuietHours) -> bool:
    """Whether it is within the quiet hours."""
    if quiet.begins <= quiet.ends:
        return quiet.begins <= now.hour < quiet.ends
    return now.hour >= quiet.begins or now.hour < quiet.ends


def digest(talk: Talk, gathered: Sequence[Say]) -> None:
    """One message of several: the first line of each, in the order in which they came."""
    if len(gathered) == 1:
        (one,) = gathered
        talk.write(one.text, photos=one.photos, pin=one.pin, link=one.link, case=one.case, recordings=one.recordings)
        return
    lines = [talk.words("digest.line", text=each.text.partition("\n")[0]) for each in gathered]
    talk.write("\n".join([talk.words("digest.title", n=len(gathered)), *lines]), link=talk.knowledge.page)
