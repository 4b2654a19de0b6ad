#!/usr/bin/env bash
# pyDMNrules 1.4.5 and SpiffWorkflow 3.2.0: a decision table whose two rules both match and disagree, under each hit
# policy of DMN. (A lamp is the power company's; a lamp that is out is the light office's.)
# Guess: UNIQUE and ANY raise an error, because the standard allows UNIQUE one match, and ANY only equal results.
# Seen:  both engines answer by the first rule and say nothing; in SpiffWorkflow RULE ORDER, too, gives one result and
#        not the list of both. bkflow-dmn 0.2.0 in its strict mode, which is the default, raises for both policies.
# So:    as a second opinion on a table of the list, use an engine that raises, or count the matches yourself (COLLECT).
. "$(dirname "$0")/kafka.sh"
packages pyDMNrules==1.4.5 SpiffWorkflow==3.2.0 bkflow-dmn==0.2.0
cat >"$FOLDER/policies.py" <<'P'
import pyDMNrules
from bkflow_dmn.api import decide_single_table
from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Border, Side
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

RULES = [('"lamp"', "-", '"Power"'), ('"lamp"', '"out"', '"Light"')]
CASE = {"category": "lamp", "state": "out"}
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def by_pydmnrules(policy):
    """The table as a workbook: a glossary, the decision, the table with its double lines."""
    thin, double = Side(style="thin"), Side(style="double")
    book = Workbook()

    def write(sheet, row, values, last_input=None):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value)
            right = double if column == last_input else thin
            cell.border = Border(left=thin, right=right, top=thin, bottom=double if value in policies else thin)

    policies = {policy, "category", "state", "desk"} if policy else set()
    glossary = book.active
    glossary.title = "Glossary"
    rows = [("Glossary", None, None), ("Variable", "Business Concept", "Attribute"), ("category", "Case", "category")]
    rows += [("state", None, "state"), ("desk", None, "desk")]
    for number, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            glossary.cell(number, column, value).border = Border(left=thin, right=thin, top=thin, bottom=thin)
    glossary.merge_cells("A1:C1")
    glossary.merge_cells("B3:B5")
    decision = book.create_sheet("Decision")
    for number, values in enumerate([("Decision", None), ("Decisions", "Execute Decision Tables"), ("Desk", "Desk")], 1):
        for column, value in enumerate(values, start=1):
            decision.cell(number, column, value).border = Border(left=thin, right=thin, top=thin, bottom=thin)
    decision.merge_cells("A1:B1")
    table = book.create_sheet("Table")
    table.cell(1, 1, "Desk")
    write(table, 2, (policy, "category", "state", "desk"), last_input=3)
    for number, rule in enumerate(RULES, start=1):
        write(table, 2 + number, (number, *rule), last_input=3)
    engine = pyDMNrules.DMN()
    assert "errors" not in (loaded := engine.use(book)), loaded
    status, found = engine.decide(dict(CASE))
    assert "errors" not in status, status
    return (found[-1] if isinstance(found, list) else found)["Result"]["desk"]


def by_spiffworkflow(policy):
    """The table as DMN XML."""
    cells = "".join(
        f'<rule id="r{n}"><inputEntry id="a{n}"><text>{a}</text></inputEntry><inputEntry id="b{n}"><text>{b}</text>'
        f'</inputEntry><outputEntry id="c{n}"><text>{c}</text></outputEntry></rule>'
        for n, (a, b, c) in enumerate(RULES)
    )
    inputs = "".join(
        f'<input id="{name}"><inputExpression id="e-{name}" typeRef="string"><text>{name}</text></inputExpression></input>'
        for name in CASE
    )
    xml = (
        f'<definitions xmlns="{MODEL}" id="d" name="d" namespace="d"><decision id="desk" name="desk">'
        f'<decisionTable id="t" hitPolicy="{policy}">{inputs}<output id="o" label="desk" name="desk" typeRef="string"/>'
        f"{cells}</decisionTable></decision></definitions>"
    )
    parser = DMNParser(None, etree.fromstring(xml), {"dmn": MODEL}, filename="desk.dmn")
    parser.parse()

    class Flow:
        script_engine = PythonScriptEngine()

    class Task:
        data = dict(CASE)
        workflow = Flow

    return DMNEngine(parser.decision.decisionTables[0]).result(Task)["desk"]


def by_bkflow(policy):
    """The table as a dictionary."""
    table = {
        "title": "desk",
        "hit_policy": policy,
        "inputs": {"cols": [{"id": "category"}, {"id": "state"}], "rows": [[a, "" if b == "-" else b] for a, b, _ in RULES]},
        "outputs": {"cols": [{"id": "desk"}], "rows": [[c] for _, _, c in RULES]},
    }
    try:
        return decide_single_table(table, CASE)[0]["desk"]
    except Exception as error:
        return type(error).__name__


print("pyDMNrules     U", by_pydmnrules("U"), "A", by_pydmnrules("A"), "C", by_pydmnrules("C"))
print("SpiffWorkflow ", *(f"{p}: {by_spiffworkflow(p)}" for p in ("UNIQUE", "ANY", "RULE ORDER", "COLLECT")))
print("bkflow-dmn     Unique", by_bkflow("Unique"), "Any", by_bkflow("Any"))
P
expect() { echo "$SEEN" | grep -qF "$1" || { echo "changed: $1"; echo "$SEEN"; exit 1; }; }
SEEN=$("$FOLDER/venv/bin/python" "$FOLDER/policies.py")
expect "pyDMNrules     U Power A Power C ['Power', 'Light']"
expect "SpiffWorkflow  UNIQUE: Power ANY: Power RULE ORDER: Power COLLECT: ['Power', 'Light']"
expect "bkflow-dmn     Unique HitPolicyMatchError Any HitPolicyMatchError"
echo "$SEEN"
