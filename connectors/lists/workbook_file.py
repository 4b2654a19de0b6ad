"""Whether an uploaded file can be a workbook with lists; what else it is, is refused in words before it is kept."""

from http import HTTPStatus
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from connectors.intake.refusal import bad, refused

MOST_BYTES: Final = 10_000_000
MOST_NAME: Final = 120
_FIELD: Final = "workbook"


def check_workbook_file(name: str, content: bytes) -> None:
    """Raises `Refused`: nothing was chosen, it is too large, no .xlsx, or it has macros."""
    if not content:
        raise bad("no_workbook", _FIELD)
    if len(content) > MOST_BYTES:
        raise too_large_workbook()
    if not name.lower().endswith(".xlsx"):
        raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_a_workbook", _FIELD, name=shortened(name))
    try:
        with ZipFile(BytesIO(content)) as parts:
            names = [each.lower() for each in parts.namelist()]
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        names = []
    if "xl/workbook.xml" not in names:
        raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_a_workbook", _FIELD, name=shortened(name))
    if any(part.endswith("vbaproject.bin") or "/macrosheets/" in part for part in names):
        raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "workbook_with_macros", _FIELD, name=shortened(name))


def is_dmn(name: str) -> bool:
    """Whether a file is called as decision tables are, and not as a workbook."""
    return name.lower().endswith((".dmn", ".dmn.xml"))


def too_large_workbook() -> Exception:
    """The refusal of a file that is too large."""
    return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "workbook_too_large", _FIELD, most=MOST_BYTES // 1_000_000)


def shortened(name: str) -> str:
    """A file's name as it is kept and shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return last if len(last) <= MOST_NAME else "…" + last[1 - MOST_NAME :]
