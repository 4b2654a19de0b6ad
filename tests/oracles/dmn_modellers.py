"""Two modellers of others, in a browser: they open a DMN file, and save it as their users would.

dmn-js is in Camunda's modellers and reads DMN 1.3 only. Apache KIE's editor reads 1.5, and saves in 1.6.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Page

from grid36.settings import CHECKOUT
from tests.browser.browsing import chromium

_FETCHED: Final = CHECKOUT / ".modellers" / "node_modules"
DMN_JS: Final = _FETCHED / "dmn-js" / "dist" / "dmn-modeler.production.min.js"
KIE: Final = _FETCHED / "@kie-tools" / "dmn-editor-standalone" / "dist" / "index.js"
_HERE: Final = "http://modeller.invalid/"
_OPEN_DMN_JS: Final = """async ({file, rule, text}) => {
    const modeller = new DmnJS({container: '#modeller'});
    const {warnings} = await modeller.importXML(file);
    const rows = {}, views = modeller.getViews();
    for (const view of views) {
        await modeller.open(view);
        rows[view.id] = document.querySelectorAll('#modeller .rule-index').length;
    }
    const table = views.find(({id}) => id === 'routing');
    await modeller.open(table);
    if (text !== null) {
        const cells = table.element.decisionLogic.rule[rule].outputEntry;
        const viewer = modeller.getActiveViewer();
        const cell = viewer.get('elementRegistry').getAll().find((each) => each.businessObject === cells[0]);
        viewer.get('modeling').editCell(cell.businessObject, text);
    }
    const {xml} = await modeller.saveXML({format: true});
    return {warnings: warnings.map(String), rows, saved: xml};
}"""
_OPEN_KIE: Final = """(file) => {
    window.editor = DmnEditor.open({
        container: document.getElementById('modeller'), initialContent: Promise.resolve(file), readOnly: false,
        initialFileNormalizedPosixPathRelativeToTheWorkspaceRoot: 'rulebook.dmn',
        onError: () => { document.title = 'failed' },
    });
}"""


async def in_dmn_js(file: bytes, *, rule: int = 0, text: str | None = None) -> dict[str, Any]:
    """`warnings`, `rows` shown by decision, and the file as `saved`; with `text` in the first output of a routing rule.

    The rule is counted from 0. Raises an error of the browser with what the modeller says of a file that it refuses.
    """
    async with _page() as page:
        await page.add_script_tag(path=DMN_JS)
        found: dict[str, Any] = await page.evaluate(_OPEN_DMN_JS, {"file": file.decode(), "rule": rule, "text": text})
        return found


async def in_kie(file: bytes, shown: str) -> bytes:
    """The file as it is saved once the diagram shows a text."""
    async with _page() as page:
        await page.add_script_tag(path=KIE)
        await page.evaluate(_OPEN_KIE, file.decode())
        await page.frame_locator("iframe").get_by_text(shown, exact=True).first.wait_for()
        saved: str = await page.evaluate("() => editor.getContent()")
        assert await page.title() != "failed"
        return saved.encode()


@asynccontextmanager
async def _page() -> AsyncIterator[Page]:
    """An empty page of no server."""
    async with chromium(microphone=False) as browser:
        page = await browser.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(60_000)
        body = "<!doctype html><div id=modeller style='height: 950px'></div>"
        await page.route(_HERE, lambda route: route.fulfill(body=body, content_type="text/html"))
        await page.goto(_HERE)
        yield page
