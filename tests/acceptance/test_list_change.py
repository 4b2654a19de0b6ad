"""动态调整: a certificate is refused, the front line proposes another list, a second person approves, it is handled."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from signal import SIGKILL
from time import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Download, expect

from grid36.cli.terminal.exit_codes import NO
from tests.accept.running import CommandFailed
from tests.browser.browsing import DESKTOP, Visitor, barriers, visitor
from tests.browser.page_story import LIVE_MS
from tests.processes.system import System
from tests.processes.waiting import block_until
from tests.worlds.workbooks import edited, opened

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
STEWARD, OTHER = "list-steward", "duty-desk"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("list"), kafka=kafka, partitions=4) as running:
        yield running


def felling(system: System, address: str, reporter: str) -> dict[str, Any]:
    """Somebody asks for the certificate; the case."""
    return system.answer("report", "--text", "林地采伐许可证明", "--address", address, "--as", reporter)


def until_in_force(told: dict[str, Any]) -> None:
    """The version that `told` activated decides everywhere from its time on."""
    block_until(lambda: time() * 1000 > told["from_ms"], "the time of the switch", 60)


def assignee_of(system: System, number: str) -> str:
    return str(system.answer("case", number)["case"]["assignee"])


def test_a_refused_certificate_becomes_a_change_of_the_list_and_is_handled(system: System) -> None:
    """A refusal leads to an approved change of the list; each case is explained by its own version."""
    first = felling(system, "湖滨南路12号", "resident-01")
    refused = system.answer("rules", "explain", first["case"])
    assert (first["state"], refused["outcome"], refused["item"]["id"]) == ("refused", "refused", "P03")

    proposal = system.answer(
        "rules", "propose", "--item", "P03", "--set", "verdict=handle", "--set", "lead=parks",
        "--about", first["case"], "--by", "head-01",
    )["case"]  # fmt: skip
    with pytest.raises(CommandFailed, match="ended with 1"):
        system.run("rules", "approve", proposal, "--by", "head-01")
    assert felling(system, "湖滨南路12号", "resident-02")["state"] in {"refused", "merged"}, "nothing changed yet"

    approved = system.answer("rules", "approve", proposal, "--by", "list-steward")
    assert (approved["item"], approved["by"], approved["already"]) == ("P03", "list-steward", False)
    until_in_force(approved)
    again = felling(system, "湖滨南路102号", "resident-03")
    handled = system.answer("rules", "explain", again["case"])
    assert (again["state"], handled["outcome"], handled["item"]["id"]) == ("dispatched", "dispatched", "P03")
    assert (refused["version"], handled["version"]) == tuple(
        version["version"] for version in system.answer("rules", "versions")["versions"]
    )
    assert system.answer("rules", "explain", first["case"]) == refused, "it stays refused, by its version"
    assert system.answer("case", first["case"])["case"]["state"] == "refused"

    repeated = system.answer("rules", "approve", proposal, "--by", "list-steward")
    assert (repeated["already"], repeated["id"]) == (True, approved["id"])
    assert system.settled_balance()["differences"] == []


def test_a_switch_is_taken_back(system: System) -> None:
    """`activate --back` lets the former rulebook decide again, although a worker is killed before the moment."""
    back = system.answer(
        "rules", "activate", "--back", "--by", "list-steward", "--note", "taken back", "--id", "back-1"
    )
    assert system.answer("rules", "activate", "--back", "--id", "back-1")["already"]
    assert system.signal("worker-1", SIGKILL)
    until_in_force(back)
    assert felling(system, "湖滨南路102号", "resident-04")["state"] == "refused"
    told = [(row["state"], row["note"]) for row in system.answer("rules", "versions")["versions"]]
    assert [state for state, _ in told] == ["past", "past", "in_force"]
    assert told[2][1] == "taken back"
    assert system.settled_balance()["differences"] == []


def test_what_has_errors_is_not_activated(system: System, tmp_path: Any) -> None:
    """A draft with errors is not activated, and every problem in it is named."""
    draft = tmp_path / "rulebook.yaml"
    text = (system.region / "rulebook.yaml").read_text(encoding="utf-8")
    draft.write_text(text.replace("department: parks", "department: no-such-body"), encoding="utf-8")
    before = system.answer("rules", "versions")
    told = system.ask("rules", "activate", str(tmp_path))
    assert not told["activated"]
    assert {problem["severity"] for problem in told["problems"]} >= {"error"}
    assert system._call("rules", "activate", str(tmp_path), limit_s=60).returncode == NO
    assert system.answer("rules", "versions") == before


def test_warnings_are_said_by_what_is_activated(system: System, tmp_path: Any) -> None:
    """Warnings stop no activation but are printed, here about a word that two categories share."""
    draft = tmp_path / "rulebook.yaml"
    text = (system.region / "rulebook.yaml").read_text(encoding="utf-8")
    draft.write_text(text.replace("words: [路面脏,", "words: [路面脏, 油污,"), encoding="utf-8")
    told = system.answer("rules", "activate", str(tmp_path))
    assert told["activated"]
    assert "warning" in {problem["severity"] for problem in told["problems"]}


def test_open_cases_are_with_who_replaces_their_people(system: System, tmp_path: Path) -> None:
    """Open cases move to who replaces their people; without a replacement nothing is activated."""
    case = system.answer("report", "--text", "路面油污", "--address", "橘灯路45号", "--as", "patroller-01")
    owner = case["assignee"]
    draft = tmp_path / "draft"
    copytree(system.region, draft)
    for file in (each for each in draft.iterdir() if each.suffix in {".csv", ".yaml", ".geojson"}):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(rf"\b{owner}\b", "supervisor-new", text), encoding="utf-8")
    told = system.ask("rules", "activate", str(draft))
    assert (told["activated"], told["unanswered"]) == (False, 1)
    assert "supervisor-new" in str(told["problems"])
    people = draft / "people.csv"
    lines = people.read_text(encoding="utf-8").splitlines()
    named = [f"{line},{owner if line.startswith('supervisor-new,') else ''}" for line in lines[1:]]
    people.write_text("\n".join([f"{lines[0]},replaces", *named, ""]), encoding="utf-8")
    made = system.answer("rules", "activate", str(draft))
    assert made["activated"]
    until_in_force(made)
    block_until(lambda: assignee_of(system, case["case"]) != owner, "another assignee", 60, 0.5)
    now = system.answer("case", case["case"])["case"]
    assert now["assignee"] == "supervisor-new"
    assert (now.get("due_ms"), now.get("hops", 0)) == (case["due_ms"], 0)
    assert system.settled_balance()["differences"] == []


async def until_approved_is_in_force(system: System, person: Visitor, address: str, by: str) -> None:
    """A second person approves it in their browser, and it is in force."""
    page = person.page
    await page.goto(f"/lists?as={by}")
    await page.locator(f'a[href="{address}"]').click()
    await page.locator('form[action$="/approve"] textarea').fill("同意")
    await page.locator('form[action$="/approve"] button').click()
    await expect(page.locator(".notice.good, .notice.plain").first).to_be_visible()
    await expect(page.locator('form[action$="/approve"]')).to_have_count(0)
    made = (await asyncio.to_thread(system.answer, "rules", "versions"))["versions"][-1]
    assert made["by"] == by
    await asyncio.to_thread(until_in_force, made)


async def downloaded(file: Download) -> bytes:
    """What a browser saved."""
    return await asyncio.to_thread(Path(await file.path()).read_bytes)


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_a_steward_changes_the_list_without_a_terminal(system: System, browser: Browser, tmp_path: Path) -> None:
    """From a faulty workbook to a list in force by a second person's approval, public at once, and back."""
    before = system.answer("rules", "versions")["versions"][-1]["version"]
    async with (
        visitor(browser, system.address, size=DESKTOP) as steward,
        visitor(browser, system.address, locale="en-GB") as second,
        visitor(browser, system.address, locale="en-GB") as stranger,
    ):
        await stranger.page.goto("/public-list?q=felling")
        felled = stranger.page.locator("#c-felling-permit")
        await expect(felled).to_contain_text("Not handled here. Go to Sample District Forestry Bureau")
        page = steward.page
        await page.goto(f"/lists?as={STEWARD}")
        async with page.expect_download() as loading:
            await page.locator('a[href="/lists/in-force.xlsx"]').click()
        workbook = await downloaded(await loading.value)
        right = edited(workbook, "事项", "P03", {"结论": "可办理", "主办": "parks"})
        (tmp_path / "faulty.xlsx").write_bytes(edited(right, "事项", "P03", {"主办": "no-such-body"}))
        (tmp_path / "right.xlsx").write_bytes(right)

        async def uploaded(name: str) -> None:
            await page.goto("/lists")
            await page.locator('input[type="file"]').set_input_files(tmp_path / name)
            await page.locator('form[action="/lists/drafts"] button').click()

        await uploaded("faulty.xlsx")
        await expect(page.locator("main")).to_contain_text("有错误，不能启用")
        async with page.expect_download() as loading:
            await page.locator('a[href$="/workbook.xlsx"]').click()
        remarked = await downloaded(await loading.value)
        assert any(cell.comment for row in opened(remarked)["事项"].iter_rows() for cell in row)
        await uploaded("right.xlsx")
        await expect(page.locator("main")).to_contain_text("没有错误，可以启用")
        await page.locator('form[action$="/propose"] textarea').fill("园林已在街道设窗口")
        await page.locator('form[action$="/propose"] button').click()
        await expect(page.locator('form[action$="/decline"]')).to_be_visible()
        assert await page.locator('form[action$="/approve"]').count() == 0, "nobody approves what they proposed"
        address = urlsplit(page.url).path
        await until_approved_is_in_force(system, second, address, OTHER)
        assert (await asyncio.to_thread(felling, system, "湖滨南路102号", "resident-05"))["state"] == "dispatched"
        await stranger.page.goto("/public-list?q=felling&now=1")
        await expect(felled).to_contain_text("the head of the grid")
        await expect(felled).not_to_contain_text("Not handled here")
        assert await barriers(stranger.page) == []
        stranger.faults.found[:] = [
            each for each in stranger.faults.found if "Canvas2D" not in each
        ]  # axe reads pixels

        await second.page.goto("/lists")
        await (
            second.page.locator("details", has=second.page.locator('form[action="/lists/back"]'))
            .locator("summary")
            .click()
        )
        await second.page.locator('form[action="/lists/back"] textarea').fill("窗口尚未开放")
        await second.page.locator('form[action="/lists/back"] button').click()
        await expect(second.page.locator('form[action$="/decline"]')).to_be_visible()
        await until_approved_is_in_force(system, steward, urlsplit(second.page.url).path, STEWARD)
        assert (await asyncio.to_thread(felling, system, "湖滨南路104号", "resident-06"))["state"] == "refused"
        await page.goto("/lists")
        await expect(page.locator("main")).to_contain_text("园林已在街道设窗口")
    assert system.answer("rules", "versions")["versions"][-1]["version"] == before


