"""Writes the decision tables of a rulebook as DMN: one decision for each, an input for each fact, and a diagram.

Rules stand by priority. Their ids and priorities are annotations, their notes descriptions.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from grid36.files.dmn.diagram import add_diagram
from grid36.files.dmn.faults import NotSayableInXml
from grid36.files.dmn.feel import Value, written_cell, written_value
from grid36.files.dmn.names import ID, OURS, POLICIES, PRIORITY, SLOTS, VERSIONS
from grid36.files.rulebook.decisions import FACT_NAMES, OUTPUT_NAMES, OUTPUTS
from schemas.names import Language
from schemas.rulebook import Rulebook
from schemas.table import Outputs, Row, Table

_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES: Final = {"text": "string", "number": "number"}


def write_dmn(rulebook: Rulebook, language: Language = Language.ZH, version: str = "1.5") -> bytes:
    """All tables of a rulebook; column labels in `language`. Raises `NotSayableInXml`."""
    address = VERSIONS[version]
    model = f"{address}MODEL/"
    for prefix, namespace in (("", model), ("dmndi", f"{address}DMNDI/"), ("grid36", OURS)):
        register_namespace(prefix, namespace)
    tables = {name: table for name in SLOTS if (table := getattr(rulebook, name)) is not None}
    root = Element(f"{{{model}}}definitions", id="rulebook", name=_sayable(rulebook.name) or "rulebook", namespace=OURS)
    facts = dict.fromkeys(each.name for table in tables.values() for each in table.inputs)
    kinds = {each.name: each.kind for table in tables.values() for each in table.inputs}
    for fact in facts:
        data = SubElement(root, f"{{{model}}}inputData", id=f"input-{fact}", name=fact)
        SubElement(data, f"{{{model}}}variable", name=fact, typeRef=_TYPES[kinds[fact]])
    for name, table in tables.items():
        _Decision(model, name, table, language).add_to(root)
    add_diagram(root, address, tables)
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


class _Decision:
    """One table as a decision."""

    def __init__(self, model: str, name: str, table: Table, language: Language) -> None:
        self._model, self._name, self._table, self._zh = model, name, table, language is Language.ZH
        said = [*(output for row in table.rows for output in row.then), *(table.default or {})]
        self._outputs = tuple(dict.fromkeys((*OUTPUTS[name], *said)))
        self._as_rule = POLICIES[table.hit_policy] == "FIRST" and bool(table.default)
        """Whether the default is the last rule: engines pass over a default that leaves an output open."""

    def add_to(self, root: Element) -> None:
        table = self._table
        decision = self._sub(root, "decision", id=self._name, name=table.name)
        self._sub(decision, "variable", name=table.name)
        for each in table.inputs:
            need = self._sub(decision, "informationRequirement", id=f"{self._name}-needs-{each.name}")
            self._sub(need, "requiredInput", href=f"#input-{each.name}")
        grid = self._sub(decision, "decisionTable", id=f"{self._name}-table", hitPolicy=POLICIES[table.hit_policy])
        if table.hit_policy == "P":
            grid.set(f"{{{OURS}}}hitPolicy", "P")
        if table.default == {}:
            grid.set(f"{{{OURS}}}default", "empty")
        for each in table.inputs:
            label = FACT_NAMES.get(each.name, each.name) if self._zh else each.name
            column = self._sub(grid, "input", id=f"{self._name}-in-{each.name}", label=label)
            asked = self._sub(column, "inputExpression", typeRef=_TYPES[each.kind])
            self._text(asked, each.name)
        for number, output in enumerate(self._outputs, 1):
            self._add_output(grid, number, output)
        for name in (ID, PRIORITY):
            self._sub(grid, "annotation", name=name)
        ordered = sorted(enumerate(table.rows), key=lambda one: one[1].priority)
        moved = [at for at, _ in ordered] != sorted(at for at, _ in ordered)
        for number, (at, row) in enumerate(ordered, 1):
            self._add_rule(grid, number, row, at if moved else None)
        if self._as_rule:
            last = self._sub(grid, "rule", {f"{{{OURS}}}default": "rule"}, id=f"{self._name}-default")
            for _ in table.inputs:
                self._text(self._sub(last, "inputEntry"), "-")
            self._add_values(last, table.default or {})
            for text in ("default", ""):
                self._text(self._sub(last, "annotationEntry"), text)

    def _add_output(self, grid: Element, number: int, output: str) -> None:
        label = OUTPUT_NAMES.get(output, output) if self._zh else output
        column = self._sub(
            grid, "output", id=f"{self._name}-out-{number}", name=_sayable(output), label=_sayable(label)
        )
        values = [row.then[output] for row in self._table.rows if output in row.then]
        default = (self._table.default or {}).get(output)
        if kind := _type_of([*values, *([default] if default is not None else [])]):
            column.set("typeRef", kind)
        if default is not None and not self._as_rule:
            self._text(self._sub(column, "defaultOutputEntry"), written_value(default))

    def _add_rule(self, grid: Element, number: int, row: Row, at: int | None) -> None:
        rule = self._sub(grid, "rule", id=f"{self._name}-rule-{number}")
        if at is not None:
            rule.set(f"{{{OURS}}}position", str(at))
        if row.note is not None:
            self._sub(rule, "description").text = _sayable(row.note)
        for each in self._table.inputs:
            self._text(self._sub(rule, "inputEntry"), written_cell(row.cell(each.name)))
            if each.name in row.when and row.when[each.name].is_any:
                rule.set(f"{{{OURS}}}any", " ".join((*rule.get(f"{{{OURS}}}any", "").split(), each.name)))
        self._add_values(rule, row.then)
        for text in (row.id, str(row.priority)):
            self._text(self._sub(rule, "annotationEntry"), _sayable(text))

    def _add_values(self, rule: Element, then: Outputs) -> None:
        for output in self._outputs:
            value = then.get(output)
            self._text(self._sub(rule, "outputEntry"), "null" if value is None else written_value(value))

    def _sub(self, parent: Element, tag: str, more: dict[str, str] | None = None, /, **attributes: str) -> Element:
        return SubElement(parent, f"{{{self._model}}}{tag}", attributes | (more or {}))

    def _text(self, parent: Element, text: str) -> None:
        self._sub(parent, "text").text = text


def _type_of(values: list[Value]) -> str | None:
    """The type of a column; None where its values are of several, or there is none."""
    kinds = {bool: "boolean", int: "number", str: "string"}
    found = {kinds.get(type(value)) for value in values}
    return found.pop() if len(found) == 1 else None


def _sayable(text: str) -> str:
    if _NOT_XML.search(text):
        raise NotSayableInXml(text=ascii(text))
    return text
