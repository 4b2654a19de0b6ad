"""A page to print for a team: the code of its report form, and how it is used."""

import htpy as h
from markupsafe import Markup

from connectors.contacts import qr_code
from schemas.names import Language
from texts.catalogue import say

STYLE = """
@page { size: A4; margin: 18mm; }
body { font: 16pt/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; text-align: center; }
h1 { font-size: 28pt; margin: 0 0 4mm; } h2 { font-size: 20pt; margin: 0 0 8mm; font-weight: 400; }
svg { width: 90mm; height: 90mm; } ol { display: inline-block; text-align: left; margin: 8mm 0; padding-left: 1.2em; }
footer { font-size: 10pt; color: #444; overflow-wrap: anywhere; }
"""


def team_sheet(region: str, team: str, link: str, language: Language) -> str:
    """HTML that needs nothing else; `link` is in the code and below it."""
    steps = [h.li[say(language, f"form.sheet.step{n}")] for n in (1, 2, 3)]
    head = [h.meta(charset="utf-8"), h.title[f"{region} · {team}"], h.style[Markup(STYLE)]]  # noqa: S704  # ours
    code = Markup(qr_code.as_svg(link))  # noqa: S704  # drawn by us
    body: list[h.Node] = [
        h.h1[say(language, "form.sheet.title")],
        h.h2[f"{region} · {team}"],
        code,
        h.div[h.ol[steps]],
        h.footer[say(language, "form.sheet.foot"), h.br, link],
    ]
    return str(h.html(lang=language.value)[h.head[head], h.body[body]])
