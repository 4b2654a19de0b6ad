"""Acts: what each needs before it can be done, and the submission that it becomes."""

from typing import Final

from connectors.chat.conversation.state import Asking, Choice
from connectors.chat.conversation.turn import Knowledge
from connectors.intake.submission import ActSubmission
from schemas.command import Act
from schemas.report import Photo, Recording

NEEDS: Final[dict[Act, tuple[Asking, ...]]] = {
    Act.RESOLVE: (Asking.AFTER_PHOTO,),
    Act.RETURN: (Asking.REASON, Asking.WORDS),
    Act.REQUEST_EXTENSION: (Asking.HOURS, Asking.WORDS),
    Act.REQUEST_PAUSE: (Asking.HOURS, Asking.WORDS),
    Act.HAND_ON: (Asking.PERSON,),
    Act.REJECT: (Asking.WORDS,),
    Act.REOPEN: (Asking.WORDS,),
    Act.RAISE: (Asking.WORDS,),
    Act.ASK: (Asking.WORDS,),
    Act.ANSWER: (Asking.WORDS,),
    Act.RATE_REPORT_IN: (Asking.SCORES,),
    Act.TURN_AWAY: (Asking.WORDS,),
    Act.WHISTLE: (Asking.ITEM,),
}
"""What is asked for, in this order; an act that is not named here needs a tap only."""
HOURS: Final = (4, 24, 72)
"""How much more time is offered."""


def missing(act: Choice) -> Asking:
    """What has to be asked for next; `NOTHING` when the act can be done."""
    known = {
        Asking.REASON: act.reason is not None,
        Asking.HOURS: act.hours is not None,
        Asking.PERSON: bool(act.person),
        Asking.ITEM: bool(act.cite),
        Asking.SCORES: len(act.scores) == SCORES,
    }
    return next((need for need in NEEDS.get(act.act or Act.CONTACT, ()) if not known.get(need, False)), Asking.NOTHING)


SCORES: Final = 3
"""A report-in is rated by cooperation, professionalism and responsibility."""


def act_of(
    act: Choice,
    id: str,
    knowledge: Knowledge,
    note: str = "",
    photos: tuple[Photo, ...] = (),
    recordings: tuple[Recording, ...] = (),
) -> ActSubmission:
    """The act, done by this person now."""
    if act.act is None:
        raise ValueError(act)
    scores = (*act.scores, None, None, None)
    is_proof = act.act is Act.RESOLVE
    return ActSubmission(
        id=id, case=act.case, act=act.act, by=knowledge.person, note=note, reason=act.reason, outcome=act.outcome,
        rating=act.rating, hours=act.hours, to=act.person, category=act.category, cite=act.cite,
        after_photos=photos if is_proof else (), photos=() if is_proof else photos,
        recordings=recordings,
        cooperation=scores[0], professionalism=scores[1], responsibility=scores[2],
    )  # fmt: skip
