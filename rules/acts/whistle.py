"""Whistle and report-in 吹哨报到: a street calls several departments at once; they report in, and it rates them."""

from rules.acts.act_context import ActContext, refused
from rules.book.labels import STEP_NAMES, names_of
from rules.book.reasons import because
from rules.routing.assists import Assists, assist_of, assists_now, call, limits_of, reported_in, with_assist
from rules.time.working import due_at
from schemas.case_roles import officer_of
from schemas.command import Outcome
from schemas.event import EventType
from schemas.joint import Assist, ReportInStep, Scores
from schemas.names import Name
from schemas.people import Role
from schemas.rights import may_whistle


def whistle(act: ActContext) -> None:
    """Call departments for an item of the whistle list: those of the item, or those the street names."""
    book, case, command = act.builder.book, act.case, act.command
    cited = book.whistle(command.cite)
    if cited is None:
        raise refused("whistle_needed", items=" / ".join(each.id for each in book.rulebook.whistles))
    if not may_whistle(cited.whistle_class, act.roles):
        raise refused("emergency_only", by=act.name(command.by), item=cited.name)
    codes = (code.strip() for code in (command.to or "").replace("，", ",").split(","))
    named = tuple(dict.fromkeys(code for code in codes if code)) or cited.departments
    for code in named:
        if not book.knows_department(code):
            raise refused("unknown_department", department=code)
    foreign = [code for code in named if code not in cited.departments]
    if foreign:
        raise refused(
            "whistle_not_named",
            item=cited.name,
            departments=names_of(book.department_name(code) for code in foreign),
            named=names_of(book.department_name(code) for code in cited.departments),
            items=" / ".join(each.id for each in book.rulebook.whistles if set(foreign) & set(each.departments)) or "-",
        )
    there = {each.department.code for each in case.assists}
    new = [code for code in named if code not in there]
    if not new:
        raise refused("already_called", departments=names_of(book.department_name(code) for code in named))
    called = call(new, cause="whistle", item=cited.id, limits=limits_of(cited, book), t_ms=act.t_ms, book=book)
    act.happen(
        EventType.WHISTLED,
        because("whistled", by=act.name(command.by), item=cited.name, departments=_names(act, called)),
        facts={"item": cited.id, "departments": [each.department.code for each in called]},
        **act.note("note"),
        **assists_now(case, (*case.assists, *called)),
    )


def sign(act: ActContext) -> None:
    """The called department acknowledges the call."""
    _report_in(act, ReportInStep.SIGN)


def attend(act: ActContext) -> None:
    """The called department is on site."""
    _report_in(act, ReportInStep.ATTEND)


def contact(act: ActContext) -> None:
    """The called department reached the street."""
    _report_in(act, ReportInStep.CONTACT)


def _report_in(act: ActContext, step: ReportInStep) -> None:
    case, policy = act.case, act.builder.book.rulebook.policy
    assist = _own(act)
    if case.outcome is Outcome.WITHDRAWN:
        raise refused("called_off", department=_name(act, assist))
    if step in assist.done:
        raise refused("reported_in", department=_name(act, assist), step=STEP_NAMES[step])
    at_ms = max(act.occurred_ms, assist.called_ms)
    rate_until_ms = due_at(act.t_ms, policy.rating_lapses, act.builder.book.region.calendar)
    after = reported_in(assist, step, at_ms, rate_until_ms)
    act.happen(
        EventType.REPORTED_IN,
        because("reported_in_as", by=act.name(act.command.by), step=STEP_NAMES[step]),
        facts={"department": assist.department.code, "step": step, "on_time": at_ms <= assist.due[step]},
        **act.note("note"),
        **assists_now(case, with_assist(case, after)),
    )


def _own(act: ActContext) -> Assist:
    """The call of the acting officer's department."""
    officer = act.builder.book.person(act.command.by)
    assist = assist_of(act.case, officer.department if officer and Role.DEPARTMENT_OFFICER in officer.roles else None)
    if assist is None:
        raise refused("not_called", by=act.name(act.command.by))
    return assist


def _with_code(act: ActContext, assist: Assist) -> Name:
    """The name of a department with its code, which the act needs."""
    name, code = act.builder.book.department_name(assist.department.code), assist.department.code
    return Name(zh=f"{name.zh}({code})", en=f"{name.en or name.zh} ({code})")


def rate_report_in(act: ActContext) -> None:
    """The street rates a report-in, "as expected" in one tap or with three scores; once, while the window is open."""
    command, case = act.command, act.case
    assist = assist_of(case, command.to)
    if assist is None or assist.cause != "whistle":
        whistled = [each for each in case.assists if each.cause == "whistle"]
        if not whistled:
            raise refused("none_whistled")
        raise refused("rate_whom", departments=names_of(_with_code(act, each) for each in whistled))
    if command.cite is not None and command.cite != assist.item:
        raise refused("rate_other_item", department=_name(act, assist), item=assist.item)
    if officer_of(assist.department.code, command.by, act.builder.book.directory):
        raise refused("own_department")
    if assist.scores is not None:
        raise refused("rated_already", department=_name(act, assist))
    if assist.rate_until_ms is None:
        raise refused("rate_too_early", department=_name(act, assist))
    if act.t_ms > assist.rate_until_ms:
        raise refused("rate_too_late", department=_name(act, assist))
    scores = command.scores or Scores()
    rated = assist.model_copy(update={"scores": scores})
    act.happen(
        EventType.REPORT_IN_RATED,
        because("report_in_rated", by=act.name(command.by), department=_name(act, assist)),
        facts={"department": assist.department.code, **scores.model_dump()},
        **act.note("note"),
        assists=with_assist(case, rated),
    )


def _name(act: ActContext, assist: Assist) -> Name:
    return act.builder.book.department_name(assist.department.code)


def _names(act: ActContext, assists: Assists) -> Name:
    return names_of(_name(act, each) for each in assists)
