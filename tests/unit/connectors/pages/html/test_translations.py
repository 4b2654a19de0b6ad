"""The catalogues of the pages, and the colours of their style sheet."""

import re
from pathlib import Path

import pytest

from connectors import pages
from connectors.cases.translations import FILE, Translations
from schemas.case import Alert, State
from schemas.command import Act, Outcome, Rating, ReturnReason
from schemas.event import EventType
from schemas.names import Language
from schemas.people import Role
from schemas.place import NotFoundReason
from schemas.report import ReportKind
from texts.catalogue import catalogue

PAGES = Path(pages.__file__).parent
ENUMS = {
    "state": State, "event": EventType, "act": Act, "outcome": Outcome, "reason": ReturnReason, "kind": ReportKind,
    "person": Role, "alert": Alert, "trouble": NotFoundReason, "rating": Rating,
}  # fmt: skip


def said(language: Language) -> dict[str, str]:
    return catalogue(FILE, language).under("")


SIGNS = {"unit.share", "unit.in.share", "statistics.by_two"}
"""Signs around numbers and names."""


def test_no_sentence_is_left_in_the_other_language() -> None:
    """Chinese letters in every Chinese one and in no English one, but for names and the switch of languages."""
    han = re.compile(r"[\u4e00-\u9fff]")
    mixed = {key for key, text in said(Language.EN).items() if han.search(text)}
    bare = {key for key, text in said(Language.ZH).items() if not han.search(text)}
    assert (mixed, bare) == ({"other_language"}, {"other_language", "start.title", "photo.alt", *SIGNS})


def test_numbers_fit_their_sentences_whatever_they_are() -> None:
    """`1 reports` would be wrong; only what is never one may be followed by a plural."""
    plural = re.compile(r"\{(n|m|hops|hours)\} (more )?[a-z]{2,}s\b")
    never_one = {key for key, text in said(Language.EN).items() if plural.search(text)}
    assert {key for key in never_one if not key.startswith(("figures.", "samples."))} == {
        "alert.hops.told",
        "statistics.fair",
        "statistics.people.fair",
        "statistics.version.points",  # with a decimal: 1.0 points
    }


@pytest.mark.parametrize("group", ENUMS)
def test_every_value_of_the_closed_lists_has_a_word(group: str) -> None:
    assert {f"{group}.{value}" for value in ENUMS[group]} <= set(said(Language.ZH))


def test_states_are_called_as_in_the_standard() -> None:
    zh = said(Language.ZH)
    assert [zh[f"state.{state}"] for state in ("dispatched", "acknowledged", "resolved", "closed", "rework")] == [
        "已派遣", "已签收", "已处置", "结案", "返工",
    ]  # fmt: skip


def test_scripts_say_what_the_catalogue_has_for_them() -> None:
    scripts = "".join(file.read_text(encoding="utf-8") for file in PAGES.glob("assets/*.js"))
    code = "".join(file.read_text(encoding="utf-8") for file in PAGES.rglob("*.py"))
    keys = Translations(Language.EN).for_scripts()
    assert [key for key in keys if f'"{key}"' not in scripts and f'"js.{key}"' not in code] == []


@pytest.mark.parametrize(
    ("ms", "exact", "said"),
    [
        (0, True, "0 min 0 s"),
        (61_000, True, "1 min 1 s"),
        (-61_000, True, "1 min 1 s"),
        (36 * 60_000, False, "36 min"),
        (45_000, False, "45 s"),
        (2 * 3_600_000 + 300_000, True, "2 h 5 min"),
        (50 * 3_600_000, True, "2 d 2 h"),
    ],
)
def test_spans(ms: int, exact: bool, said: str) -> None:
    assert Translations(Language.EN).span(ms, exact=exact) == said


def colours(css: str) -> dict[str, tuple[int, int, int]]:
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{6})", css)
    return {name: (int(rgb[:2], 16), int(rgb[2:4], 16), int(rgb[4:], 16)) for name, rgb in found}


def luminance(colour: tuple[int, int, int]) -> float:
    """Source: WCAG 2.2, relative luminance."""
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    ("ink", "ground"), ("ink", "paper"), ("soft", "ground"), ("soft", "paper"), ("link", "paper"), ("link", "ground"),
    ("on-main", "main"), ("good", "good-wash"), ("bad", "bad-wash"), ("warn", "warn-wash"), ("calm", "calm-wash"),
    ("main", "wash"), ("bad", "paper"), ("warn", "paper"), ("good", "paper"), ("ink", "good-wash"), ("ink", "bad-wash"),
    ("ink", "warn-wash"), ("ink", "calm-wash"), ("ink", "wash"), ("soft", "green"), ("ink", "green"),
]  # fmt: skip


def test_contrast_is_enough_by_day_and_by_night() -> None:
    """4.5 for text, 3 for the edges of fields."""
    css = (PAGES / "assets" / "pages.css").read_text(encoding="utf-8")
    day, night = css.split("@media screen and (prefers-color-scheme: dark)")[:2]
    for known in (colours(day), colours(night.split("* { box-sizing")[0])):
        assert {
            pair: contrast(known[pair[0]], known[pair[1]])
            for pair in TEXT
            if contrast(known[pair[0]], known[pair[1]]) < 4.5
        } == {}
        assert contrast(known["edge"], known["paper"]) >= 3
        assert contrast(known["edge"], known["ground"]) >= 3
