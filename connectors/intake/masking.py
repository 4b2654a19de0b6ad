"""Numbers that say who somebody is are masked before anything reaches the log: phones, identity cards, plates.

A number that is longer than these, such as a grid's code of 15 digits, stays as it is. Full-width digits count, too.
"""

import re
from typing import Final

_D: Final = "[0-9０-９]"
_NOT_BEFORE: Final = f"(?<!{_D})"
_NOT_AFTER: Final = f"(?!{_D})"
_MOBILE: Final = re.compile(
    rf"{_NOT_BEFORE}((?:(?:[+＋]|00)?86[-\s]?)?[1１][3-9３-９]{_D})[-\s]?{_D}{{4}}[-\s]?{_D}{{2}}({_D}{{2}}){_NOT_AFTER}"
)
_LANDLINE: Final = re.compile(rf"{_NOT_BEFORE}([0０]{_D}{{2,3}}[-－\s]){_D}{{5,6}}({_D}{{2}}){_NOT_AFTER}")
_CARD: Final = re.compile(
    rf"{_NOT_BEFORE}({_D}{{6}})(?:18|19|20){_D}{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]{_D}|3[01]){_D}{{3}}[0-9０-９XxＸｘ]{_NOT_AFTER}"
)
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(
    rf"([{_PROVINCES}][A-HJ-NP-Z])([·•\s]?)(?=[A-HJ-NP-Z]*[0-9])[A-HJ-NP-Z0-9]{{3,4}}([A-HJ-NP-Z0-9]{{2}})(?![A-Za-z0-9])"
)


def masked(text: str) -> str:
    """The same text with stars in such numbers; masking it again changes nothing."""
    text = _CARD.sub(r"\1************", text)
    text = _MOBILE.sub(r"\1******\2", text)
    text = _LANDLINE.sub(r"\1*****\2", text)
    return _PLATE.sub(r"\1\2***\3", text)
