"""This machine: Java, the disk under the home folder, who may read its secrets, certificates."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Final

from pydantic import ValidationError

from grid36.doctor.finding import Finding, bad, ok, warn
from grid36.kafka.login import KafkaLogin
from grid36.settings import Settings

GB: Final = 1 << 30
LEAST_GB: Final = 1.0
"""Below this the disk may be full within hours: Kafka stops, and nothing can be accepted."""
FEW_GB: Final = 5.0
JAVA_LEAST: Final = 17
EXPIRES_DAYS: Final = 30
SECRETS: Final = ("key", "accounts.sqlite", "contacts.sqlite", "subscriptions.sqlite", "doors/*/*.sqlite")


def check_machine(settings: Settings) -> Iterator[Finding]:
    """All of it."""
    releases = {"release": version("grid36"), "python": python_version(), "sqlite": sqlite3.sqlite_version}
    yield ok("machine.release", "doctor.release", **releases)
    if settings.kafka is None:
        yield check_java(settings)
    yield from check_home(settings)
    yield from check_certificates(settings)


def check_java(settings: Settings) -> Finding:
    """Java and Kafka's jars, where the embedded Kafka is used."""
    java = shutil.which(settings.java)
    if java is None:
        return bad("machine.java", "doctor.java.missing")
    said = subprocess.run([java, "-version"], check=False, capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < JAVA_LEAST:
        return bad("machine.java", "doctor.java.old", found=said.splitlines()[0] if said else java)
    if not any(settings.jar_folder.glob("kafka_*.jar")):
        return bad("machine.java", "doctor.java.jars", folder=settings.jar_folder)
    return ok("machine.java", "doctor.java.good", found=found[1])


def check_home(settings: Settings, least_gb: float = LEAST_GB, few_gb: float = FEW_GB) -> Iterator[Finding]:
    """The folder, its disk, and files that only its owner may read."""
    folder = settings.home
    if not folder.exists():
        yield warn("machine.home", "doctor.home.missing", home=folder)
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield bad("machine.home", "doctor.home.unwritable", home=folder)
    else:
        yield ok("machine.home", "doctor.home.good", home=folder)
    disk = shutil.disk_usage(folder)
    facts = {"free": f"{disk.free / GB:.1f}", "of": f"{disk.total / GB:.0f}"}
    if disk.free < least_gb * GB:
        yield bad("machine.disk", "doctor.disk.full", **facts)
    elif disk.free < few_gb * GB:
        yield warn("machine.disk", "doctor.disk.few", **facts)
    else:
        yield ok("machine.disk", "doctor.disk.good", **facts)
    files = [file for pattern in SECRETS for file in folder.glob(pattern)]
    files += [each for each in (settings.metrics_key, settings.tls_key) if each is not None and each.exists()]
    if read := [file.name for file in files if file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)]:
        yield bad("machine.secrets", "doctor.secrets.read", files=", ".join(sorted(read)), home=folder)
    elif files:
        yield ok("machine.secrets", "doctor.secrets.good", n=len(files))


def check_certificates(settings: Settings) -> Iterator[Finding]:
    """Until when those of the pages, and those for Kafka, are valid."""
    files = {"GRID36_TLS_CERT": settings.tls_cert}
    try:
        login = KafkaLogin()
    except ValidationError:  # said where Kafka is asked
        login = None
    if login is not None:
        files |= {"GRID36_KAFKA_SSL_CA": login.ssl_ca, "GRID36_KAFKA_SSL_CERT": login.ssl_cert}
    for name, file in files.items():
        if file is not None:
            yield _certificate(name, file)


def _certificate(name: str, file: Path) -> Finding:
    from cryptography import x509  # heavy, and only where there is a certificate

    check = f"certificate.{name.removeprefix('GRID36_').lower()}"
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as fault:
        return bad(check, "doctor.certificate.unreadable", name=name, file=file, says=fault)
    ends = min(each.not_valid_after_utc for each in found)
    days = (ends - datetime.now(UTC)).days
    facts = {"name": name, "day": f"{ends:%Y-%m-%d}", "days": days}
    if days < 0:
        return bad(check, "doctor.certificate.over", **facts)
    return (warn if days < EXPIRES_DAYS else ok)(check, "doctor.certificate.ends", **facts)
