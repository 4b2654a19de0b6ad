"""What settings of brokers and topics mean: as they should be, or changed by somebody."""

from pathlib import Path

from grid36.doctor.finding import Finding, FindingLevel
from grid36.doctor.kafka import broker_findings, partition_finding, topic_findings
from grid36.kafka.topics import KEPT, topic_settings
from grid36.settings import Settings
from schemas.system import Mode, System

SYSTEM = System(partitions=8, mode=Mode.LIVE, region="r", rulebook="b")
GOOD = {
    "offsets.retention.minutes": "259200", "transactional.id.expiration.ms": "604800000",
    "message.max.bytes": "2097152", "unclean.leader.election.enable": "false",
    "transaction.state.log.replication.factor": "3",
}  # fmt: skip


def told(findings: list[Finding]) -> dict[str, FindingLevel]:
    return {finding.check: finding.level for finding in findings}


def test_settings_of_brokers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, replication=3)
    assert told(broker_findings({"1": GOOD}, settings)) == {"kafka.settings": FindingLevel.OK}
    worse = {
        "offsets.retention.minutes": "10080", "transactional.id.expiration.ms": "3600000", "message.max.bytes": "1000",
        "unclean.leader.election.enable": "true", "transaction.state.log.replication.factor": "1",
    }  # fmt: skip
    found = broker_findings({"1": worse}, settings)
    assert told(found) == {
        "kafka.offsets": FindingLevel.WARN, "kafka.producers": FindingLevel.WARN, "kafka.record_size": FindingLevel.BAD,
        "kafka.unclean": FindingLevel.BAD, "kafka.copies": FindingLevel.BAD,
    }  # fmt: skip
    assert "7 days" in found[0].says.en


def test_topics_as_they_were_made_and_changed() -> None:
    made = {name: topic_settings(name, history=False, replication=1) for name in KEPT}
    assert told(topic_findings(made, SYSTEM, 1)) == {"kafka.topic": FindingLevel.OK}
    made["events"] = made["events"] | {"retention.ms": "604800000"}
    made["cases"] = made["cases"] | {"cleanup.policy": "delete"}
    found = topic_findings(made, SYSTEM, 1)
    assert [each.level for each in found] == [FindingLevel.BAD, FindingLevel.WARN]
    assert "events" in found[1].says.en
    assert "-1" in found[1].says.zh


def test_partitions_are_those_of_the_system() -> None:
    counts = {"events": 8, "rulebooks": 1}
    assert partition_finding(counts, SYSTEM).level is FindingLevel.OK
    wrong = partition_finding(counts | {"events": 9}, SYSTEM)
    assert wrong.level is FindingLevel.BAD
    assert "events 9" in wrong.says.en


def test_what_our_user_may_not_read_is_not_called_good(tmp_path: Path) -> None:
    """A broker answers without entries then."""
    assert told(broker_findings({"1": {}}, Settings(home=tmp_path))) == {"kafka.settings": FindingLevel.WARN}
    assert told(topic_findings({"events": {}}, SYSTEM, 1)) == {"kafka.topic": FindingLevel.WARN}
