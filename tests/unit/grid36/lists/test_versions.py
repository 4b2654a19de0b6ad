"""The versions of the list as the page shows them."""

from grid36.lists.versions import HeardVersions
from schemas.codec import encode
from schemas.content import content_address
from schemas.system import Switched, System
from streams.rulebooks.topic import both_records
from tests.strategies.broken_books import example

REGION, BOOK = example()
NEXT = BOOK.model_copy(update={"name": "next", "note": "from the file"})
SYSTEM = System(partitions=1, region=content_address(REGION), rulebook=content_address(BOOK))


def switch(id: str, book: str, effective_ms: int, note: str = "") -> dict[str, bytes]:
    told = Switched(
        id=id, rulebook=book, region=SYSTEM.region, by="keeper-1", proposed_by="keeper-2", at_ms=5,
        effective_ms=effective_ms, note=note,
    )  # fmt: skip
    return {f"switch/{id}": encode(told)}


def test_each_version_says_since_when_by_whom_and_why() -> None:
    heard = HeardVersions()
    assert heard.versions(0) == ()
    records = {"system": encode(SYSTEM), **both_records(REGION, BOOK), **both_records(REGION, NEXT)}
    heard.hear(records | switch("a", content_address(NEXT), 100) | switch("b", content_address(BOOK), 200, "back"))
    told = [(v.state, v.name, v.from_ms, v.by, v.proposed_by, v.note) for v in heard.versions(150)]
    assert told == [
        ("past", BOOK.name, 0, BOOK.author, "", ""),
        ("in_force", "next", 100, "keeper-1", "keeper-2", "from the file"),
        ("planned", BOOK.name, 200, "keeper-1", "keeper-2", "back"),
    ]


def test_content_that_nobody_of_us_wrote_has_no_name() -> None:
    heard = HeardVersions()
    records = {"system": encode(SYSTEM), **both_records(REGION, BOOK), "f" * 32 + "/0": b"no content"}
    heard.hear(records | switch("a", "f" * 32, 100))
    assert [version.name for version in heard.versions(150)] == [BOOK.name, ""]
