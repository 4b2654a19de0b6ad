"""What the doctor says of this machine."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from grid36.doctor.finding import Finding, FindingLevel
from grid36.doctor.machine import check_certificates, check_home, check_java
from grid36.settings import Settings


def by_check(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


def test_java_and_the_jars_are_looked_for(tmp_path: Path) -> None:
    assert "make setup" in check_java(Settings(home=tmp_path, java="no-such-java")).says.en
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019' >&2\n")
    old.chmod(0o755)
    assert "11.0.2" in check_java(Settings(home=tmp_path, java=str(old))).says.en
    old.write_text("#!/bin/sh\necho 'openjdk version \"21.0.2\" 2024' >&2\n")
    assert check_java(Settings(home=tmp_path, java=str(old), jars=tmp_path)).level is FindingLevel.BAD
    (tmp_path / "kafka_2.13-4.3.0.jar").touch()
    assert check_java(Settings(home=tmp_path, java=str(old), jars=tmp_path)).level is FindingLevel.OK


def test_room_and_rights_of_the_home(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch(mode=0o600)
    settings = Settings(home=tmp_path)
    found = by_check(check_home(settings, least_gb=0, few_gb=0))
    assert {each.level for each in found.values()} == {FindingLevel.OK}
    assert set(found) == {"machine.home", "machine.disk", "machine.secrets"}
    key.chmod(0o644)
    found = by_check(check_home(settings, least_gb=0, few_gb=10**9))
    assert (found["machine.secrets"].level, found["machine.disk"].level) == (FindingLevel.BAD, FindingLevel.WARN)
    assert "key" in found["machine.secrets"].says.zh
    assert by_check(check_home(settings, least_gb=10**9))["machine.disk"].level is FindingLevel.BAD
    (missing,) = check_home(Settings(home=tmp_path / "nowhere"))
    assert missing.level is FindingLevel.WARN


@pytest.mark.parametrize(("days", "level"), [(400, FindingLevel.OK), (20, FindingLevel.WARN), (-2, FindingLevel.BAD)])
def test_certificates_are_told_of_before_they_end(tmp_path: Path, days: int, level: FindingLevel) -> None:
    pair, cert, key = trustme.CA(), tmp_path / "cert.pem", tmp_path / "key.pem"
    issued = pair.issue_cert("city.example", not_after=datetime.now(UTC) + timedelta(days=days, hours=1))
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    (found,) = check_certificates(Settings(home=tmp_path, tls_cert=cert, tls_key=key))
    assert (found.check, found.level) == ("certificate.tls_cert", level)
    cert.write_text("no certificate")
    (found,) = check_certificates(Settings(home=tmp_path, tls_cert=cert, tls_key=key))
    assert found.level is FindingLevel.BAD
