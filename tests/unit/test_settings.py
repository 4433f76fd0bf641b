"""Where settings come from, which source wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings


def test_strongest_source_wins(tmp_path: Path) -> None:
    """Arguments beat the environment, which beats secrets, which beat local.toml, which beats the defaults."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    local = tmp_path / "local.toml"
    local.write_text('[log]\nlevel = "ERROR"\n[retrieval]\ntop_k = 4\n[encoder]\nthreads = 4\nbatch_size = 4\n')
    (secrets / "encoder__threads").write_text("5")
    (secrets / "encoder__batch_size").write_text("5")
    environ = {
        "PULLQUOTE_CONFIG_FILE": str(local),
        "PULLQUOTE_SECRETS_DIR": str(secrets),
        "PULLQUOTE_ENCODER__BATCH_SIZE": "6",
        "PULLQUOTE_LOG__LEVEL": "DEBUG",
    }
    settings = load_settings({"log": {"level": "WARNING"}}, environ=environ)
    assert settings.log.level == "WARNING"
    assert settings.encoder.batch_size == 6
    assert settings.encoder.threads == 5
    assert settings.retrieval.top_k == 4
    assert settings.retrieval.keep_token_vectors is True


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PULLQUOTE_DISCRD__TOKEN", "x", "PULLQUOTE_DISCORD__TOKEN"),
        ("PULLQUOTE_DISCORD__TOKN", "x", "PULLQUOTE_DISCORD__TOKEN"),
        ("PULLQUOTE_ENCODER__THREADS", "0", "encoder.threads"),
        ("PULLQUOTE_LOG__LEVEL", "LOUD", "log.level"),
        ("PULLQUOTE_DISCORD__API_BASE", "https://discord.example/api", "loopback"),
        ("PULLQUOTE_DISCORD__GATEWAY_URL", "ws://10.0.0.1/gateway", "loopback"),
        ("PULLQUOTE_DISCORD__API_BASE", "http://127.0.0.1.example.org/", "loopback"),
        ("PULLQUOTE_CONFIG_FILE", "/nowhere/local.toml", "not a file"),
        ("PULLQUOTE_SECRETS_DIR", "/nowhere", "does not exist"),
    ],
)
def test_wrong_setting_is_refused_by_name(variable: str, value: str, says: str) -> None:
    """A wrong name or value is refused in a sentence that names it."""
    with pytest.raises(SettingsError, match=says):
        load_settings(environ={variable: value})


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/api", "http://localhost:1", "http://[::1]:9/x", "http://127.8.8.8"]
)
def test_loopback_addresses_are_accepted(address: str) -> None:
    """The sandbox and the tests may point the bot at this machine."""
    assert load_settings(environ={"PULLQUOTE_DISCORD__API_BASE": address}).discord.api_base == address


def test_token_never_shows(tmp_path: Path) -> None:
    """Neither the settings' text nor an error about another setting prints the token."""
    local = tmp_path / "local.toml"
    local.write_text('[discord]\ntoken = "very.secret.token"\nprivate_answers = "perhaps"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(environ={"PULLQUOTE_CONFIG_FILE": str(local)})
    assert "very.secret.token" not in str(caught.value)
    settings = load_settings(environ={"PULLQUOTE_DISCORD__TOKEN": "very.secret.token"})
    assert "very.secret.token" not in repr(settings)


def test_unknown_key_in_a_file_is_refused(tmp_path: Path) -> None:
    """A misspelt key in local.toml is refused, not ignored."""
    local = tmp_path / "local.toml"
    local.write_text("[retrieval]\ntop_q = 3\n")
    with pytest.raises(SettingsError, match=r"retrieval\.top_q"):
        load_settings(environ={"PULLQUOTE_CONFIG_FILE": str(local)})


def test_dotenv_of_the_working_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """.env is read, the environment beats it, and other programs' variables in it do no harm."""
    monkeypatch.chdir(tmp_path)
    for name in ("PULLQUOTE_LOG__LEVEL", "PULLQUOTE_RETRIEVAL__TOP_K"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("OTHER=1\nPULLQUOTE_LOG__LEVEL=ERROR\nPULLQUOTE_RETRIEVAL__TOP_K=5\n")
    monkeypatch.setenv("PULLQUOTE_RETRIEVAL__TOP_K", "6")
    settings = load_settings()
    assert (settings.log.level, settings.retrieval.top_k) == ("ERROR", 6)
