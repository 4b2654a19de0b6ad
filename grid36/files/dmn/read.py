"""Reads decision tables from DMN that strangers made: bounded, without DTD and entities, each fault with its place."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from grid36.files.dmn.faults import DmnPlace, DmnProblem, DmnUnreadable
from grid36.files.dmn.feel import NotFeel, read_cell, read_value
from grid36.files.dmn.names import ID, MODELS, OURS, PRIORITY, READ, READ_POLICIES, SLOTS
from schemas.mistake_words import said_apart
from schemas.names import Name
from schemas.rulebook import Rulebook
from schemas.table import Table, kind_of

MOST_BYTES: Final = 5_000_000
FIRST_PRIORITY: Final = 1_000
RULE: Final = "is rule"
"""Which one, from 1."""
DEFAULT: Final = "is the default"
"""Marks a row that stands for what holds when no row matches."""


def read_dmn(content: bytes, base: Rulebook) -> Rulebook:
    """`base` with the tables of a DMN file instead of its own. Raises `DmnUnreadable` with all faults.

    Tables that the file does not have stay as they are.
    """
    reader = _Reader(_root(content))
    tables = reader.tables()
    if not tables and not reader.problems:
        reader.add(DmnPlace(), "no_table", known=", ".join(SLOTS))
    if reader.problems:
        raise DmnUnreadable.of(reader.problems)
    try:
        return Rulebook.model_validate(base.model_copy(update=tables).model_dump(mode="json"))
    except ValidationError as error:
        raise DmnUnreadable.of(list(_of_model(error, DmnPlace()))) from None


def _root(content: bytes) -> Element:
    if len(content) > MOST_BYTES:
        raise _unreadable("too_large", most=MOST_BYTES // 1_000_000)
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise _unreadable("dtd") from None
    except (ParseError, ValueError, LookupError) as fault:
        raise _unreadable("no_xml", fault=str(fault)[:200]) from None
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    if namespace not in MODELS or root.tag != f"{{{namespace}}}definitions":
        raise _unreadable("no_dmn", versions=", ".join(READ), found=root.tag[:100])
    return root


class _Reader:
    """Collects the tables and the faults of one file."""

    def __init__(self, root: Element) -> None:
        self._root, self._m = root, root.tag.partition("}")[0] + "}"
        self.problems: list[DmnProblem] = []

    def add(self, place: DmnPlace, key: str, **facts: object) -> None:
        self.problems.append(DmnProblem(place, Name.of(f"dmn.{key}", **facts)))

    def tables(self) -> dict[str, Table]:
        """By the name that a rulebook has for them."""
        found: dict[str, Table] = {}
        for decision in self._root.findall(f"{self._m}decision"):
            id, name = decision.get("id", ""), decision.get("name", "")
            place = DmnPlace(name or id)
            slot = next((each for each in (id, name) if each in SLOTS), None)
            grid = decision.find(f"{self._m}decisionTable")
            if slot is None:
                self.add(place, "no_slot", known=", ".join(SLOTS))
            elif grid is None:
                self.add(place, "no_decision_table")
            elif slot in found:
                self.add(place, "slot_twice", slot=slot)
            elif (table := self._table(grid, name or slot, place)) is not None:
                found[slot] = table
        for kind in ("businessKnowledgeModel", "decisionService", "import"):
            if self._root.find(f"{self._m}{kind}") is not None:
                self.add(DmnPlace(), "no_such_part", part=kind)
        return found

    def _table(self, grid: Element, name: str, place: DmnPlace) -> Table | None:
        before = len(self.problems)
        policy = self._policy(grid, place)
        inputs = list(self._inputs(grid, place))
        outputs = [each.get("name", "") for each in grid.findall(f"{self._m}output")]
        for number, output in enumerate(outputs, 1):
            if not output:
                self.add(place, "output_name", number=number)
        annotations = [each.get("name", "") for each in grid.findall(f"{self._m}annotation")]
        rows = list(self._rows(grid, inputs, outputs, annotations, place))
        default = self._default(grid, outputs, place)
        if rows and rows[-1][1].pop(DEFAULT, False) and not rows[-1][1]["when"]:
            default = rows.pop()[1]["then"]
        for _, row in rows:
            row.pop(DEFAULT, None)
        if len(self.problems) > before:
            return None
        placed = [row for _, row in sorted(rows, key=lambda row: row[0])]
        fields: dict[str, Any] = {
            "name": name, "hit_policy": policy, "inputs": inputs, "default": default,
            "rows": [{name: value for name, value in row.items() if name != RULE} for row in placed],
        }  # fmt: skip
        try:
            return Table.model_validate(fields)
        except ValidationError as error:
            self.problems += _of_model(error, place, [row[RULE] for row in placed])
            return None

    def _policy(self, grid: Element, place: DmnPlace) -> str:
        policy = grid.get("hitPolicy", "UNIQUE")
        if policy not in READ_POLICIES or grid.get("aggregation"):
            known = ", ".join(READ_POLICIES)
            self.add(place, "policy", policy=" ".join((policy, grid.get("aggregation", ""))).strip(), known=known)
            return "F"
        if grid.get("preferredOrientation", "Rule-as-Row") not in {"Rule-as-Row", "Rule-as-Column", "CrossTable"}:
            self.add(place, "no_such_part", part="preferredOrientation")
        ours = grid.get(f"{{{OURS}}}hitPolicy")
        return "P" if policy == "FIRST" and ours == "P" else READ_POLICIES[policy]

    def _inputs(self, grid: Element, place: DmnPlace) -> Iterator[str]:
        for number, column in enumerate(grid.findall(f"{self._m}input"), 1):
            asked = column.findtext(f"{self._m}inputExpression/{self._m}text", "").strip()
            if kind_of(asked) is None:
                self.add(place, "input_fact", number=number, found=asked[:100] or "-")
            yield asked

    def _default(self, grid: Element, outputs: Sequence[str], place: DmnPlace) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for output, column in zip(outputs, grid.findall(f"{self._m}output"), strict=True):
            text = column.findtext(f"{self._m}defaultOutputEntry/{self._m}text")
            value = self._value(text or "", place._replace(column=output))
            if value is not None:
                found[output] = value
        return found or ({} if grid.get(f"{{{OURS}}}default") == "empty" else None)

    def _rows(
        self,
        grid: Element,
        inputs: Sequence[str],
        outputs: Sequence[str],
        annotations: Sequence[str],
        place: DmnPlace,
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        priority, position = FIRST_PRIORITY, -1
        for number, rule in enumerate(grid.findall(f"{self._m}rule"), 1):
            at = place._replace(rule=number)
            said = dict(zip(annotations, self._texts(rule, "annotationEntry"), strict=False))
            when, then = self._texts(rule, "inputEntry"), self._texts(rule, "outputEntry")
            if (len(when), len(then)) != (len(inputs), len(outputs)):
                self.add(at, "cells", inputs=len(inputs), outputs=len(outputs))
                continue
            earlier, priority = priority, self._priority(said.get(PRIORITY, ""), priority, at)
            if number > 1 and priority < earlier:
                self.add(at, "priority_order", priority=priority, earlier=earlier)
            position = _whole(rule.get(f"{{{OURS}}}position", ""), position)
            row: dict[str, Any] = {
                RULE: number,
                "id": said.get(ID, "").strip() or f"rule-{number}",
                "priority": priority,
                "when": dict(self._conditions(inputs, when, rule, at)),
                "then": {
                    output: value
                    for output, text in zip(outputs, then, strict=True)
                    if (value := self._value(text, at._replace(column=output))) is not None
                },
            }
            if (note := rule.find(f"{self._m}description")) is not None:
                row["note"] = note.text or ""
            if rule.get(f"{{{OURS}}}default") == "rule":
                row[DEFAULT] = True
            yield position, row

    def _conditions(
        self, inputs: Sequence[str], texts: Sequence[str], rule: Element, place: DmnPlace
    ) -> Iterator[tuple[str, Any]]:
        said = set(rule.get(f"{{{OURS}}}any", "").split())
        for fact, text in zip(inputs, texts, strict=True):
            try:
                cell = read_cell(text, kind_of(fact) or "text")
            except NotFeel as fault:
                self.problems.append(DmnProblem(place._replace(column=fact), fault.text))
            except ValidationError as error:
                self.problems += _of_model(error, place._replace(column=fact))
            else:
                if not cell.is_any or fact in said:
                    yield fact, cell

    def _value(self, text: str, place: DmnPlace) -> Any:
        try:
            return read_value(text)
        except NotFeel as fault:
            self.problems.append(DmnProblem(place, fault.text))
            return None

    def _priority(self, text: str, before: int, place: DmnPlace) -> int:
        if not text.strip():
            return before
        found = _whole(text, -1)
        if found < 1:
            self.add(place, "priority", found=text.strip()[:50])
            return before
        return found

    def _texts(self, rule: Element, name: str) -> list[str]:
        return [each.findtext(f"{self._m}text") or "" for each in rule.findall(f"{self._m}{name}")]


def _whole(text: str, otherwise: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _of_model(error: ValidationError, place: DmnPlace, rules: Sequence[int] = ()) -> Iterator[DmnProblem]:
    """What a table may not be; `rules` are the numbers of its rows."""
    for detail in error.errors(include_url=False):
        match detail["loc"]:
            case ("rows", int() as index, *rest) if index < len(rules):
                place = place._replace(rule=rules[index], column=str(rest[1]) if len(rest) > 1 else "")
        for zh, en in said_apart(detail):
            yield DmnProblem(place, Name(zh=zh, en=en))


def _unreadable(key: str, **facts: object) -> DmnUnreadable:
    return DmnUnreadable.of([DmnProblem(DmnPlace(), Name.of(f"dmn.{key}", **facts))])
