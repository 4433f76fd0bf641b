"""Documentation that cannot fall behind: settings, commands, versions and the lock."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from bot.cli.main import COMMANDS, WrongSettings
from config.settings import DEFAULT_FILE, OTHER_VARIABLES, Settings, load_settings, variable_names

ROOT = Path(__file__).parents[2]


def test_every_setting_stands_in_default_toml_with_its_default() -> None:
    """Each field of each section is a key of default.toml (or a commented one, where its default is nothing)."""
    text = DEFAULT_FILE.read_text(encoding="utf-8")
    data = tomllib.loads(text)
    for section, info in Settings.model_fields.items():
        model = info.annotation
        assert model is not None
        for key, field in model.model_fields.items():
            if field.default is None:
                assert re.search(rf"^# {key} = ", text, re.MULTILINE), f"{section}.{key} is not in default.toml"
            else:
                assert data[section][key] == field.default, f"{section}.{key} differs from its class default"
        assert set(data[section]) <= set(model.model_fields)


def test_every_setting_is_explained() -> None:
    """Each key of default.toml follows a comment, or stands in a block of keys that begins with one."""
    previous = ""
    for line in DEFAULT_FILE.read_text(encoding="utf-8").splitlines():
        if re.match(r"^\w+ = ", line):
            assert previous.startswith("#") or re.match(r"^\w+ = ", previous), f"no comment above: {line}"
        previous = line


def test_default_toml_loads_to_the_class_defaults() -> None:
    """An installation without any configuration runs on the defaults of the classes."""
    assert load_settings(environ={}).model_dump() == Settings.model_construct().model_dump()


def test_every_setting_has_a_variable() -> None:
    """variable_names() names each setting once."""
    names = variable_names()
    assert (
        len(names)
        == len(set(names.values()))
        == sum(len(i.annotation.model_fields) for i in Settings.model_fields.values())
    )


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    """Each command imports, has a help text, and is named in the operator's guide."""
    module, _, name = COMMANDS[command].partition(":")
    found = getattr(import_module(module), name)
    assert found.name == command
    assert len(found.help or "") > 20
    assert f"pullquote {command}" in (ROOT / "docs/operating.md").read_text(encoding="utf-8")


def test_lock_pins_everything_exactly_with_torch_first() -> None:
    """requirements.lock holds ``name==version`` lines only, torch before all others, and no address."""
    lines = [line for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert lines[0] == "torch==2.13.0"
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line) for line in lines)


def test_lock_covers_every_dependency() -> None:
    """Each dependency of pyproject.toml, runtime and development, is pinned in the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [item for group in project["optional-dependencies"].values() for item in group]
    pinned = {
        re.sub(r"[-_.]+", "-", line.split("==")[0]).lower()
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    }
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=!\[ ]", item)[0]).lower() for item in wanted}
    assert names <= pinned, names - pinned


def test_changelog_names_the_version() -> None:
    """The version in pyproject.toml has its section in the changelog."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_environment_example_names_real_settings() -> None:
    """Each variable in .env.example, commented or not, is a setting."""
    names = re.findall(r"^#? ?(PULLQUOTE_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert names
    assert set(names) <= set(variable_names())


def test_the_systemd_unit_starts_what_there_is() -> None:
    """Its command exists, its variables and credential are settings, and it leaves wrong settings alone."""
    unit = (ROOT / "docs/examples/pullquote.service").read_text(encoding="utf-8")
    entries = re.findall(r"^([A-Za-z]+)=(.*)$", unit, re.MULTILINE)
    assert ("RestartPreventExitStatus", str(WrongSettings.exit_code)) in entries
    assert dict(entries)["ExecStart"].split()[1] in COMMANDS
    variables = {value.split("=")[0] for key, value in entries if key == "Environment"}
    assert variables <= set(variable_names()) | OTHER_VARIABLES
    section, _, key = dict(entries)["LoadCredential"].split(":")[0].partition("__")
    assert f"{section}.{key}" in variable_names().values()
