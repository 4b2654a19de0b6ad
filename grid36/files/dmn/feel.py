"""Cells in FEEL, the expression language of DMN: unary tests of inputs, literals of outputs. Whole numbers only."""

import re
import sys
from collections.abc import Iterator
from typing import Final

from schemas.names import Name
from schemas.table import ANY, MAX_INT, Cell, Fact, Kind

Value = str | int | bool | list[str]

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>[+-]?\d{1,17}(?:\.0+)?)(?!\w|\.\d)
      | (?P<range>[\[\]()]) | (?P<dots>\.\.) | (?P<compare>>=|<=|>|<) | (?P<comma>,)
      | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotFeel(Exception):
    """Beyond the part of FEEL that is read; says in both languages what it is."""

    def __init__(self, text: Name) -> None:
        super().__init__(text.en)
        self.text = text


def written_cell(cell: Cell) -> str:
    """A cell as unary tests."""
    if cell.one_of is not None:
        return ",".join(written_value(value) for value in cell.one_of)
    if cell.ge is not None and cell.le is not None:
        return f"[{cell.ge}..{cell.le}]"
    if cell.ge is not None:
        return f">= {cell.ge}"
    return f"<= {cell.le}" if cell.le is not None else "-"


def written_value(value: Value) -> str:
    """A literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(written_value(each) for each in value)}]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    for plain, letter in (("\n", "n"), ("\r", "r"), ("\t", "t")):
        escaped = escaped.replace(plain, f"\\{letter}")
    return f'"{_NOT_XML.sub(lambda found: f"{chr(92)}u{ord(found[0]):04X}", escaped)}"'


def read_cell(text: str, kind: Kind) -> Cell:
    """Unary tests as a cell. Raises `NotFeel`."""
    if text.strip() in {"", "-"}:
        return ANY
    tokens = list(_tokens(text))
    if ranged := _range(tokens):
        if kind == "text":
            raise NotFeel(Name.of("dmn.text_range"))
        return ranged
    values = list(_listed(tokens, text))
    wanted = str if kind == "text" else int
    wrong = [value for value in values if type(value) is not wanted]  # true is no number
    if wrong:
        raise NotFeel(Name.of("dmn.no_text" if kind == "text" else "dmn.no_number", value=str(wrong[0])))
    return Cell(one_of=tuple(values))


def read_value(text: str) -> Value | None:
    """A literal; None for an empty cell, a dash and null. Raises `NotFeel`."""
    if text.strip() in {"", "-", "null"}:
        return None
    tokens = list(_tokens(text))
    if tokens and tokens[0] == ("range", "[") and tokens[-1] == ("range", "]"):
        values = list(_listed(tokens[1:-1], text)) if len(tokens) > 2 else []
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < len(values):
            raise _unknown(text)
        return texts
    if len(tokens) != 1:
        raise _unknown(text)
    return _value(*tokens[0], text)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _unknown(text)
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


def _range(tokens: list[tuple[str, str]]) -> Cell | None:
    kinds = [kind for kind, _ in tokens]
    if kinds == ["compare", "number"]:
        sign, end = tokens[0][1], _whole(tokens[1][1])
        if sign.startswith(">"):
            return Cell(ge=end + (sign == ">"))
        return Cell(le=end - (sign == "<"))
    if kinds == ["range", "number", "dots", "number", "range"]:
        low, high = _whole(tokens[1][1]), _whole(tokens[3][1])
        low, high = low + (tokens[0][1] != "["), high - (tokens[4][1] != "]")
        if low > high:
            raise NotFeel(Name.of("dmn.empty_range", low=low, high=high))
        return Cell(ge=low, le=high)
    return None


def _listed(tokens: list[tuple[str, str]], text: str) -> Iterator[Fact | bool]:
    if len(tokens) % 2 == 0 or any(kind != "comma" for kind, _ in tokens[1::2]):
        raise _unknown(text)
    for kind, token in tokens[::2]:
        yield _value(kind, token, text)


def _value(kind: str, token: str, text: str) -> Fact | bool:
    if kind == "text":
        return _unescaped(token[1:-1])
    if kind == "number":
        return _whole(token)
    if kind == "word" and token in {"true", "false"}:
        return token.startswith("t")
    raise _unknown(text)


def _unescaped(inner: str) -> str:
    def plain(found: re.Match[str]) -> str:
        what = found[1]
        if len(what) > 1 and (number := int(what[1:], 16)) <= sys.maxunicode:
            return chr(number)
        if what not in _PLAIN:
            raise NotFeel(Name.of("dmn.escape", escape=f"\\{what}"))
        return _PLAIN[what]

    text = _ESCAPE.sub(plain, inner)
    try:  # some engines write a character beyond 16 bits as two of UTF-16; half of one is no text
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise NotFeel(Name.of("dmn.escape", escape=ascii(text[:100])[1:-1])) from None


def _whole(token: str) -> int:
    number = int(token.partition(".")[0])
    if abs(number) > MAX_INT:
        raise NotFeel(Name.of("dmn.large", number=token))
    return number


def _unknown(text: str) -> NotFeel:
    return NotFeel(Name.of("dmn.unknown_feel", text=text.strip()[:100]))
