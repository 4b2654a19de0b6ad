"""Names of DMN files: namespaces by version, hit policies, and what of a table only we know."""

from typing import Final

VERSIONS: Final = {
    "1.5": "https://www.omg.org/spec/DMN/20230324/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/",
}
"""The versions that are written."""
READ: Final = {"1.6": "https://www.omg.org/spec/DMN/20240513/", **VERSIONS}
"""Those that are read: some modellers save a file in a newer one. What a table needs is the same in all of them."""
MODELS: Final = {f"{address}MODEL/": address for address in READ.values()}
DC: Final = "http://www.omg.org/spec/DMN/20180521/DC/"
DI: Final = "http://www.omg.org/spec/DMN/20180521/DI/"
OURS: Final = "urn:grid36:rulebook"
"""Namespace of attributes that modellers keep and do not show."""
POLICIES: Final = {"U": "UNIQUE", "F": "FIRST", "P": "FIRST", "A": "ANY", "C": "COLLECT"}
"""Rules stand in the order of their priorities, so that `P` is what DMN calls FIRST; its own PRIORITY is another."""
READ_POLICIES: Final = {"UNIQUE": "U", "FIRST": "F", "ANY": "A", "COLLECT": "C"}
ID: Final = "id"
PRIORITY: Final = "priority"
SLOTS: Final = ("routing", "joint", "limits")
"""Ids of decisions: the tables of a rulebook."""
