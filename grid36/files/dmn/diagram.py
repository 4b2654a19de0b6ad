"""The diagram of a DMN file: facts in rows below, tables above, and lines between them."""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace

from grid36.files.dmn.names import DC, DI
from schemas.table import Table

WIDTH, HEIGHT, GAP, IN_A_ROW = 180, 60, 40, 6
_TABLES_Y: Final = 40
_FACTS_Y: Final = 220


def add_diagram(root: Element, address: str, tables: Mapping[str, Table]) -> None:
    """Add it to the definitions; `address` is the namespace of the version, without its last part."""
    register_namespace("dc", DC)
    register_namespace("di", DI)
    dmndi = f"{{{address}DMNDI/}}"
    diagram = SubElement(SubElement(root, f"{dmndi}DMNDI"), f"{dmndi}DMNDiagram", id="diagram")
    facts = dict.fromkeys(each.name for table in tables.values() for each in table.inputs)
    places = {name: ((WIDTH + GAP) * 2 * n + GAP, _TABLES_Y) for n, name in enumerate(tables)}
    for n, fact in enumerate(facts):
        row, column = divmod(n, IN_A_ROW)
        places[f"input-{fact}"] = ((WIDTH + GAP) * column + GAP, _FACTS_Y + (HEIGHT + GAP) * row)
    for name, (x, y) in places.items():
        shape = SubElement(diagram, f"{dmndi}DMNShape", id=f"shape-{name}", dmnElementRef=name)
        SubElement(shape, f"{{{DC}}}Bounds", height=str(HEIGHT), width=str(WIDTH), x=str(x), y=str(y))
    for name, table in tables.items():
        for each in table.inputs:
            edge = SubElement(
                diagram, f"{dmndi}DMNEdge", id=f"edge-{name}-{each.name}", dmnElementRef=f"{name}-needs-{each.name}"
            )
            below, above = places[f"input-{each.name}"], places[name]
            for x, y in ((below[0] + WIDTH // 2, below[1]), (above[0] + WIDTH // 2, above[1] + HEIGHT)):
                SubElement(edge, f"{{{DI}}}waypoint", x=str(x), y=str(y))
