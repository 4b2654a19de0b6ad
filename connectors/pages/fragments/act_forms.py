"""The acts that a person can do to a case now, each as a form. The rules make the final decision."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final
from urllib.parse import quote

import htpy as h

from connectors.pages.fragments.roles import ON_PAGE
from connectors.pages.html.inputs import (
    button,
    form,
    hidden,
    line_input,
    more,
    photo_input,
    radios,
    select,
    words_input,
)
from connectors.pages.html.select_options import assignees, executors, items_to_cite
from connectors.pages.html.viewer import Viewer
from schemas.case import Case, Deadline
from schemas.command import Act, Outcome, Rating, ReturnReason
from schemas.items import AfterPhoto
from schemas.people import Role
from schemas.report import ReportKind
from schemas.rights import COLLIDING, CaseRole, may

RATED: Final = {Rating.SATISFIED: "check", Rating.DISSATISFIED: "cross"}


def act_address(number: str, role: str) -> str:
    """The URL to which acts on a case are posted; without script it redirects to the case's page for `role`."""
    return f"/case/{quote(number, safe='')}/acts?role={role}"


class Acts:
    """Forms for one person on one case, on the page of `role`; `near` are cases it could be merged into."""

    def __init__(self, viewer: Viewer, case: Case, by: str, role: str, near: Sequence[Case] = ()) -> None:
        self.viewer, self.case, self.by, self.role, self.near = viewer, case, by, role, near
        self.words = viewer.words

    @cached_property
    def parts(self) -> frozenset[CaseRole]:
        """The person's roles in the case, limited to those of this page."""
        return self.viewer.parts_of(self.case, self.by) & ON_PAGE[self.role]

    def may(self, act: Act) -> bool:
        """True if the person may do the act now."""
        return may(act, self.case, self.parts)

    @property
    def has_it(self) -> bool:
        """True if the person has the job or does the work, and so can report that the reporter was reached."""
        return self.may(Act.CONTACT) and not self.parts.isdisjoint({CaseRole.ASSIGNEE, CaseRole.EXECUTOR})

    def form(self, act: Act, *children: h.Node, **fields: h.Attribute) -> h.Element:
        """The form of an act."""
        seen = {"seen": self.case.seq} if act in COLLIDING else {}
        named = hidden(act=act.value, by=self.by, **seen, **fields)
        return form(act_address(self.case.number, self.role), named, children, class_=f"act {act.value}")

    def simple(
        self, act: Act, pictogram: str = "", kind: str = "", *, title: str = "", **fields: h.Attribute
    ) -> h.Element:
        """An act that needs only a tap."""
        return self.form(act, button(title or self.words("act." + act), pictogram, kind), **fields)

    def said(self, act: Act, hint: str, *, title: str = "", required: bool = True) -> h.Element:
        """An act that needs a text."""
        area = words_input(self.viewer, self.words(hint), required=required)
        return self.form(act, area, button(title or self.words("act." + act), "sent"))

    def with_words(
        self, act: Act, hint: str, pictogram: str, *, title: str = "", required: bool = True
    ) -> h.Element | None:
        """An act that needs a text, collapsed; None if the person may not do it."""
        if not self.may(act):
            return None
        title = title or self.words("act." + act)
        return more(title, self.said(act, hint, title=title, required=required), pictogram=pictogram)

    def add(self) -> h.Element | None:
        """Add a text to an open case."""
        return self.with_words(Act.ANSWER, "hint.add", "plus", title=self.words("act.add"))

    def raise_up(self) -> h.Element | None:
        """Raise it, if this level cannot solve it and there is a higher one."""
        if self.viewer.gateway.directory.next_rung(self.case, self.by) is None:
            return None
        return self.with_words(Act.RAISE, "hint.raise", "up")

    def reopen(self) -> h.Element | None:
        """Reopen a closed case that is not fixed, within the window."""
        return self.with_words(Act.REOPEN, "hint.reopen", "redo") if self.is_disputable() else None

    def is_disputable(self) -> bool:
        """True if the result can still be disputed."""
        case, limit = self.case, self.viewer.gateway.rulebook.policy.reopen_limit
        able = case.outcome is not Outcome.WITHDRAWN and case.reopenings < limit
        return able and self._still(case.reopen_until_ms)

    def withdraw(self) -> h.Element | None:
        """Withdraw a mistaken report; not while others follow the case."""
        followed = any(follower.reporter != self.by for follower in self.case.followers)
        return None if followed else self.with_words(Act.WITHDRAW, "hint.withdraw", "back", required=False)

    def rate(self) -> h.Element | None:
        """Rate a closed case; the current rating is not offered again."""
        case, words = self.case, self.words
        own = case.self_handled or case.outcome is Outcome.WITHDRAWN
        if own or not self.may(Act.RATE) or not self._still(case.rate_until_ms):
            return None
        said = h.p[words("rate.said", rating=words("rating." + case.rating))] if case.rating else None
        left = [rating for rating in Rating if rating is not case.rating]
        taps = [
            self.form(Act.RATE, button(words("rating." + rating), RATED[rating]), rating=rating.value)
            for rating in left
        ]
        title = said or h.p[h.b[words("rate.title")]]
        return h.div(".rate")[title, h.div(".row")[taps]]

    def _still(self, until_ms: int | None) -> bool:
        """True if a window of a closed case is open."""
        return Deadline.ARCHIVE in self.case.deadlines and (until_ms is None or self.viewer.now_ms <= until_ms)

    # for the person who has the job

    def done(self) -> h.Element | None:
        """Resolve: the after-photo and the outcome, or the answer to a question."""
        if not self.may(Act.RESOLVE):
            return None
        words, case = self.words, self.case
        if case.kind is ReportKind.QUESTION and CaseRole.ASSIGNEE in self.parts:
            return h.section(".done")[h.h3[words("done.answer")], self.said(Act.ANSWER, "hint.reply")]
        category = self.viewer.category_of(case)
        needed = case.duty is None and category is not None and category.after_photo is AfterPhoto.REQUIRED
        ends = [Outcome.FIXED, Outcome.TEMPORARY_MEASURE, Outcome.HANDLED_BY_ANOTHER]
        if not needed:
            ends.append(Outcome.NOTHING_FOUND)
        done = self.form(
            Act.RESOLVE,
            photo_input(self.viewer, words("photo.after"), required=needed),
            select(words("outcome"), "outcome", [(o.value, words("outcome." + o)) for o in ends]),
            words_input(self.viewer, words("hint.done")),
            button(words("act.resolve"), "check", "main big"),
        )
        nothing = self.form(
            Act.RESOLVE,
            words_input(self.viewer, words("hint.nothing"), required=True),
            button(words("act.nothing"), "check"),
            outcome=Outcome.NOTHING_FOUND.value,
        )
        rest = more(words("act.nothing"), nothing) if needed else None
        return h.section(".done")[h.h3[words("done.title")], done, rest]

    def hand_on(self) -> h.Element | None:
        """Hand the work to somebody else."""
        people = executors(self.viewer, self.case) if self.may(Act.HAND_ON) else []
        if not people:
            return None
        words = self.words
        inner = self.form(
            Act.HAND_ON,
            h.p(".quiet")[words("hint.hand_on")],
            select(words("executor"), "to", people),
            words_input(self.viewer, words("note")),
            button(words("act.hand-on"), "sent"),
        )
        return more(words("act.hand-on"), inner, pictogram="person")

    def not_mine(self) -> h.Element | None:
        """Send it back with a reason or the responsible item; not by the fallback owner, nor too often."""
        gateway, case = self.viewer.gateway, self.case
        last = gateway.region.fallback_owner in {case.assignee, case.accountable}
        if not self.may(Act.RETURN) or last or case.returns >= gateway.rulebook.policy.return_cap:
            return None
        words, person = self.words, self.viewer.person(self.by)
        if person is not None and Role.DEPARTMENT_OFFICER in person.roles:
            why = [
                select(words("cite"), "cite", items_to_cite(self.viewer, self.case, self.by)),
                words_input(self.viewer, words("note")),
            ]
        else:
            reasons = [(reason.value, words("reason." + reason)) for reason in ReturnReason]
            why = [
                radios(words("reason"), "reason", reasons),
                words_input(self.viewer, words("hint.return"), marked=False),
            ]
            why.append(photo_input(self.viewer, words("photo.add")))
        inner = self.form(Act.RETURN, why, button(words("act.return"), "back"))
        return more(words("act.return"), inner, pictogram="back")

    def ask_for_time(self, act: Act, pictogram: str) -> h.Element | None:
        """Request a pause or an extension, unless one is already requested."""
        if self.case.request is not None or not self.may(act):
            return None
        words = self.words
        inner = self.form(
            act,
            line_input(self.viewer, words("hours"), "hours", type="number", min=1, max=8760, value=24, required=True),
            words_input(self.viewer, words("hint.request"), required=True),
            button(words("act." + act), "sent"),
        )
        return more(words("act." + act), inner, pictogram=pictogram)

    # for the person who supervises

    def decide(self) -> h.Element | None:
        """Approve or deny a request; a person's own request is only shown."""
        request = self.case.request
        if request is None or not self.may(Act.APPROVE):
            return None
        words = self.words
        said = h.p[words(f"request.{request.kind}", who=self.viewer.name(request.by), hours=request.hours)]
        if request.by == self.by:
            return h.div(".request")[said, h.p(".quiet")[words("request.own")]]
        both = [self.simple(Act.APPROVE, "check", "main"), self.simple(Act.DENY, "cross")]
        return h.div(".request")[said, h.div(".row")[both]]

    def assign(self) -> h.Element | None:
        """Reassign it to a named person."""
        if not self.may(Act.ASSIGN):
            return None
        words = self.words
        to = select(words("person"), "to", assignees(self.viewer, self.case, self.by), self.case.assignee or "")
        inner = self.form(Act.ASSIGN, to, words_input(self.viewer, words("note")), button(words("act.assign"), "sent"))
        return more(words("act.assign"), inner, pictogram="person")

    def urge(self) -> h.Element | None:
        """Hurry the person who has it."""
        return self.with_words(Act.URGE, "hint.urge", "clock", required=False)

    # for the reporter or an inspector

    def verdict(self, kind: str = "big") -> h.Element | None:
        """Verify: fixed, or not fixed and why."""
        if not self.may(Act.VERIFY):
            return None
        words = self.words
        no = self.form(
            Act.REJECT,
            words_input(self.viewer, words("hint.not_fixed"), required=True),
            photo_input(self.viewer, words("photo.add")),
            button(words("act.reject"), "sent", "bad"),
        )
        refuse = more(words("act.reject"), no, pictogram="cross") if self.may(Act.REJECT) else None
        return h.div(".verdict")[self.simple(Act.VERIFY, "check", f"main {kind}"), refuse]
