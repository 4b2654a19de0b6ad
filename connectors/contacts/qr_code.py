"""QR codes: as text for a terminal, as SVG, as PNG. They need no network, and name nobody."""

import io
from pathlib import Path
from typing import Final

import segno

KINDS: Final = (".svg", ".png")
_SCALE: Final = 8
"""Pixels of one module, so that a printed code is sharp."""


def as_text(content: str) -> str:
    """Lines of half blocks, for a dark terminal; phones read it on a light one too."""
    written = io.StringIO()
    _code(content).terminal(out=written, compact=True, border=2)
    return written.getvalue().rstrip("\n")


def as_svg(content: str) -> str:
    """An `svg` element for a page, of any size."""
    return str(_code(content).svg_inline(border=2, omitsize=True))


def write(content: str, file: Path) -> None:
    """Write the code to a file whose name ends with one of `KINDS`."""
    _code(content).save(str(file), kind=file.suffix.lower().lstrip("."), scale=_SCALE)


def _code(content: str) -> segno.QRCode:
    return segno.make(content, error="m", micro=False)
