"""The acts that a role can do to a case as it stands, as forms. Whether an act is legal is decided behind the log."""

from collections.abc import Iterable
from urllib.parse import quote

from connectors.pages.inputs import (
    Option,
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
from connectors.pages.markup import Html, tag
from connectors.pages.people import HANDLERS, with_roles
from connectors.pages.viewer import Viewer
from schemas.case import WORKING, Case, State
from schemas.command import Act, Outcome, ReturnReason
from schemas.people import Role
from schemas.report import ReportKind
from schemas.rulebook import AfterPhoto, Verdict

S = State


def act_address(number: str, role: str) -> str:
    """Where acts on a case are posted; without script the answer is the page of the case for `role`."""
    return f"/case/{quote(number, safe='')}/acts?role={role}"


class Acts:
    """Forms for one person on one case."""

    def __init__(self, viewer: Viewer, case: Case, by: str, role: str) -> None:
        self.viewer, self.case, self.by, self.role = viewer, case, by, role
        self.words = viewer.words

    def form(self, act: Act, *children: object, **fields: object) -> Html:
        """The form of one act."""
        named = hidden(act=act.value, by=self.by, **fields)
        return form(act_address(self.case.number, self.role), named, children, class_=f"act {act.value}")

    def simple(self, act: Act, pictogram: str = "", kind: str = "", **fields: object) -> Html:
        """An act that needs nothing but a tap."""
        return self.form(act, button(self.words("act." + act), pictogram, kind), **fields)

    def said(self, act: Act, hint: str, *, title: str = "", required: bool = True) -> Html:
        """An act that needs words."""
        area = words_input(self.viewer, self.words(hint), required=required)
        return self.form(act, area, button(title or self.words("act." + act), "sent"))

    def with_words(self, act: Act, hint: str, pictogram: str, *, required: bool = True) -> Html:
        """An act that needs words, folded away."""
        return more(self.words("act." + act), self.said(act, hint, required=required), pictogram=pictogram)

    # the one who has the job

    def of_handler(self) -> Html:
        """What the assignee or the executor can do."""
        case, words = self.case, self.words
        if case.state not in WORKING | {S.SUSPENDED}:
            return tag("p", words("acts.none"), class_="quiet")
        first = [self.simple(Act.ACKNOWLEDGE, "check", "main")] if case.state is S.DISPATCHED else []
        if case.contacted_ms is None:
            first.append(self.simple(Act.CONTACT, "here"))
        if case.state is S.SUSPENDED:
            first.append(self.simple(Act.RESUME, "redo"))
        folded = [self._hand_on(), self.with_words(Act.ASK, "hint.ask", "ask")]
        if case.state in WORKING:
            folded += [self._not_mine(), *self._requests(), self.with_words(Act.RAISE, "hint.raise", "plus")]
        return tag("div", tag("div", first, class_="row"), self._done(), tag("div", folded, class_="folded"))

    def _done(self) -> Html:
        words, case = self.words, self.case
        if case.kind is ReportKind.QUESTION:
            return tag("section", tag("h3", words("done.answer")), self.said(Act.ANSWER, "hint.reply"))
        category = self.viewer.category_of(case)
        needed = category is not None and category.after_photo is AfterPhoto.REQUIRED
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
        return tag(
            "section", tag("h3", words("done.title")), done, more(words("act.nothing"), nothing) if needed else None,
            class_="done",
        )  # fmt: skip

    def _hand_on(self) -> Html:
        words = self.words
        inner = self.form(
            Act.HAND_ON,
            tag("p", words("hint.hand_on"), class_="quiet"),
            select(words("executor"), "to", _executors(self.viewer, self.case)),
            words_input(self.viewer, words("note")),
            button(words("act.hand-on"), "sent"),
        )
        return more(words("act.hand-on"), inner, pictogram="person")

    def _not_mine(self) -> Html:
        words, person = self.words, self.viewer.person(self.by)
        if person is not None and Role.DEPARTMENT_OFFICER in person.roles:
            why = [
                select(words("cite"), "cite", _items(self.viewer, self.case)),
                words_input(self.viewer, words("note")),
            ]
        else:
            reasons = [(reason.value, words("reason." + reason)) for reason in ReturnReason]
            why = [radios(words("reason"), "reason", reasons), words_input(self.viewer, words("hint.return"))]
            why.append(photo_input(self.viewer, words("photo.add")))
        return more(
            words("act.return"), self.form(Act.RETURN, why, button(words("act.return"), "back")), pictogram="back"
        )

    def _requests(self) -> Iterable[Html]:
        words = self.words
        if self.case.request is not None:
            return
        for act, pictogram in ((Act.REQUEST_PAUSE, "pause"), (Act.REQUEST_EXTENSION, "clock")):
            inner = self.form(
                act,
                line_input(
                    self.viewer, words("hours"), "hours", type="number", min=1, max=8760, value=24, required=True
                ),
                words_input(self.viewer, words("hint.request"), required=True),
                button(words("act." + act), "sent"),
            )
            yield more(words("act." + act), inner, pictogram=pictogram)

    # the one who watches

    def decide(self) -> Html | None:
        """Approve or deny what was asked for."""
        request = self.case.request
        if request is None:
            return None
        words = self.words
        said = words(f"request.{request.kind}", who=self.viewer.name(request.by), hours=request.hours)
        both = [self.simple(Act.APPROVE, "check", "main"), self.simple(Act.DENY, "cross")]
        return tag("div", tag("p", said), tag("div", both, class_="row"), class_="request")

    def of_supervisor(self) -> Html:
        """What somebody above can do."""
        case, words = self.case, self.words
        person = self.viewer.person(self.by)
        parts: list[object] = [self.decide()]
        if case.state in WORKING | {S.SUSPENDED, S.RETURNED, S.RESOLVED}:
            parts.append(self.with_words(Act.URGE, "hint.urge", "clock", required=False))
        if case.state is S.SUSPENDED:
            parts.append(self.simple(Act.RESUME, "redo"))
        if case.state in WORKING:
            to = select(words("person"), "to", with_roles(self.viewer, HANDLERS), case.assignee or "")
            inner = self.form(
                Act.ASSIGN, to, words_input(self.viewer, words("note")), button(words("act.assign"), "sent")
            )
            parts.append(more(words("act.assign"), inner, pictogram="person"))
            parts.append(self.with_words(Act.RAISE, "hint.raise", "plus"))
        if person is not None and Role.INSPECTOR in person.roles and case.state is S.RESOLVED:
            parts.append(self.verdict())
        if case.state is S.MERGED:
            parts.append(self.simple(Act.SPLIT, "join"))
        shown = [part for part in parts if part is not None]
        return tag("div", shown or tag("p", words("acts.none"), class_="quiet"), class_="folded")

    # the one who reported

    def verdict(self, kind: str = "big") -> Html:
        """Fixed, or not fixed and why."""
        words = self.words
        no = self.form(
            Act.REJECT,
            words_input(self.viewer, words("hint.not_fixed"), required=True),
            photo_input(self.viewer, words("photo.add")),
            button(words("act.reject"), "sent", "bad"),
        )
        refuse = more(words("act.reject"), no, pictogram="cross")
        return tag("div", self.simple(Act.VERIFY, "check", f"main {kind}"), refuse, class_="verdict")


def _executors(viewer: Viewer, case: Case) -> list[Option | tuple[str, list[Option]]]:
    """Those of the segment first, then those of the department, then all others who do such work."""
    segment, region = viewer.segment(case), viewer.gateway.region
    near = set(segment.executors) if segment else set()
    code = case.department.code if case.department else ""
    groups: dict[str, list[Option]] = {"executors.segment": [], "executors.department": [], "executors.other": []}
    for person in region.persons:
        if Role.EXECUTOR in person.roles:
            own = person.department == code
            key = "segment" if person.id in near else "department" if own else "other"
            groups["executors." + key].append((person.id, person.name.to(viewer.language)))
    named = [(viewer.words(key), people[:60]) for key, people in groups.items() if people]
    return [*named] or [*with_roles(viewer, HANDLERS)]


def _items(viewer: Viewer, case: Case) -> list[Option]:
    """Items of the list that a desk can cite: those it does not handle or does not lead first."""
    own = case.department.code if case.department else None
    ranked = sorted(viewer.gateway.rulebook.items, key=lambda i: (i.verdict is not Verdict.REFUSE, i.lead == own, i.id))
    return [(item.id, f"{item.id} {item.name.to(viewer.language)}") for item in ranked[:120]]
