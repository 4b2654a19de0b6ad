"""Reads and writes texts in cells: tolerates blanks and full width, and uses quotes for everything else.

A cell that is one JSON string with its quotes, such as `"a;b"`, means the text inside, whatever it is.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Final
from unicodedata import normalize

_BLANKS: Final = " \t\r\n\u3000\xa0\ufeff\u200b"
_HALF: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()} | {
    0xFF0D: "-",
    0xFF0E: ".",
    0xFF3F: "_",
}
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_SPECIAL: Final = re.compile(r'[="@+#]|-$')  # a formula for spreadsheets, a remark or "nothing" for us


def tidy(text: str) -> str:
    """Without blanks around it, of any width, and with plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def half_width(text: str) -> str:
    """`１２；ａ` as `12;a`, without blanks around it."""
    return tidy(normalize("NFKC", text))


def plain_code(text: str) -> str:
    """`Ｃ０１` as `C01`; other signs of full width stay, for they are meant in names."""
    return tidy(text).translate(_HALF)


def unquoted(text: str) -> str | None:
    """The text in quotes; None when the cell holds none."""
    if not re.fullmatch(_QUOTED, text, re.DOTALL):
        return None
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def read_text(text: str, plain: Callable[[str], str] = tidy) -> str:
    """The text that a cell means; `plain` reads what has no quotes."""
    stripped = tidy(text)
    quoted = unquoted(stripped)
    return plain(stripped) if quoted is None else quoted


def write_text(text: str, plain: Callable[[str], str] = tidy, separators: str = "") -> str:
    """A cell that means this text; in quotes where it would be read as something else."""
    clean = all(c.isprintable() or c in "\n\u3000\xa0" for c in text) and not any(c in text for c in separators)
    if text and clean and plain(text) == text and not _SPECIAL.match(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """The text in quotes, with everything that cannot be seen as an escape."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in json.dumps(text, ensure_ascii=False))


def split_list(text: str, separators: str) -> list[str]:
    """The parts of a cell that lists things; parts in quotes may hold separators, empty parts are dropped."""
    between = f"[{re.escape(separators)}]"
    parts = re.findall(rf"\s*({_QUOTED}(?=\s*(?:{between}|$))|(?:(?!{between}).)*)(?:{between}|$)", text, re.DOTALL)
    return [stripped for part in parts if (stripped := tidy(part))]


def read_list(text: str, separators: str, plain: Callable[[str], str] = tidy) -> list[str]:
    """The texts that a cell lists."""
    return [read_text(part, plain) for part in split_list(text, separators)]


def write_list(texts: Iterable[str], separators: str, plain: Callable[[str], str] = tidy) -> str:
    """A cell that lists these texts."""
    return "; ".join(write_text(text, plain, separators) for text in texts)
