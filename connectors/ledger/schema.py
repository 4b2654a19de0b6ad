"""The tables of the ledger file."""

from typing import Final

from connectors.ledger.calls import TABLES as CALLS
from connectors.ledger.kept.crossed import CROSSED
from connectors.ledger.kept.sums import BUCKET, COUNTED
from connectors.ledger.kept.sums import TABLES as FIGURES

VERSION: Final = "26"
"""Stored in `meta`; a file of another version is rebuilt from the log."""

TABLES: Final = f"""
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
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    report TEXT NOT NULL,
    reporter TEXT NOT NULL,
    submitted_ms INTEGER NOT NULL,
    day INTEGER NOT NULL,
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
    due_order INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    on_time INTEGER,
    by_day INTEGER NOT NULL,
    outcome TEXT,
    self_handled INTEGER NOT NULL,
    timed INTEGER NOT NULL,
    took_ms INTEGER,
    sample TEXT,
    reworks INTEGER NOT NULL,
    verifying_ms INTEGER NOT NULL,
    hops INTEGER NOT NULL,
    extensions INTEGER NOT NULL,
    responded INTEGER,
    solved INTEGER,
    satisfied INTEGER,
    master TEXT,
    called TEXT,
    called_ms INTEGER,
    whistled INTEGER NOT NULL,
    proposes TEXT,
    duty TEXT,
    service TEXT NOT NULL,
    pushed INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
);
CREATE INDEX cases_report ON cases (report);
CREATE INDEX cases_reporter ON cases (reporter, submitted_ms, number);
CREATE INDEX cases_submitted ON cases (submitted_ms, number);
CREATE INDEX cases_state ON cases (state, submitted_ms, number);
CREATE INDEX cases_category ON cases (category, submitted_ms, number);
CREATE INDEX cases_department ON cases (department, submitted_ms, number) WHERE department IS NOT NULL;
CREATE INDEX cases_grid ON cases (grid, submitted_ms, number) WHERE grid IS NOT NULL;
CREATE INDEX cases_segment ON cases (segment, submitted_ms, number) WHERE segment IS NOT NULL;
CREATE INDEX cases_assignee ON cases (assignee, submitted_ms, number) WHERE assignee IS NOT NULL;
CREATE INDEX cases_executor ON cases (executor, submitted_ms, number) WHERE executor IS NOT NULL;
CREATE INDEX cases_open ON cases (submitted_ms, number) WHERE open = 1;
CREATE INDEX cases_open_due ON cases (due_order, number) WHERE open = 1;
CREATE INDEX cases_open_reporter ON cases (reporter, submitted_ms, number) WHERE open = 1;
CREATE INDEX cases_open_assignee ON cases (assignee, due_order, number) WHERE open = 1;
CREATE INDEX cases_open_executor ON cases (executor, due_order, number) WHERE open = 1;
CREATE INDEX cases_open_department ON cases (department, due_order, number) WHERE open = 1;
CREATE INDEX cases_near ON cases (category, lat) WHERE open = 1;
CREATE INDEX cases_raised ON cases (raised, submitted_ms, number) WHERE raised > 0;
CREATE INDEX cases_escalated ON cases (submitted_ms, number) WHERE raised > 0;
CREATE INDEX cases_reworked ON cases (submitted_ms, number) WHERE reworks > 0;
CREATE INDEX cases_extended ON cases (submitted_ms, number) WHERE extensions > 0;
CREATE INDEX cases_passed_on ON cases (submitted_ms, number) WHERE hops > 1;
CREATE INDEX cases_sampled ON cases (submitted_ms, number) WHERE sample = 'waiting';
CREATE INDEX cases_joined ON cases (reporter, submitted_ms, number) WHERE master IS NOT NULL;
CREATE INDEX cases_master ON cases (master) WHERE master IS NOT NULL;
CREATE INDEX cases_called ON cases (submitted_ms, number) WHERE called IS NOT NULL;
CREATE INDEX cases_open_called ON cases (submitted_ms, number) WHERE open = 1 AND called IS NOT NULL;
CREATE INDEX cases_last_called ON cases (called_ms, whistled) WHERE called_ms IS NOT NULL;
CREATE INDEX cases_proposes ON cases (submitted_ms) WHERE proposes IS NOT NULL;
CREATE INDEX cases_remedies ON cases (submitted_ms, number) WHERE kind = 'remedy';
CREATE INDEX cases_duty ON cases (submitted_ms) WHERE duty IS NOT NULL;
CREATE INDEX cases_spots ON cases (kind, segment, category, submitted_ms, grid, department)
    WHERE segment IS NOT NULL AND {COUNTED} AND master IS NULL;
CREATE INDEX cases_took ON cases (
    kind, (took_ms >> {BUCKET}), submitted_ms, took_ms, raised, category, department, department_name, grid, segment,
    assignee
) WHERE took_ms IS NOT NULL;
CREATE INDEX cases_took_grid ON cases (
    grid, submitted_ms, kind, took_ms, raised, category, department, department_name, segment, assignee
) WHERE took_ms IS NOT NULL AND grid IS NOT NULL;
CREATE INDEX cases_took_department ON cases (
    department, submitted_ms, kind, took_ms, raised, category, department_name, grid, segment
) WHERE took_ms IS NOT NULL AND department IS NOT NULL;
CREATE INDEX cases_by_day ON cases (submitted_ms) WHERE by_day = 1;
CREATE INDEX cases_samples ON cases (submitted_ms) WHERE sample IS NOT NULL;
CREATE TABLE docs (id INTEGER PRIMARY KEY, doc TEXT NOT NULL);
CREATE TABLE counts (
    state TEXT NOT NULL,
    merged INTEGER NOT NULL,
    dispatched INTEGER NOT NULL,
    moved_in INTEGER NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY (state, merged, dispatched, moved_in)
) WITHOUT ROWID;
{FIGURES}
{" ".join(each.create() for each in CROSSED)}
{CALLS}
CREATE TABLE timeline (
    seq INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT,
    t_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    event BLOB NOT NULL
);
CREATE INDEX timeline_number ON timeline (number) WHERE number IS NOT NULL;
CREATE INDEX timeline_of_no_case ON timeline (seq) WHERE number IS NULL;
CREATE INDEX timeline_ends ON timeline (seq) WHERE type IN ('closed', 'reopened');
CREATE INDEX timeline_erased ON timeline (seq) WHERE type = 'text_erased';
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
"""`cases` are the columns that lists and figures ask for, in rows as narrow as possible; `docs` are the same cases, by
`id`, as JSON, read only for what is shown. `id` is the order in which this file took the cases.
Of the columns, `day` is that of the report in the zone of the ledger (20261201), `kind` is what figures never mix,
`raised` the rung of the ladder it was raised to, `sample` what became of a sample of what was fixed on the spot,
`called` the departments beside the owner's (` a b `), `called_ms` when the last of them was, `whistled` that one was
by a whistle, `proposes` the list item that a case wants to change, `duty` the duty that it makes due, `service` its
subcategory or category, `pushed` that a department pushed it down, `due_order` its deadline and `next_ms` the nearest
one of who has it, or `NEVER`, `timed` that its resolution counts in figures, `took_ms` the time to it if that counts,
too; `responded`, `solved` and `satisfied` are those of a master only.
`counts` are the cases that are alike in what `case_counts` asks for, `figures` the sums of `sums.py`, `times` the
times to resolution by half hours, those of `crossed.py` sums by several things at once: what they say follows from
`cases`, and is written in the same transaction. `cases_spots` has all that hot spots count. `cases_took` and the two
beside it have everything that figures group times by, of the region and of a part of it. The `cases_open` indexes are
small, and answer in a millisecond what is open at a person or a desk with years of closed cases, in the order of their
lists.
`calls` are the departments that were called for cases, one in a row, from which the figures of report-ins are added up.
`pictures` says which photos and recordings a text names, also after it was erased. `proofs` are after-photos by the
first time that they were handed in for a case.
`timeline.seq` is the order in which this file took the events: the sequence of live pages. Rows are never removed, so
it never repeats within an epoch. Its partial indexes find the few events that concern no case, end one, or erase."""
