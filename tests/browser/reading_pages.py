"""Pages as a browser without script reads them and sends their forms."""

import json
import re
from typing import Any

from aiohttp import ClientResponse, ClientSession, FormData

from connectors.pages.app import FOLDER
from schemas.command import Act


async def text_of(browser: ClientSession, address: str, tongue: str = "zh-CN", *, status: int = 200) -> str:
    """The page at `address`."""
    async with browser.get(address, headers={"Accept-Language": tongue}) as answer:
        assert answer.status == status
        assert answer.content_type == "text/html"
        return await answer.text()


async def open_cases(answer: ClientResponse) -> dict[str, Any]:
    """What `/board/cases` says: its first line, and the `rows` of all others."""
    head, *lines = map(json.loads, (await answer.text()).splitlines())
    return {**head, "rows": [row for line in lines for row in line]}


def weight(page: str) -> int:
    """Bytes of a page with all that it loads from us: styles, scripts and what these import, icons."""
    seen: set[str] = set()
    left = re.findall(r'(?:src|href)="/assets/([^"#?]+)', page)
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            text = (FOLDER / name).read_text(encoding="utf-8") if name.endswith(".js") else ""
            left += re.findall(r'^import .* from "\./([^"]+)"', text, re.MULTILINE)
    return len(page.encode()) + sum((FOLDER / name).stat().st_size for name in seen)


async def post(browser: ClientSession, to: str, /, **fields: Any) -> tuple[str, str]:
    """Send a form with words, and bytes as photos; the address and the page that it ends on."""
    return (await _sent(browser, to, fields))[1:]


async def send(browser: ClientSession, to: str, /, **fields: Any) -> str:
    """Send a form that is taken; the page that it ends on."""
    status, _, page = await _sent(browser, to, fields)
    assert status == 200, page
    return page


async def _sent(browser: ClientSession, to: str, fields: dict[str, Any]) -> tuple[int, str, str]:
    form = FormData()
    for name, value in fields.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename="p.jpg", content_type="image/jpeg")
        else:
            form.add_field(name, value, content_type="text/plain")
    async with browser.post(to, data=form, headers={"Origin": str(browser._base_url).rstrip("/")}) as answer:
        return answer.status, str(answer.url.path_qs), await answer.text()


def offered(page: str) -> set[Act]:
    """Acts on the case itself, not the boxes about other cases."""
    body = re.sub(r'<div id="signs".*?<div id="what"', "", page, flags=re.S)
    return {Act(act) for act in re.findall(r'name="act" value="([a-z-]+)"', body)}
