"""The manifests are held against Kubernetes' own schemas, and against the program: commands, variables, image."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grid36.kafka.login import KafkaLogin
from grid36.settings import Settings
from tests.test_compose import COMPOSE, ROOT

FILES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
CHECKER = ROOT / ".kubernetes"
Json = dict[str, Any]


def documents() -> list[Json]:
    return [each for file in FILES for each in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def pods() -> list[Json]:
    return [each["spec"]["template"]["spec"] for each in documents() if "template" in each.get("spec", {})]


def containers() -> dict[str, Json]:
    return {each["name"]: each for pod in pods() for each in pod["containers"]}


def checked(*files: Path) -> subprocess.CompletedProcess[str]:
    """What the checker of manifests says of these, for the release in bin/setup."""
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", *map(str, files)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={"PYTHONPATH": str(CHECKER)})


def test_each_manifest_is_one_that_kubernetes_takes(tmp_path: Path) -> None:
    """Unknown fields count as wrong; what the checker does not know is only a warning of its own."""
    told = checked(*FILES)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.count("INFO") == len(documents()) == 7, told.stdout
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(FILES[-1].read_text(encoding="utf-8").replace("minReadySeconds", "minRedySeconds"))
    assert "minRedySeconds" in checked(wrong).stdout


def test_the_processes_are_those_of_compose_with_its_commands_and_image() -> None:
    compose = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
    assert containers().keys() == compose.keys()
    assert {name: each["args"] for name, each in containers().items()} == {
        name: service["command"] for name, service in compose.items()
    }
    assert {each["image"] for each in containers().values()} == {service["image"] for service in compose.values()}


def test_each_variable_is_a_setting_and_no_secret_is_written_down() -> None:
    (shared,) = [each["data"] for each in documents() if each["kind"] == "ConfigMap"]
    own = {each["name"]: each for container in containers().values() for each in container["env"]}
    known = {f"GRID36_{name}".upper() for name in Settings.model_fields}
    known |= {f"GRID36_KAFKA_{name}".upper() for name in KafkaLogin.model_fields}
    assert {*shared, *own} - known == set()
    assert [name for name in shared if "PASSWORD" in name or "SECRET" in name] == []
    assert [name for name, each in own.items() if "PASSWORD" in name and "secretKeyRef" not in each["valueFrom"]] == []
    assert [each for each in documents() if each["kind"] == "Secret"] == []


def test_the_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    (shared,) = [each["data"] for each in documents() if each["kind"] == "ConfigMap"]
    for name, container in containers().items():
        with monkeypatch.context() as process:
            plain = {each["name"]: each.get("value", "of-a-secret") for each in container["env"]}
            for variable, value in (shared | plain).items():
                process.setenv(variable, value)
            assert Settings().replication == 3, name
            assert KafkaLogin().protocol == "SASL_SSL"


@pytest.mark.parametrize("name", ["worker", "gateway", "ledger"])
def test_every_container_is_probed_asks_for_its_share_and_is_locked_up(name: str) -> None:
    container = containers()[name]
    assert {"startupProbe", "livenessProbe", "readinessProbe", "resources"} <= container.keys()
    assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"data", "tmp"} <= {mount["name"] for mount in container["volumeMounts"]}


def test_pods_run_as_the_user_of_the_image_and_may_ask_kubernetes_nothing() -> None:
    user = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"]
        assert f"useradd --uid {pod['securityContext']['runAsUser']} " in user
        assert not pod["automountServiceAccountToken"]


def test_what_has_one_file_is_there_once_and_workers_have_none() -> None:
    kinds = {each["kind"]: each["spec"] for each in documents() if "template" in each.get("spec", {})}
    assert kinds["StatefulSet"]["replicas"] == 1
    assert [each["name"] for each in kinds["StatefulSet"]["template"]["spec"]["containers"]] == ["gateway", "ledger"]
    assert all("persistentVolumeClaim" not in each for each in kinds["Deployment"]["template"]["spec"]["volumes"])
    assert kinds["Deployment"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
