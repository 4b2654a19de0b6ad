"""The tables of the ledger file."""

from typing import Final

VERSION: Final = "10"
"""Stored in `meta`; a file of another version is rebuilt from the log."""

TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE positions (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    next_n INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE cases (
    number TEXT PRIMARY KEY,
    report TEXT NOT NULL,
    reporter TEXT NOT NULL,
    submitted_ms INTEGER NOT NULL,
    moved_from TEXT,
    state TEXT NOT NULL,
    open INTEGER NOT NULL,
    assignee TEXT,
    executor TEXT,
    department TEXT,
    department_name TEXT,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    raised INTEGER NOT NULL,
    segment TEXT,
    grid TEXT,
    lon REAL,
    lat REAL,
    dispatched_ms INTEGER,
    suspended_ms INTEGER,
    resolved_ms INTEGER,
    due_ms INTEGER,
    on_time INTEGER,
    by_day INTEGER NOT NULL,
    outcome TEXT,
    self_handled INTEGER NOT NULL,
    sample TEXT,
    reworks INTEGER NOT NULL,
    verifying_ms INTEGER NOT NULL,
    hops INTEGER NOT NULL,
    responded INTEGER,
    solved INTEGER,
    satisfied INTEGER,
    master TEXT,
    called TEXT,
    proposes TEXT,
    duty TEXT,
    archived INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    doc TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX cases_report ON cases (report);
CREATE INDEX cases_reporter ON cases (reporter, submitted_ms);
CREATE INDEX cases_submitted ON cases (submitted_ms, number);
CREATE INDEX cases_open ON cases (state, submitted_ms) WHERE open = 1;
CREATE INDEX cases_near ON cases (category, lat) WHERE open = 1;
CREATE INDEX cases_assignee ON cases (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX cases_executor ON cases (executor) WHERE executor IS NOT NULL;
CREATE INDEX cases_department ON cases (department) WHERE department IS NOT NULL;
CREATE INDEX cases_open_reporter ON cases (reporter, submitted_ms, number) WHERE open = 1;
CREATE INDEX cases_open_assignee ON cases (assignee, due_ms IS NULL, due_ms, number) WHERE open = 1;
CREATE INDEX cases_open_executor ON cases (executor, due_ms IS NULL, due_ms, number) WHERE open = 1;
CREATE INDEX cases_open_department ON cases (department, due_ms IS NULL, due_ms, number) WHERE open = 1;
CREATE INDEX cases_joined ON cases (reporter, submitted_ms, number) WHERE master IS NOT NULL;
CREATE INDEX cases_master ON cases (master) WHERE master IS NOT NULL;
CREATE INDEX cases_called ON cases (open, submitted_ms) WHERE called IS NOT NULL;
CREATE INDEX cases_proposes ON cases (submitted_ms) WHERE proposes IS NOT NULL;
CREATE INDEX cases_duty ON cases (submitted_ms) WHERE duty IS NOT NULL;
CREATE TABLE timeline (
    seq INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT,
    t_ms INTEGER NOT NULL,
    event BLOB NOT NULL
);
CREATE INDEX timeline_number ON timeline (number) WHERE number IS NOT NULL;
CREATE TABLE texts (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    written BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX texts_number ON texts (number, at_ms);
CREATE TABLE proofs (
    digest TEXT NOT NULL,
    number TEXT NOT NULL,
    t_ms INTEGER NOT NULL,
    dhash TEXT,
    PRIMARY KEY (digest, number)
) WITHOUT ROWID;
CREATE INDEX proofs_number ON proofs (number);
CREATE INDEX proofs_dhash ON proofs (dhash) WHERE dhash IS NOT NULL;
CREATE TABLE alike (
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE TABLE pictures (
    text TEXT NOT NULL,
    digest TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (text, digest)
) WITHOUT ROWID;
CREATE INDEX pictures_digest ON pictures (digest);
"""
"""`pictures` says which photos and recordings a text names, also after it was erased. `proofs` are after-photos by the
first time that they were handed in for a case, `alike` the hashes of those that resemble each other, both ways.
`doc` is a case as JSON; the columns beside it are what lists and figures ask: `kind` what figures never mix,
`raised` the rung of the ladder it was raised to, `sample` what became of a sample of what was fixed on the spot,
`called` the departments beside the owner's (` a b `), `proposes` the list item that a case wants to change, `duty`
the duty that it makes due. The `cases_open_` indexes are small, and answer in a millisecond what is open at a person
or a desk with years of closed cases, in the order of their lists. `timeline.seq` is the order in which this file
took the events: the sequence of live pages. Rows are never removed, so it never repeats within an epoch."""
