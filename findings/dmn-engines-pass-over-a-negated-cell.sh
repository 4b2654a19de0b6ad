#!/usr/bin/env bash
# SpiffWorkflow 3.2.0 and bkflow-dmn 0.2.0: cells of a DMN decision table as standard modellers write them, a negation
# (not("lamp")) and two values ("lamp","pipe").
# Guess: cells are FEEL's unary tests, as the standard says; or what is not understood raises an error.
# Seen:  a negation never matches in either, whatever the case is; two values never match in SpiffWorkflow. The next
#        rule answers, and nothing is said. A single value and a comparison (< 5) mean what they should in both.
# So:    write one rule per value and no negations before a table goes to these engines.
. "$(dirname "$0")/kafka.sh"
packages SpiffWorkflow==3.2.0 bkflow-dmn==0.2.0
cat >"$FOLDER/cells.py" <<'P'
from xml.sax.saxutils import escape

from bkflow_dmn.api import decide_single_table
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def by_spiffworkflow(cell, value, kind):
    """What a table of `cell` and of everything else answers for `value`."""
    xml = (
        f'<definitions xmlns="{MODEL}" id="d" name="d" namespace="d"><decision id="desk" name="desk">'
        f'<decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="e" typeRef="{kind}"><text>value</text>'
        f'</inputExpression></input><output id="o" label="desk" name="desk" typeRef="string"/>'
        f'<rule id="r1"><inputEntry id="a1"><text>{escape(cell)}</text></inputEntry><outputEntry id="b1"><text>"hit"</text>'
        f'</outputEntry></rule><rule id="r2"><inputEntry id="a2"><text></text></inputEntry><outputEntry id="b2">'
        f'<text>"else"</text></outputEntry></rule></decisionTable></decision></definitions>'
    )
    parser = DMNParser(None, etree.fromstring(xml), {"dmn": MODEL}, filename="desk.dmn")
    parser.parse()

    class Flow:
        script_engine = PythonScriptEngine()

    class Task:
        data = {"value": value}
        workflow = Flow

    return DMNEngine(parser.decision.decisionTables[0]).result(Task)["desk"]


def by_bkflow(cell, value):
    """The same."""
    table = {
        "title": "desk",
        "hit_policy": "First",
        "inputs": {"cols": [{"id": "value"}], "rows": [[cell], [""]]},
        "outputs": {"cols": [{"id": "desk"}], "rows": [['"hit"'], ['"else"']]},
    }
    return decide_single_table(table, {"value": value})[0]["desk"]


for cell, value, kind in (
    ('"lamp"', "lamp", "string"),
    ("< 5", 3, "number"),
    ('"lamp","pipe"', "lamp", "string"),
    ('"lamp","pipe"', "pipe", "string"),
    ('not("lamp")', "pipe", "string"),
):
    print(cell, value, by_spiffworkflow(cell, value, kind), by_bkflow(cell, value))
P
SEEN=$("$FOLDER/venv/bin/python" "$FOLDER/cells.py")
echo "$SEEN"
[ "$SEEN" = '"lamp" lamp hit hit
< 5 3 hit hit
"lamp","pipe" lamp else hit
"lamp","pipe" pipe else hit
not("lamp") pipe else else' ]
