"""Simple bar charts; the page also gives their numbers as text."""

from collections.abc import Sequence

import htpy as h

HIGH = 10


def bar(parts: Sequence[tuple[str, float]], whole: float) -> h.Element | None:
    """A bar of parts of `whole`, each with a class for its colour: good, bad, warn or rest; None if `whole` is 0."""
    if not whole:
        return None
    drawn, at = [], 0.0
    for kind, size in parts:
        wide = 100 * size / whole
        if wide:
            drawn.append(h.rect(x=f"{at:.1f}", width=f"{wide:.1f}", height=HIGH, class_=kind))
        at += wide
    return h.svg(".gauge", viewBox=f"0 0 100 {HIGH}", preserveAspectRatio="none", aria_hidden="true")[drawn]
