"""The command on a real system, as a person and an operator use it: answers, exit codes, and every process killed."""

import asyncio
import json
import os
import re
import shlex
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import yaml
from aiokafka import AIOKafkaProducer
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from connectors.ledger.queries.cases import Ledger
from grid36.cli import run
from grid36.demo import lines_to_copy
from grid36.machine.home import Home
from grid36.machine.ports import free_port, is_free
from grid36.machine.process_identity import is_alive, is_stopped
from grid36.settings import CHECKOUT
from grid36.system.create import region_of
from schemas.codec import decode
from schemas.order import Written
from schemas.topics import partition_of
from tests.processes.system import System
from tests.processes.waiting import block_until

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


class Grid36:
    """The command within this process, on one home; the exit code must be the one that is expected."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._home, self._capsys, self._patch = home, capsys, patch

    def __call__(self, *words: str, code: int = 0) -> str:
        """All that it says."""
        out, err = self._run(words, code)
        return out + err

    def answer(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The one object on stdout."""
        out, _ = self._run((*words, "--json"), code)
        answer: dict[str, Any] = json.loads(out)
        return answer

    def is_well(self) -> bool:
        """Whether status says so."""
        with self._patch.context() as patch:
            patch.setenv("GRID36_HOME", str(self._home))
            return run(["status"]) == 0

    def is_balanced(self) -> bool:
        """Whether nothing is in flight and all is accounted for."""
        with self._patch.context() as patch:
            patch.setenv("GRID36_HOME", str(self._home))
            return run(["balance"]) == 0

    def _run(self, words: tuple[str, ...], code: int) -> tuple[str, str]:
        with self._patch.context() as patch:
            patch.setenv("GRID36_HOME", str(self._home))
            self._capsys.readouterr()
            ended = run(words)
        out, err = self._capsys.readouterr()
        assert ended == code, (words, out, err)
        assert "fault of Grid36" not in err
        return out, err


Calling = Callable[[Path], Grid36]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    port = next(first for first in iter(free_port, None) if all(map(is_free, range(first, first + 3))))
    with System(tmp_path_factory.mktemp("command"), partitions=4, metrics_port=port) as running:
        yield running


