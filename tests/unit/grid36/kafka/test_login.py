"""The log-in at Kafka: what may be left out, what is refused, and that no secret is shown."""

import json
import ssl
from pathlib import Path

import pytest
from pydantic import ValidationError

from grid36.kafka.login import KafkaLogin, KafkaLoginError, with_login
from schemas.names import Language
from schemas.servers import Servers, login_of, reach

USER = {"sasl_username": "grid36", "sasl_password": "invented-secret"}


def test_nothing_set_is_a_kafka_without_a_log_in() -> None:
    servers = with_login("kafka:9092")
    assert servers == "kafka:9092"
    assert reach(servers) == {"bootstrap_servers": "kafka:9092"}


def test_a_user_means_scram_over_tls() -> None:
    """A password never travels in the clear unless somebody says so."""
    login = login_of(KafkaLogin.model_validate(USER).at("kafka:9093"))
    assert login["security_protocol"] == "SASL_SSL"
    assert login["sasl_mechanism"] == "SCRAM-SHA-512"
    assert isinstance(login["ssl_context"], ssl.SSLContext)
    assert login["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    said = KafkaLogin.model_validate(USER | {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN"})
    assert set(login_of(said.at("kafka:9092"))) == {
        "security_protocol",
        "sasl_mechanism",
        "sasl_plain_username",
        "sasl_plain_password",
    }


def test_the_servers_are_shown_without_their_secrets() -> None:
    servers = KafkaLogin.model_validate(USER).at("kafka:9093")
    assert isinstance(servers, Servers)
    for shown in (str(servers), repr(servers), f"{servers}", json.dumps({"kafka": servers})):
        assert "kafka:9093" in shown
        assert "invented-secret" not in shown
    assert "invented-secret" not in repr(KafkaLogin.model_validate(USER))
    assert servers.split(",") == ["kafka:9093"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"sasl_username": "grid36"}, "GRID36_KAFKA_SASL_PASSWORD"),
        ({"sasl_password": "x"}, "GRID36_KAFKA_SASL_USERNAME"),
        ({"sasl_mechanism": "PLAIN"}, "GRID36_KAFKA_SASL_USERNAME"),
        ({"sasl_mechanism": "OAUTHBEARER"}, "GRID36_KAFKA_SASL_TOKEN_FILE"),
        ({"security_protocol": "SASL_SSL"}, "GRID36_KAFKA_SASL_USERNAME"),
        (USER | {"security_protocol": "SSL"}, "GRID36_KAFKA_SECURITY_PROTOCOL is SSL"),
        ({"security_protocol": "PLAINTEXT", "ssl_ca": "ca.pem"}, "GRID36_KAFKA_SECURITY_PROTOCOL is PLAINTEXT"),
        (USER | {"sasl_mechanism": "GSSAPI"}, "sasl_mechanism"),
    ],
)
def test_what_does_not_fit_together_names_the_variable(given: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        KafkaLogin.model_validate(given)


def test_a_wrong_variable_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_KAFKA_SASL_USERNAME", "grid36")
    with pytest.raises(KafkaLoginError, match="GRID36_KAFKA_SASL_PASSWORD"):
        with_login("kafka:9093")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, or no certificate at all; a key that asks for its password does not wait at the terminal."""
    with pytest.raises(KafkaLoginError, match="GRID36_KAFKA_SSL_CA"):
        KafkaLogin(ssl_ca=tmp_path / "none.pem").at("kafka:9093")
    text = tmp_path / "text.pem"
    text.write_text("no certificate")
    with pytest.raises(KafkaLoginError, match="GRID36_KAFKA_SSL_CA"):
        KafkaLogin(ssl_ca=text).at("kafka:9093")
    with pytest.raises(KafkaLoginError, match="_SSL_KEY_PASSWORD"):
        KafkaLogin(ssl_cert=text).at("kafka:9093")
    with pytest.raises(KafkaLoginError, match="GRID36_KAFKA_SASL_TOKEN_FILE"):
        KafkaLogin(sasl_token_file=tmp_path / "none").at("kafka:9093")


def test_what_is_wrong_is_told_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable to correct, and without its value."""
    monkeypatch.setenv("GRID36_KAFKA_SASL_USERNAME", "invented")
    monkeypatch.setenv("GRID36_KAFKA_SECURITY_PROTOCOL", "nonsense")
    with pytest.raises(KafkaLoginError) as caught:
        with_login("kafka:9092")
    zh, en = (caught.value.say(language) for language in (Language.ZH, Language.EN))
    assert "GRID36_KAFKA_SECURITY_PROTOCOL：不是可选值" in zh
    assert "Input" not in zh
    assert "GRID36_KAFKA_SECURITY_PROTOCOL: this must be " in en
    monkeypatch.delenv("GRID36_KAFKA_SECURITY_PROTOCOL")
    with pytest.raises(KafkaLoginError) as caught:
        with_login("kafka:9092")
    assert "须同时给出或都不给" in caught.value.say(Language.ZH)
    assert "invented" not in caught.value.say(Language.ZH)
