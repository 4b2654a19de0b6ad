"""An explanation for programs: everything, in both languages, with rows as their files count them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grid36.review.explain import Explained
from grid36.review.source_positions import Where
from rules.review.explaining.lists import Listed
from rules.review.explaining.rows import LosingRow, Met, Ruling
from rules.review.explaining.terms import Said


def as_answer(explained: Explained, where: Where | None = None) -> dict[str, Any]:
    """For `--json`; `where` are the files of the rulebook, if known."""
    return _Answer(explained, where).whole()


@dataclass(frozen=True, slots=True)
class _Answer:
    """One explanation, with the files of the rulebook, if known."""

    explained: Explained
    where: Where | None = None

    def whole(self) -> dict[str, Any]:
        why, now = self.explained.why, self.explained.decided
        routing, because = why.routing, why.because
        routed = None if routing is None else self._ruling(routing)
        return {
            "outcome": self.explained.outcome,
            "sentence": {"zh": because.zh, "en": because.en},
            "code": because.code,
            "place": self.explained.place and self.explained.place.model_dump(mode="json", exclude_defaults=True),
            "filed": self.explained.filed and asdict(self.explained.filed),
            "version": because.version or self.explained.version,
            "row": because.row,
            "row_number": because.row_number,
            "note": routing.won[0].note if routing and routing.won else "",
            "facts": routed["facts"] if routed else [],
            "lost": routed["lost"] if routed else [],
            "near": routed["near"] if routed else [],
            "routing": routed,
            "list": why.listed and self._listed(why.listed),
            "item": why.listed and why.listed.item and _item(why.listed),
            "gate": self._gate(),
            "limits": {"table": why.limits and self._ruling(why.limits), "said": [self._said(s) for s in why.said]},
            "joint": {"table": why.joint and self._ruling(why.joint), "called": self._called()},
            "assignee": now.get("assignee"),
            "department": (now.get("department") or {}).get("code"),
            "gap": bool(now.get("gap")),
            "deadlines": {str(name): at for name, at in (now.get("deadlines") or {}).items()},
        }

    def _row(self, sheet: str, row: str, number: int) -> dict[str, Any]:
        place = self.where.row(sheet, number) if self.where and number else None
        at = {"sheet": place.sheet if place else sheet, "sheet_row": place.row if place else None}
        return {"row": row, "number": number or None, **at}

    def _ruling(self, ruling: Ruling) -> dict[str, Any]:
        def lost(rows: Sequence[LosingRow]) -> list[dict[str, Any]]:
            return [{**self._row(ruling.sheet, row.row, row.number), "why": row.why.model_dump()} for row in rows]

        return {
            "table": ruling.sheet,
            "policy": ruling.policy,
            "won": [
                {
                    **self._row(ruling.sheet, row.row, row.number),
                    "then": row.then,
                    "note": row.note,
                    "facts": _met(row.met),
                }
                for row in ruling.won
            ],
            "facts": _met(ruling.facts),
            "lost": lost(ruling.lost),
            "near": lost(ruling.near),
            "others": ruling.others,
            "default": ruling.default,
            "conflict": ruling.conflict,
        }

    def _listed(self, listed: Listed) -> dict[str, Any]:
        over = [{**self._row("items", row.row, row.number), "why": row.why.model_dump()} for row in listed.passed_over]
        item = listed.item
        if item is None or listed.number is None:
            return {"item": None, "passed_over": over}
        return {
            "item": {
                **self._row("items", item.id, listed.number),
                **item.model_dump(mode="json", include={"level", "verdict", "life", "valid_from", "valid_to", "lead"}),
            },
            "named_by": listed.by and listed.by.model_dump(),
            "passed_over": over,
        }

    def _gate(self) -> dict[str, Any] | None:
        gate = self.explained.why.gate
        if gate is None:
            return None
        return {
            "pushed_by": gate.pushed_by,
            "passes": gate.passes,
            "admitted": gate.admitted,
            "approver": gate.approver,
            "why": gate.why.model_dump(),
            "list": self._listed(gate.listed),
        }

    def _said(self, said: Said) -> dict[str, Any]:
        return {
            "clock": said.clock,
            "name": said.name and said.name.model_dump(),
            "limit": said.limit,
            "by": said.by,
            **({} if (row := self.explained.why.source(said)) is None else self._row(*row)),
        }

    def _called(self) -> list[dict[str, Any]]:
        by_list = [
            {
                "department": each.department,
                "called": not each.leads,
                "rows": [self._row("joint", row.row, row.number) for row in each.rows],
                "dual_item": each.by_item,
                "whistle": None,
            }
            for each in self.explained.why.called
        ]
        by_whistle = [
            {"department": code, "called": True, "rows": [], "dual_item": False, "whistle": why.model_dump()}
            for code, why in self.explained.whistled
        ]
        return [*by_list, *by_whistle]


def _item(listed: Listed) -> dict[str, Any]:
    assert listed.item is not None, "only of what is on the list"
    return {"id": listed.item.id, "name": listed.item.name.model_dump(), "basis": listed.item.basis}


def _met(met: Sequence[Met]) -> list[dict[str, Any]]:
    return [{"fact": each.fact, "value": each.value, "cell": each.cell} for each in met]