@pytest.fixture
def calling(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Calling:
    return lambda home: Grid36(home, capsys, monkeypatch)


@pytest.fixture
def grid36(system: System, calling: Calling) -> Grid36:
    return calling(system.home)


def test_status_says_what_runs_where(grid36: Grid36) -> None:
    """`status` lists every process with its id, the pages, the address of Kafka, and says that all is well."""
    answer = grid36.answer("status")
    assert {row["name"]: row["state"] for row in answer["processes"]} == dict.fromkeys(
        ["broker", "gateway", "ledger", "worker-1"], "running"
    )
    assert all(is_alive(row["pid"]) for row in answer["processes"])
    assert set(answer["urls"]) == {"reporter", "handler", "supervisor"}
    assert re.fullmatch(r"127\.0\.0\.1:\d+", answer["kafka"])
    assert answer["problems"] == []
    assert "一切正常" in grid36("status")
    assert "All is well" in grid36("--lang", "en", "status")


def test_a_report_goes_all_the_way(system: System, grid36: Grid36, tmp_path: Path) -> None:
    """The three lines that the demo prints report, resolve and close a case; a refused act exits with 1."""
    example = grid36.answer("report")
    assert (example["state"], bool(example["assignee"])) == ("dispatched", True)
    photo = tmp_path / "清洗后.jpg"
    Image.new("RGB", (64, 48), (170, 170, 160)).save(photo)
    report, resolve, verify = (shlex.split(line) for line in lines_to_copy(region_of(system.settings), photo))
    sent = grid36.answer(*report)
    assert grid36.answer(*report) == sent
    number, owner = sent["case"], sent["assignee"]
    assert grid36.answer("act", number, "acknowledge", "--by", owner)["state"] == "done"
    refused = grid36.answer(*verify, code=1)
    assert (refused["state"], bool(refused["why"])) == ("refused", True)
    assert grid36.answer("act", number, "resolve", "--by", owner, code=1)["state"] == "refused", "without a photo"
    assert grid36.answer(*resolve)["state"] == "done"
    assert grid36.answer(*verify)["state"] == "done"
    by = verify[verify.index("--by") + 1]
    assert grid36.answer("act", number, "rate", "--rating", "satisfied", "--by", by)["state"] == "done"
    told = grid36.answer("case", "my-report")
    assert (told["case"]["rating"], told["possible_duplicates"], told["reused_photos"]) == ("satisfied", [], [])
    assert (told["case"]["number"], told["case"]["state"], told["case"]["hops"]) == (number, "closed", 0)
    assert "处置用时" in grid36("case", number)
    assert "time to resolution" in grid36("--lang", "en", "case", number)


def test_one_act_on_several_cases_is_answered_for_each(grid36: Grid36, tmp_path: Path) -> None:
    """Numbers with commas between: each case has its own answer, and the exit code is 1 if one of them refuses."""
    first, second = (
        grid36.answer("report", "--text", "垃圾桶满溢", "--code", code, "--as", "patroller-01")["case"]
        for code in ("HBN-1", "CSL-3S")
    )
    both = f"{first},{second}"
    told = grid36.answer("act", both, "assign", "--to", "supervisor-02", "--by", "duty-desk")
    assert [(each["case"], each["state"]) for each in told["cases"]] == [(first, "done"), (second, "done")]
    grid36.answer("act", first, "assign", "--to", "supervisor-03", "--by", "street-chief")
    said = grid36("--lang", "en", "act", both, "assign", "--to", "supervisor-03", "--by", "duty-desk", code=1)
    assert f"{first}  refused: Segment supervisor 03 has the case already." in said
    assert f"{second}  done" in said
    photo = tmp_path / "p.jpg"
    Image.new("RGB", (64, 48)).save(photo)
    assert "one case" in grid36("--lang", "en", "act", both, "urge", "--by", "duty-desk", "--photo", str(photo), code=2)


def test_a_department_follows_its_orders(grid36: Grid36) -> None:
    """`consume` shows a department its orders, and names the departments when the code is wrong."""
    first = grid36.answer("consume", "sanitation", "--limit", "1")
    assert first["order"]["case"] == first["case"]
    assert "sanitation" in grid36("consume", "no-such-office", code=2)


def test_figures_and_proofs(grid36: Grid36) -> None:
    """`stats`, `balance`, `parked` and `ledger verify` add up after a report, also after a rebuild."""
    stats = grid36.answer("stats", "--by", "department")
    assert set(stats) == {"from", "to", "zone", "rows"}
    wanted = "key name opened closed on_time late open_late rework merged refused mean_s p50_s p90_s"
    wanted += " above_one_hop response_rate resolution_rate satisfaction_rate"
    assert set(stats["rows"][0]) >= set(wanted.split())
    assert "sanitation" in str(stats["rows"])
    block_until(grid36.is_balanced, "the balance")
    balance = grid36.answer("balance", "--deep")
    parts = ("routed", "refused", "merged", "waiting", "parked", "dropped")
    assert balance["accepted"] == sum(balance[part] for part in parts) >= 2
    assert set(balance) >= {"accepted", *parts, "in_flight", "parked_actions", "balanced"}
    assert (balance["in_flight"], balance["differences"], balance["mode"]) == (0, [], "live")
    assert grid36.answer("parked") == {"count": 0, "parked": []}
    assert "Rebuilt from" in grid36("--lang", "en", "ledger", "rebuild")
    assert grid36.answer("ledger", "verify") == {"equal": True, "differences": []}


def test_every_question_of_the_dashboard_and_the_alerts_has_an_answer(system: System, grid36: Grid36) -> None:
    """Gateway, ledger and worker tell figures on a port each; Grafana's file and the alerts ask for nothing else."""
    assert system.metrics_port is not None
    told: dict[str, set[str]] = {}
    values: dict[str, float] = {}
    for port in range(system.metrics_port, system.metrics_port + 3):
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            for family in text_string_to_metric_families(answer.read().decode()):
                assert family.documentation, family.name
                for sample in family.samples:
                    told.setdefault(sample.name, set()).update(sample.labels)
                    values[sample.name] = values.get(sample.name, 0) + sample.value
    dashboard = json.loads((CHECKOUT / "deploy" / "grafana" / "grid36.json").read_text(encoding="utf-8"))
    asked = [target for panel in dashboard["panels"] for target in panel.get("targets", [])]
    assert len(asked) > 20
    alerts = yaml.safe_load((CHECKOUT / "deploy" / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    assert {"up", *told} > {name for rule in rules for name in re.findall(r"\b(?:up\b|grid36_\w+)", rule["expr"])}
    asked += [rule | {"legendFormat": ""} for rule in rules if "up{" not in rule["expr"]]
    for target in asked:
        names = set(re.findall(r"\b(?:grid36|process)_\w+", target["expr"]))
        assert names, target
        assert names <= told.keys(), target["expr"]
        groups = re.findall(r"(?:by|on|group_left) \(([^)]*)\)", target["expr"])
        labels = {label for part in groups for label in part.split(", ")}
        labels |= set(re.findall(r"(\w+)=\"", target["expr"])) | set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
        assert labels - {"instance"} <= set().union(*(told[name] for name in names)), target
    balance = grid36.answer("balance")
    assert values["grid36_partition_reports_accepted_total"] == balance["accepted"]
    assert values["grid36_partition_events_total"] == values["grid36_ledger_events_total"] > 0
    assert values["grid36_time_to_dispatch_seconds_count"] >= 1
    assert values["grid36_worker_transactions_total"] > 0
    assert values["grid36_kafka_reachable"] == values["grid36_relay_connected"] == 1


def test_the_doctor_finds_a_running_system_well(grid36: Grid36) -> None:
    """`doctor` looks at machine, files, processes and Kafka, says a sentence for each, and finds nothing bad."""
    answer = grid36.answer("doctor")
    found = {row["check"]: row["level"] for row in answer["findings"]}
    wanted = "machine.java machine.disk machine.secrets running running.lag photos kafka kafka.settings kafka.topic"
    wanted += " kafka.partitions kafka.clock kafka.lost kafka.parked system.version database.ledger database.outbox"
    assert set(wanted.split()) <= set(found)
    assert [row for row in answer["findings"] if row["level"] == "bad"] == []
    assert "正常" in grid36("doctor")


def test_past_cases_from_another_program_come_in_with_what_can_be_read(grid36: Grid36, tmp_path: Path) -> None:
    """A GB 18030 export with semicolons and decimal commas comes in; days without hours give no minutes."""
    file, mapping = tmp_path / "past.csv", tmp_path / "past.yaml"
    rows = (
        "编号;日期;结案;经度;纬度;类别;说明",
        "past-1;2026-11-02;2026-11-04;118,0826;24,46;旧案路面;路面破损，请维修",
        "past-2;2026-11-02;2026-10-01;118,0826;24,46;旧案路面;结案日期有误",
        "past-3;2026-11-02;;;;旧案路面;没有写地点",
    )
    file.write_bytes("\n".join(rows).encode("gb18030"))
    mapping.write_text(
        "id: 编号\nreported_at: {column: 日期, zone: Asia/Shanghai}\nclosed_at: {column: 结案, zone: Asia/Shanghai}\n"
        "latitude: 纬度\nlongitude: 经度\ndatum: wgs84\ncategory: 类别\ntext: 说明\n",
        encoding="utf-8",
    )
    looked = grid36.answer("replay", str(file), "--mapping", str(mapping), "--check")
    assert (looked["encoding"], looked["separator"], looked["come_in"]) == ("gb18030", ";", 3)
    assert looked["places"] == {"found": 2, "no_place": 1}
    told = grid36("replay", str(file), "--mapping", str(mapping), "--through", "reports")
    assert [each["code"] for each in looked["left_out"]] == ["before_report"]
    assert "gb18030" in told
    (row,) = [each for each in grid36.answer("stats")["rows"] if each["key"] == "旧案路面"]
    assert (row["opened"], row["closed"], row["by_day"], row["mean_days"], row["mean_s"]) == (3, 1, 1, 2.0, None)
    metres, latin = tmp_path / "metres.csv", tmp_path / "latin.csv"
    metres.write_text("\n".join((rows[0], "past-4;2026-11-02;;2683256;1248117;;")), encoding="utf-8")
    latin.write_bytes("\n".join((rows[0], "past-5;2026-11-02;;;;Straße;")).encode("latin-1", "replace"))
    assert "datum: epsg:2056" in grid36(
        "replay", str(metres), "--mapping", str(mapping), "--through", "reports", code=2
    )
    grid36("replay", str(latin), "--mapping", str(mapping), "--through", "reports", code=2)
    block_until(grid36.is_balanced, "the balance")
    assert next(each for each in grid36.answer("stats")["rows"] if each["key"] == "旧案路面")["opened"] == 3


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("nonsense", 2, "No such command"),
        ("stats --by colour", 2, "'colour' is not one of"),
        ("stats --from yesterday", 2, "Write it like 2026-11-01"),
        ("stats --to 0001-01-01", 2, "not between the years"),
        ("report --lat 0 --lon 500 --category nope", 2, "[lon]"),
        ("report --lat 0 --lon 500 --category nope", 2, "[category]"),
        ("report --text x --photo /dev/zero", 2, "is not a file"),
        ("report --text x --photo {folder}", 2, "is a directory"),
        ("act 350203006-G001-2611-99999 verify --by x", 1, "no case with this number"),
        ("act ../.. verify --by x", 1, "no case with this number"),
        ("case {long}", 1, "no case with this number"),
        ("case", 2, "Missing argument"),
        ("replay /dev/zero --mapping {file}", 2, "is not a file"),
        ("up --region /dev/null", 2, "is not a folder"),
        ("replay {file} --mapping {file}", 2, "rubbish.csv"),
        ("region check {folder}", 1, "region.yaml"),
        ("region new {folder}/r --tile 1,2,3", 2, "four numbers"),
        ("consume ../etc", 2, "no department of this code"),
        ("ledger verify --no", 2, "No such option"),
        ("worker --name a/b", 2, "letters, digits"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(grid36: Grid36, tmp_path: Path, words: str, code: int, says: str) -> None:
    """Each wrong command line ends with a sentence that says what is wrong, and with its exit code."""
    file = tmp_path / "rubbish.csv"
    file.write_bytes(b"\xff\x00,;\n")
    told = grid36("--lang", "en", *shlex.split(words.format(folder=tmp_path, file=file, long="9" * 5000)), code=code)
    assert says in told


def test_a_second_up_and_another_region_are_refused(grid36: Grid36, tmp_path: Path) -> None:
    """A home holds one system, and that system keeps the region it was created with."""
    assert "is up already" in grid36("--lang", "en", "up", "--detach", code=2)
    grid36("region", "new", str(tmp_path / "r"), "--tile", "0,0,0.01,0.01", "--cell", "500", "--code", "other")
    assert "works for another region" in grid36("--lang", "en", "up", "--region", str(tmp_path / "r"), code=2)


@pytest.mark.parametrize("name", ["worker-1", "broker"])
def test_a_stopped_process_is_shown_and_status_is_quick(system: System, grid36: Grid36, name: str) -> None:
    """`status` answers within 2 s, and names a stopped process with the command that continues it."""
    system.signal(name, signal.SIGSTOP)
    block_until(lambda: is_stopped(system.pids()[name]), "the signal to arrive")
    try:
        began = monotonic()
        told = grid36.answer("status", code=1)
        took = monotonic() - began
        assert {row["name"]: row["state"] for row in told["processes"]}[name] == "stopped"
        assert any("kill -CONT" in problem for problem in told["problems"])
        assert took < 2
    finally:
        system.signal(name, signal.SIGCONT)
    block_until(grid36.is_well, "all is well")


def test_every_process_may_be_killed(system: System, grid36: Grid36) -> None:
    """Reports are accepted while Kafka is away; every killed process returns, and each report counts once."""
    before, pids = grid36.answer("balance")["accepted"], system.pids()
    for name in ("broker", "worker-1", "ledger"):
        system.signal(name, signal.SIGKILL)
    assert grid36.answer("status", code=1)["problems"] != []
    for name, house in (("away-1", 5), ("away-2", 7)):
        sent = grid36.answer("report", "--id", name, "--text", "路面积水", "--address", f"晨光街{house}号")
        assert sent["report"] == name
    system.signal("gateway", signal.SIGKILL)
    block_until(grid36.is_well, "all is well", 60)
    assert set(pids.values()).isdisjoint(system.pids().values())
    block_until(grid36.is_balanced, "the balance")
    balance = grid36.answer("balance", "--deep")
    assert (balance["accepted"], balance["differences"]) == (before + 2, [])
    assert grid36.answer("case", "away-2")["case"]["report"] == "away-2"


def test_up_itself_may_be_killed(system: System, grid36: Grid36) -> None:
    """The processes go on without `up`, `status` says so, and the next `up` takes over."""
    before, pids = grid36.answer("balance")["accepted"], system.pids()
    supervisor = Home(system.home).supervisor()
    assert supervisor is not None
    os.kill(supervisor, signal.SIGKILL)
    block_until(lambda: not is_alive(supervisor), "it is gone")
    assert "was killed" in grid36.answer("status", code=1)["problems"][0]
    assert system.pids() == pids
    assert grid36.answer("report", "--id", "orphan", "--text", "路面积水", "--address", "晨光街9号")["case"]
    system.run("up", "--detach", limit_s=240)
    assert not any(is_alive(pid) for pid in pids.values())
    block_until(grid36.is_balanced, "the balance")
    assert grid36.answer("balance")["accepted"] == before + 1


def test_the_demo_plays_beside_it(system: System, calling: Calling, tmp_path: Path) -> None:
    """The demo runs in a home of its own beside a live system, and leaves nothing running."""
    before, home = system.pids(), tmp_path / "demo"
    told = System(home).run("--lang", "en", "demo", "--exit", limit_s=240)
    assert "is closed; took" in told
    assert "accepted 1 = routed 1 + refused 0" in told
    assert len(re.findall(r"^ .*(report --id|resolve|verify)", told, re.MULTILINE)) == 3
    calling(home)("status", code=3)
    assert system.pids() == before
    assert "您自己的系统" in calling(_home_like(tmp_path / "own"))("demo", code=2)


def _home_like(folder: Path) -> Path:
    (folder / "kafka").mkdir(parents=True)
    return folder


def test_what_is_parked_turns_the_status_red(system: System, grid36: Grid36) -> None:
    """A report that nobody can process is counted and shown with its reason, and `status` calls it a problem."""
    before = grid36.answer("balance")

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=system.servers) as producer:
            bad = b'{"type":"report","v":1,"id":"bad-1","received_ms":"yesterday"}'
            await producer.send_and_wait("reports", bad, key=b"bad-1", partition=0)

    asyncio.run(send())
    block_until(lambda: grid36.answer("parked")["count"] == 1, "it is parked")
    assert grid36.answer("parked")["parked"][0]["id"] == "bad-1"
    block_until(grid36.is_balanced, "the balance")
    balance = grid36.answer("balance")
    assert (balance["accepted"], balance["parked"]) == (before["accepted"] + 1, 1)
    block_until(lambda: not grid36.is_well(), "status knows")
    assert "1 report" in grid36.answer("status", code=1)["problems"][0]
    with urlopen(f"{system.address}/api/reports/bad-1") as answer:  # noqa: S310  # our own address
        told = json.loads(answer.read())
    assert (told["state"], bool(told["why"])) == ("parked", True)


def test_a_parked_report_is_looked_at_tried_again_and_dropped(system: System, grid36: Grid36) -> None:
    """`parked show` has the content, `retry` makes it a case once, `drop` says who looked; all counts follow."""
    long_ago = time.time_ns() // 1_000_000 - 60 * 86_400_000
    old = {
        "type": "report", "id": "old-1", "text": "路面有油污", "place": {"address": "湖滨南路12-8号"},
        "reporter": {"id": "patroller-01"}, "door": "cli", "received_ms": long_ago,
    }  # fmt: skip

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=system.servers) as producer:
            value = json.dumps(old, ensure_ascii=False).encode()
            await producer.send_and_wait("reports", value, key=b"old-1", partition=partition_of("old-1", 4))

    before = grid36.answer("balance")
    asyncio.run(send())
    block_until(lambda: any(row["id"] == "old-1" for row in grid36.answer("parked")["parked"]), "it is parked")
    records = {row["id"]: row["record"] for row in grid36.answer("parked", "list")["parked"]}
    shown = grid36.answer("parked", "show", records["old-1"])
    assert (shown["error"], shown["topic"], shown["whole"]) == ("ReportTooOldError", "reports", True)
    assert "路面有油污" in shown["content"]
    assert "路面有油污" not in grid36("parked", "list")
    retry = "parked", "retry", records["old-1"], "--by", "duty-desk", "--why", "the patroller's phone was off"
    assert grid36.answer(*retry)["outcome"] == "retried"
    assert "settled" in grid36("--lang", "en", *retry, code=2)

    def is_case() -> bool:
        try:
            with urlopen(f"{system.address}/api/reports/old-1") as answer:  # noqa: S310  # our own address
                return json.loads(answer.read())["state"] not in ("parked", "accepted")
        except HTTPError:  # no door has accepted it, so the gateway knows it only from the ledger
            return False

    block_until(is_case, "it has its case")
    assert grid36.answer("case", "old-1")["case"]["state"] == "dispatched"
    bad = records["bad-1"]
    assert grid36.answer("parked", "retry", bad, "--by", "duty-desk", code=1)["outcome"] == "failed"
    assert grid36.answer("parked", "show", bad)["outcomes"][0]["outcome"] == "failed"
    assert "white space" in grid36("--lang", "en", "parked", "drop", bad, "--by", "duty desk", "--why", "x", code=2)
    assert grid36.answer("parked", "drop", bad, "--by", "duty-desk", "--why", "a test")["outcome"] == "dropped"
    assert "no parked record" in grid36("--lang", "en", "parked", "show", "9-9", code=2).lower()
    assert not {"old-1", "bad-1"} & {row["id"] for row in grid36.answer("parked")["parked"]}
    settled = {row["id"]: row for row in grid36.answer("parked", "list", "--settled")["parked"]}
    assert (settled["bad-1"]["by"], settled["bad-1"]["why"], settled["bad-1"]["failed_again"]) == (
        "duty-desk",
        "a test",
        1,
    )
    block_until(grid36.is_balanced, "the balance")
    balance = grid36.answer("balance", "--deep")
    assert balance["differences"] == []
    assert (balance["accepted"], balance["routed"]) == (before["accepted"] + 1, before["routed"] + 1)
    assert (balance["parked"], balance["dropped"]) == (before["parked"] - 1, before["dropped"] + 1)
    block_until(grid36.is_well, "status is quiet")


def test_the_logs_have_ids_and_nobodys_words(system: System) -> None:
    """After all of this no line of any log has a text that somebody wrote or the name of a person."""
    ledger = Ledger(system.settings.ledger_file)
    written = {decode(Written, raw).text for (raw,) in ledger.rows("SELECT written FROM texts")}
    people = {name for person in region_of(system.settings).persons for name in (person.name.zh, person.name.en)}
    ledger.close()
    private = {words for words in written | people if len(words) > 3}
    assert len(private) > 10
    lines = system.logged()
    assert [(line["event"], words) for line in lines for words in private if words in json.dumps(line)] == []
    raw = "".join(file.read_text() for file in (system.home / "logs").glob("*.log"))
    assert [words for words in private if words in raw] == []
    (parked,) = [line for line in lines if line.get("report") == "old-1"]
    assert (parked["error"], "reports" in parked["event"]) == ("ReportTooOldError", True)


def test_nothing_up_is_exit_code_3(calling: Calling, tmp_path: Path) -> None:
    """Without a running system every command exits with 3 and says how to start one."""
    nowhere = calling(tmp_path)
    for words in ("status", "balance", "report --text x", "consume sanitation", "ledger verify", "stats"):
        assert "grid36 up" in nowhere(*words.split(), code=3)
    assert nowhere("down") == "没有正在运行的系统。\n"
