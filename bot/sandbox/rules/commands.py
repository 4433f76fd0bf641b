"""Application commands as a bot registers them."""

from __future__ import annotations

import unicodedata
from typing import Any

from bot.sandbox.refusals import Payload
from bot.sandbox.rules.form import Form, Path
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import is_snowflake

SLASH, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
WITH_CHOICES = (STRING, INTEGER, NUMBER)
_SCOPE_RULES = {SLASH: "scope.slash_commands", USER: "scope.user_commands", MESSAGE: "scope.message_commands"}
# \p{sc=Deva} and \p{sc=Thai} add the vowel signs of those scripts, which are marks and not letters
_SCRIPTS = ((0x0900, 0x097F), (0xA8E0, 0xA8FF), (0x0E01, 0x0E3A), (0x0E40, 0x0E5B))


def is_command_name(name: str) -> bool:
    r"""Tell whether a slash command or option may have a name: `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`."""
    low, high = RULES["command.name"].low, RULES["command.name"].high
    if not low <= len(name) <= high:
        return False
    letters = all(char in "-_'" or unicodedata.category(char)[0] in "LN" or _in_script(char) for char in name)
    return letters and name == name.lower()


def _in_script(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _SCRIPTS)


def check_scope(form: Form, commands: list[Any]) -> None:
    """Check a bulk overwrite: every command, how many of each type, and that names are unique per type."""
    names: set[tuple[int, str]] = set()
    for index, command in enumerate(commands):
        path: Path = (index,)
        if not isinstance(command, dict):
            form.fail(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        check_command(form, path, command)
        key = (command.get("type") or SLASH, str(command.get("name")))
        if key in names:
            form.fail(path, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        names.add(key)
    for kind, rule in _SCOPE_RULES.items():
        form.count((), [name for name in names if name[0] == kind], rule)


def check_command(form: Form, path: Path, command: Payload) -> None:
    """Check one command."""
    kind = command.get("type") or SLASH
    if not form.choose((*path, "type"), kind, (SLASH, USER, MESSAGE)):
        return
    name = command.get("name", "")
    if kind == SLASH:
        _check_name(form, (*path, "name"), name)
        form.text((*path, "description"), command.get("description", ""), "command.description")
        _check_options(form, path, command.get("options"), depth=0)
    else:
        form.text((*path, "name"), name, "command.name")
        if command.get("description"):
            message = "Context menu commands cannot have description"
            form.fail((*path, "description"), "APPLICATION_COMMAND_INVALID_DESCRIPTION", message)
        if command.get("options"):
            message = "Context menu commands cannot have options"
            form.fail((*path, "options"), "APPLICATION_COMMAND_INVALID_OPTIONS", message)
    _check_scopes(form, path, command)
    form.count(path, range(_characters(command)), "command.total")


def _check_scopes(form: Form, path: Path, command: Payload) -> None:
    permissions = command.get("default_member_permissions")
    if permissions is not None and not is_snowflake(permissions):
        form.fail((*path, "default_member_permissions"), "BITFIELD_TYPE_INVALID", "Not a permission bit set")
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, value in enumerate(form.listing((*path, key), command.get(key))):
            form.choose((*path, key, index), value, allowed)


def _check_name(form: Form, path: Path, name: Any) -> None:
    if not isinstance(name, str) or not is_command_name(name):
        code = "APPLICATION_COMMAND_INVALID_NAME"
        form.fail(path, code, f"Command name {name!r:.60} is invalid", "command.name")


def _check_options(form: Form, path: Path, value: Any, *, depth: int) -> None:
    options = form.listing((*path, "options"), value)
    form.count((*path, "options"), options, "command.options")
    names: set[str] = set()
    optional_seen = False
    types = {option.get("type") for option in options if isinstance(option, dict)}
    if types & {SUBCOMMAND, GROUP} and types - {SUBCOMMAND, GROUP}:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.fail((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    for index, option in enumerate(options):
        place = (*path, "options", index)
        if not isinstance(option, dict):
            form.fail(place, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        _check_option(form, place, option, depth=depth)
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            form.fail(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        name = str(option.get("name"))
        if name in names:
            form.fail(place, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", f"Option name {name!r} already exists")
        names.add(name)


def _check_option(form: Form, path: Path, option: Payload, *, depth: int) -> None:
    kind = option.get("type")
    if not form.choose((*path, "type"), kind, tuple(range(1, 12))):
        return
    _check_name(form, (*path, "name"), option.get("name", ""))
    form.text((*path, "description"), option.get("description", ""), "command.description")
    if kind in (SUBCOMMAND, GROUP):
        if depth > 1 or (kind == GROUP and depth > 0):
            form.fail((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply")
        if option.get("required"):
            form.fail((*path, "required"), "BASE_TYPE_CHOICES", "A sub-command cannot be required")
        _check_options(form, path, option.get("options"), depth=depth + 1)
        return
    choices = form.listing((*path, "choices"), option.get("choices"))
    form.count((*path, "choices"), choices, "command.choices")
    if choices and option.get("autocomplete"):
        code = "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE"
        form.fail((*path, "autocomplete"), code, "Choices and autocomplete are mutually exclusive")
    if (choices or option.get("autocomplete")) and kind not in WITH_CHOICES:
        form.fail((*path, "choices"), "BASE_TYPE_CHOICES", "Only strings and numbers have choices or autocomplete")
    check_choices(form, (*path, "choices"), choices, kind)
    form.number((*path, "min_length"), option.get("min_length"), "option.min_length")
    form.number((*path, "max_length"), option.get("max_length"), "option.max_length")
    _check_bounds(form, path, option, kind)


def _check_bounds(form: Form, path: Path, option: Payload, kind: Any) -> None:
    for low, high, kinds in (("min_length", "max_length", (STRING,)), ("min_value", "max_value", (INTEGER, NUMBER))):
        first, last = option.get(low), option.get(high)
        if (first is not None or last is not None) and kind not in kinds:
            form.fail((*path, low), "BASE_TYPE_CHOICES", f"{low} and {high} do not fit this option's type")
        if first is not None and last is not None and first > last:
            form.fail((*path, low), "NUMBER_TYPE_MAX", f"{low} must not exceed {high}")


def check_choices(form: Form, path: Path, choices: list[Any], kind: Any) -> None:
    """Check choices of an option, registered or offered by autocomplete."""
    for index, choice in enumerate(choices):
        place = (*path, index)
        if not isinstance(choice, dict):
            form.fail(place, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        form.text((*place, "name"), choice.get("name", ""), "choice.name")
        value = choice.get("value")
        if kind == STRING:
            form.text((*place, "value"), value, "choice.value")
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            form.fail((*place, "value"), "NUMBER_TYPE_COERCE", f'Value "{value!r:.40}" is not a number.')


def _characters(command: Payload) -> int:
    """Count a command's names, descriptions and choice values, options included; the longest translation counts."""
    total = _longest(command, "name") + _longest(command, "description")
    for choice in command.get("choices") or []:
        value = choice.get("value")
        total += _longest(choice, "name") + (len(value) if isinstance(value, str) else 0)
    options = [option for option in command.get("options") or [] if isinstance(option, dict)]
    return total + sum(_characters(option) for option in options)


def _longest(part: Payload, key: str) -> int:
    texts = [part.get(key), *(part.get(f"{key}_localizations") or {}).values()]
    return max(len(text) for text in texts if isinstance(text, str)) if any(isinstance(t, str) for t in texts) else 0