STEPS = "policy:\n  change_steps:\n    - {id: talk, name: {zh: 集体讨论, en: Discussion}, roles: [inspector]}\n"
STEPS += "    - {id: law, name: {zh: 法制审核, en: Legal check}, persons: [duty-desk]}\n"


async def agrees(person: Visitor, case: str, by: str, why: str) -> None:
    """Somebody says yes on the page of the case: in a step with an opinion, at the end without."""
    page = person.page
    await page.goto(f"/case/{case}?role=handler&as={by}")
    form = page.locator("form.approve-change")
    if why:
        await form.locator("textarea").fill(why)
    else:
        await expect(form.locator('input[name="day"]')).to_be_visible()
    await form.locator("button").click()
    if why:  # who decides about the list as well may go on there
        await expect(page.locator("ol.timeline")).to_contain_text(why, timeout=LIVE_MS)
    else:
        await expect(form).to_have_count(0, timeout=LIVE_MS)


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_a_change_that_is_approved_in_three_steps_is_in_force(
    system: System, browser: Browser, tmp_path: Path
) -> None:
    """Discussion, legal check, approval; then by itself, although the gateway is killed before the switch."""
    draft = tmp_path / "rulebook.yaml"
    text = (system.region / "rulebook.yaml").read_text(encoding="utf-8")
    draft.write_text(text.replace("policy:\n", STEPS), encoding="utf-8")
    told = await asyncio.to_thread(system.answer, "rules", "activate", str(tmp_path))
    await asyncio.to_thread(until_in_force, told)
    refused = await asyncio.to_thread(felling, system, "湖滨南路106号", "resident-07")
    proposal = system.answer(
        "rules", "propose", "--item", "P03", "--set", "verdict=handle", "--set", "lead=parks",
        "--about", refused["case"], "--by", "head-01",
    )["case"]  # fmt: skip
    async with (
        visitor(browser, system.address, locale="en-GB") as first,
        visitor(browser, system.address, size=DESKTOP) as second,
        visitor(browser, system.address) as third,
    ):
        await agrees(first, proposal, "inspector-1", "Three residents asked for it")
        await agrees(second, proposal, OTHER, "有依据")
        await expect(second.page.locator("main")).to_contain_text("Three residents asked for it", timeout=LIVE_MS)
        await agrees(third, proposal, STEWARD, "")
    assert system.signal("gateway", SIGKILL)
    made = await asyncio.to_thread(switched, system, f"list-{proposal}")
    assert made["by"] == STEWARD
    await asyncio.to_thread(until_in_force, made)
    assert (await asyncio.to_thread(felling, system, "湖滨南路108号", "resident-08"))["state"] == "dispatched"
    told = system.answer("rules", "approve", proposal, "--by", STEWARD)
    assert (told["already"], told["id"]) == (True, made["id"])
    ids = [version["id"] for version in system.answer("rules", "versions")["versions"]]
    assert ids.count(made["id"]) == 1
    assert system.settled_balance()["differences"] == []


def switched(system: System, id: str) -> dict[str, Any]:
    """The switch of this id, as soon as there is one."""

    def found() -> dict[str, Any] | None:
        versions = system.ask("rules", "versions").get("versions", [])
        return next((version for version in versions if version["id"] == id), None)

    block_until(lambda: found() is not None, "the switch of an approved change", 60, 0.5)
    made = found()
    assert made is not None
    return made
