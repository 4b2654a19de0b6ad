"""Finds the encoding of a file: detected if certain, else from the mapping, else refused.

UTF-8, UTF-16 and UTF-32 are found out, and GB 18030 where nearly all its characters are common Chinese ones: most texts
in Latin-1 are valid GB 18030, too, so that validity alone proves nothing.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final, NoReturn

from grid36.replay.file.chinese import RUN, is_chinese, is_either
from grid36.replay.file.reasons import WrongFile
from schemas.names import Name

BLOCK: Final = 1 << 20
_SAMPLE: Final = 100_000
UTF_8: Final = "utf-8"
GB_18030: Final = "gb18030"
_HEAD: Final = 4096
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS: Final = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "old_workbook"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
)
_CONTROLS: Final = re.compile("[\x80-\x84\x86-\x9f]")
"""No text holds them; where Latin-1 gives them, Windows-1252 was meant, which has letters and marks there."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file that was decoded completely: its bytes in UTF-8, and its encoding."""

    file: IO[bytes]
    encoding: str
    size: int
    """Bytes in UTF-8."""


class _Undecodable(Exception):
    def __init__(self, at: int, byte: int) -> None:
        super().__init__(at)
        self.at, self.byte = at, byte


def open_text(path: Path, named: str | None = None) -> Text:
    """Read all of `path` once, in the encoding `named` or the one that is found.

    The answer's file is `path` itself where that is in UTF-8, else a copy without a name that is gone when it is
    closed. Raises `WrongFile` with the file, and the position of the first byte that cannot be read.
    """
    try:
        file = path.open("rb")
    except OSError as fault:
        raise WrongFile(Name.of("replay.file.not_opened"), file=str(path)) from fault
    try:
        text = _read(file, named)
    except WrongFile as fault:
        file.close()
        raise WrongFile(fault.words, **{"file": str(path)} | fault.facts) from fault.__cause__
    except BaseException:
        file.close()
        raise
    if text.file is not file:
        file.close()
    return text


def _read(file: IO[bytes], named: str | None) -> Text:
    head = file.read(_HEAD)
    _is_text(head)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if named is not None and marked is not None and not _same(named, marked):
        raise WrongFile(Name.of("replay.file.other_mark", marked=marked, told=named))
    encoding = marked or (_wide(head) if named is None or named in {"utf-16", "utf-32"} else None) or named
    if encoding is None:
        return _found(file)
    try:
        return _as_it_is(file) if encoding == UTF_8 else _copied(file, encoding)
    except _Undecodable as fault:
        where = _where(file, fault)
        raise WrongFile(Name.of("replay.file.not_in_encoding", encoding=encoding, where=where)) from None


def _is_text(head: bytes) -> None:
    if not head:
        raise WrongFile(Name.of("replay.file.empty"))
    for begin, kind in _OTHERS:
        if head.startswith(begin):
            raise WrongFile(Name.of("replay.file.no_csv", this_is=Name.of(f"replay.file.is.{kind}")))


def _same(named: str, marked: str) -> bool:
    return named.replace("-", "").startswith(marked.replace("-", ""))


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its header line is zero."""
    line = head[:64]
    even, odd = line[::2].count(0), line[1::2].count(0)
    half = len(line) // 2
    if half and odd > 0.6 * half and even < 0.2 * half:
        return "utf-16-le"
    return "utf-16-be" if half and even > 0.6 * half and odd < 0.2 * half else None


def _found(file: IO[bytes]) -> Text:
    """UTF-8 or, where that is certain, GB 18030."""
    try:
        return _as_it_is(file, certain=False)
    except _Undecodable as fault:
        first = fault
    try:
        return _copied(file, GB_18030, sure=True)
    except _Undecodable:
        raise WrongFile(Name.of("replay.file.unknown_encoding", where=_where(file, first))) from None


def _as_it_is(file: IO[bytes], *, certain: bool = True) -> Text:
    feeds, returns, runs = False, False, list[str]()
    for block in _decoded(file, UTF_8):
        feeds, returns = feeds or "\n" in block, returns or "\r" in block
        if not certain and len(runs) < _SAMPLE:
            runs += RUN.findall(block)
    if is_either(runs):
        raise WrongFile(Name.of("replay.file.either_encoding"))
    if returns and not feeds:  # as old programs for the Mac end their lines
        return _copied(file, UTF_8)
    return Text(file, UTF_8, file.tell())


def _copied(file: IO[bytes], encoding: str, *, sure: bool = False) -> Text:
    """A copy in UTF-8; with `sure` only where the text is certainly Chinese, else `_Undecodable`."""
    copy: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    try:
        runs: list[str] = []
        for text in _decoded(file, encoding):
            _no_controls(text, encoding)
            if sure and len(runs) < _SAMPLE:
                runs += RUN.findall(text)
            copy.write(text.encode())
        if sure and not is_chinese(runs[:_SAMPLE]):
            _uncertain()
        return Text(_ended(copy), encoding, copy.tell())
    except BaseException:
        copy.close()
        raise


def _uncertain() -> NoReturn:
    raise _Undecodable(0, 0)


def _ended(copy: IO[bytes]) -> IO[bytes]:
    """Lines that end by a carriage return alone end by a line feed."""
    copy.seek(0)
    if any(b"\n" in block for block in iter(lambda: copy.read(BLOCK), b"")):
        return copy
    copy.seek(0)
    at = 0
    while block := copy.read(BLOCK):
        copy.seek(at)
        copy.write(block.replace(b"\r", b"\n"))
        at += len(block)
        copy.seek(at)
    return copy


def _no_controls(text: str, encoding: str) -> None:
    if (found := _CONTROLS.search(text)) and encoding.startswith(("latin", "iso8859", "iso-8859")):
        code = f"{ord(found[0]):02X}"
        raise WrongFile(Name.of("replay.file.no_latin_1", code=code))


def _decoded(file: IO[bytes], encoding: str) -> Iterator[str]:
    """The whole text in blocks; `_Undecodable` where it ends to be one."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    at = 0
    while True:
        block = file.read(BLOCK)
        held = len(decoder.getstate()[0])
        try:
            yield decoder.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            raise _Undecodable(at - held + fault.start, fault.object[fault.start]) from None
        if not block:
            return
        at += len(block)


def _where(file: IO[bytes], fault: _Undecodable) -> Name:
    """The position of a byte for people, counted from 1."""
    file.seek(0)
    line = 1
    left = fault.at
    while left > 0 and (block := file.read(min(BLOCK, left))):
        line += block.count(b"\n")
        left -= len(block)
    return Name.of("replay.file.at_byte", line=line, number=fault.at + 1, byte=fault.byte)
