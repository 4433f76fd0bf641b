"""Every bound in the table holds: taken at the bound, refused one past it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.refusals import Refusal
from bot.sandbox.rules.commands import is_command_name
from bot.sandbox.rules.laws import LAWS
from bot.sandbox.rules.listing import render
from bot.sandbox.rules.mentions import INTERACTION_DEFAULT, MESSAGE_DEFAULT, find_pings
from bot.sandbox.rules.messages import Upload, check_message
from bot.sandbox.rules.table import RULES
from tests.discord.emulator import bodies
from tests.discord.emulator.bodies import SIZED, button, link, option, parameter, row, select, text
from tests.discord.emulator.proofs import PROVED, proves
from tests.discord.emulator.wire import Wire, codes
from tests.discord.harness import Town

# an address of one character has no scheme, and a row with no select is a row with no button
WITHOUT_SMALLEST = {"button.url", "media.url", "row.selects"}


def test_every_rule_has_a_case_and_a_source() -> None:
    """No bound and no law is left unproved or without its source, wherever in this folder its proof stands."""
    for path in Path(__file__).parent.glob("test_*.py"):
        importlib.import_module(f"tests.discord.emulator.{path.stem}")
    assert set(SIZED) <= set(RULES)
    assert sorted({*RULES, *LAWS} - {*SIZED, *PROVED}) == []
    sources = [rule.source for rule in [*RULES.values(), *LAWS.values()]]
    assert all(source.startswith(("D: ", "S: ", "?: ")) for source in sources)
    assert not set(RULES) & set(LAWS)


@pytest.mark.parametrize("name", SIZED)
def test_bound_is_taken_and_one_past_it_refused(name: str) -> None:
    """The largest and smallest sizes pass, one more or one less is refused for this very rule."""
    rule, check = RULES[name], SIZED[name]
    check(rule.high)
    with pytest.raises(Refusal) as refused:
        check(rule.high + 1)
    assert name in refused.value.rules
    if rule.low > 0 and name not in WITHOUT_SMALLEST:
        check(rule.low)
        with pytest.raises(Refusal) as refused:
            check(rule.low - 1)
        assert name in refused.value.rules


@proves("message.empty", "message.flags", "layout.old_fields", "component.place", "mentions.exclusive")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 50006),
        ({"content": ""}, 50006),
        ({"content": " \n "}, 50006),
        ({"flags": 1 << 15, "components": []}, 50006),
        ({"content": 5}, 50035),
        ({"content": "c", "flags": 1 << 6}, 50035),
        ({"content": "c", "flags": 1 << 15, "components": [text()]}, 50035),
        ({"embeds": [{"title": "t"}], "flags": 1 << 15, "components": [text()]}, 50035),
        ({"embeds": [{}]}, 50035),
        ({"embeds": [{"title": "  "}]}, 50035),
        ({"embeds": "no list"}, 50035),
        ({"embeds": [{"title": "t", "url": "ftp://example.org"}]}, 50035),
        ({"content": "c", "components": [text()]}, 50035),
        ({"content": "c", "components": [button()]}, 50035),
        ({"flags": 1 << 15, "components": [button()]}, 50035),
        ({"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 17, "components": [text()]}]}]}, 50035),
        ({"flags": 1 << 15, "components": [{"type": 9, "components": [text()]}]}, 50035),
        ({"flags": 1 << 15, "components": [{"type": 13, "file": {"url": "attachment://missing.txt"}}]}, 50035),
        ({"content": "c", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035),
        ({"content": "c", "allowed_mentions": {"parse": ["nobody"]}}, 50035),
        ({"content": "c", "attachments": [{"id": 3}]}, 50035),
    ],
)
def test_body_without_a_numbered_bound_is_refused(body: dict[str, object], code: int) -> None:
    """Empty messages, wrong places, wrong kinds and excluding fields get their codes."""
    with pytest.raises(Refusal) as refused:
        check_message(body, [])
    assert refused.value.code == code


@proves("component.unique", "button.link", "select.row")
@pytest.mark.parametrize(
    "children",
    [
        [button(), button()],
        [button(style=5)],
        [link(custom_id="both")],
        [link(url="javascript:alert(1)")],
        [button(url="https://example.org")],
        [{"type": 2, "style": 1, "custom_id": "unlabelled"}],
        [button(style=9)],
        [button(), select()],
        [select(options=[option(1), option(1)])],
        [select(min_values=3, max_values=2)],
        [text()],
        [button(1, id=7), button(2, id=7)],
    ],
)
def test_row_with_wrong_components_is_refused(children: list[dict[str, object]]) -> None:
    """Duplicate ids, links with custom ids, unlabelled buttons and mixed rows are refused."""
    with pytest.raises(Refusal) as refused:
        row(*children)
    assert refused.value.code == 50035


def test_fields_clients_send_needlessly_are_taken() -> None:
    """Empty lists of ids, zero flags in embeds, nulls for optional lists and integers for ids are no errors."""
    check_message({"content": "c", "allowed_mentions": {"parse": ["users"], "users": []}, "components": None}, [])
    check_message({"embeds": [{"title": "t", "flags": 0}], "content": None}, [])
    reference = {"message_id": 1574523490973777921}
    check_message(
        {"content": "c", "allowed_mentions": {"users": [1574523490973777921]}, "message_reference": reference}, []
    )
    bodies.command(contexts=None, integration_types=None, default_member_permissions=None)


def test_file_component_finds_its_upload() -> None:
    """A file component may show a file of the same request, by its name."""
    shown = {"flags": 1 << 15, "components": [{"type": 13, "file": {"url": "attachment://a.txt"}}]}
    check_message(shown, [Upload(0, "a.txt", b"x")])


@proves("command.letters")
@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("ask", True),
        ("Ask", False),
        ("a b", False),
        ("помощь", True),
        ("Помощь", False),
        ("ถาม", True),
        ("a'b_c-1", True),
        ("", False),
        ("a/b", False),
        ("日本", True),
        ("a😀", False),
    ],
)
def test_command_names_follow_the_documented_pattern(name: str, fits: bool) -> None:
    """Letters of any script, digits, dash, underscore and apostrophe, lower case where there is one."""
    assert is_command_name(name) is fits


@proves("command.order")
@pytest.mark.parametrize(
    "command",
    [
        {"options": [parameter(1), parameter(2, required=True)]},
        {"options": [parameter(1), parameter(1)]},
        {"options": [parameter(choices=[{"name": "c", "value": "v"}], autocomplete=True)]},
        {"options": [parameter(type=5, autocomplete=True)]},
        {"options": [{"type": 1, "name": "sub", "description": "d"}, parameter()]},
        {"options": [parameter(min_length=5, max_length=4)]},
        {"options": [parameter(min_value=1)]},
        {"options": [parameter(type=99)]},
        {"type": 3, "name": "Menu", "description": "none allowed"},
        {"contexts": [7]},
        {"description": ""},
    ],
)
def test_wrong_command_is_refused(command: dict[str, object]) -> None:
    """Order, uniqueness, exclusions and kinds of options are checked."""
    with pytest.raises(Refusal) as refused:
        bodies.command(**command)
    assert refused.value.code == 50035


@proves("command.unique")
def test_duplicate_command_names_are_refused() -> None:
    """Two commands of one type may not share a name; of two types they may."""
    bodies.commands({"name": "n", "description": "d"}, {"type": 3, "name": "n"})
    with pytest.raises(Refusal):
        bodies.commands({"name": "n", "description": "d"}, {"name": "n", "description": "e"})


@proves("mentions.defaults")
@pytest.mark.parametrize(
    ("allowed", "default", "users", "roles", "everyone"),
    [
        (None, MESSAGE_DEFAULT, ["1"], ["2"], True),
        (None, INTERACTION_DEFAULT, ["1"], [], False),
        ({"parse": []}, MESSAGE_DEFAULT, [], [], False),
        ({"parse": ["everyone"]}, INTERACTION_DEFAULT, [], [], True),
        ({"parse": [], "users": [1, 5]}, MESSAGE_DEFAULT, ["1"], [], False),
        ({"parse": ["users"], "roles": ["2"]}, MESSAGE_DEFAULT, ["1"], ["2"], False),
    ],
)
def test_pings_follow_allowed_mentions(
    allowed: dict[str, object] | None, default: dict[str, object], users: list[str], roles: list[str], everyone: bool
) -> None:
    """Messages ping all by default, interactions users only; an allowed_mentions object replaces the default."""
    pings = find_pings("<@1> <@&2> @here", allowed, default)
    assert pings == {"users": users, "roles": roles, "everyone": everyone}


async def test_refusal_has_discords_error_shape(emulator: Emulator, town: Town) -> None:
    """A form error comes as code, message and a tree that leads to the field."""
    async with Wire.open(emulator) as wire:
        with emulator.expect_violation(50035) as found:
            status, body = await wire.send(
                town.channel.id, {"embeds": [{"title": "t"}, {"description": bodies.x(4097)}]}
            )
    assert status == 400
    assert body["message"] == "Invalid Form Body"
    leaf = body["errors"]["embeds"]["1"]["description"]["_errors"]
    assert leaf == [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 4096 or fewer in length."}]
    assert found[0].rules == ["embed.description"]


@proves("request.bytes")
async def test_request_and_file_sizes_hold_on_the_wire(emulator: Emulator, town: Town) -> None:
    """A request over 25 MiB and a file over 10 MiB get 413/40005; a small file is stored and served."""
    path = f"/channels/{town.channel.id}/messages"
    async with Wire.open(emulator) as wire:
        status, body = await wire.upload(path, {"content": "c"}, [("a.txt", b"hello")])
        async with wire.session.get(body["attachments"][0]["url"]) as file:
            assert await file.read() == b"hello"
        with emulator.expect_violation(40005, times=2) as found:
            refused = await wire.upload(path, {}, [("big.txt", bytes(RULES["file.bytes"].high + 1))])
            status, _ = await wire.upload(path, {}, [(f"{index}.txt", bytes(9 << 20)) for index in range(3)])
    assert refused[0] == status == 413
    assert [entry.rules for entry in found] == [["file.bytes"], ["request.bytes"]]


@proves("autocomplete.choices")
async def test_autocomplete_takes_25_choices(emulator: Emulator, town: Town) -> None:
    """25 choices are taken, 26 refused, and an answer without any is one."""
    data = {
        "id": "1",
        "name": "find",
        "type": 1,
        "options": [{"name": "word", "type": 3, "value": "", "focused": True}],
    }
    async with Wire.open(emulator) as wire:
        for count in (25, 0):
            handle = emulator.interactions.start(4, town.alice, town.channel, data)
            offered = [{"name": "n", "value": "v"}] * count
            assert (await wire.answer(handle, 8, {"choices": offered}))[0] == 200
            assert handle.choices == offered
        handle = emulator.interactions.start(4, town.alice, town.channel, data)
        with emulator.expect_violation(50035) as found:
            assert (await wire.answer(handle, 8, {"choices": [{"name": "n", "value": "v"}] * 26}))[0] == 400
        assert "autocomplete.choices" in found[0].rules
        await wire.answer(handle, 8, {"choices": []})


@proves("guild.creates_per_day")
async def test_two_hundred_new_commands_a_day(emulator: Emulator, town: Town) -> None:
    """The 201st new command of a day is refused with 30034; registering the same again costs nothing."""
    application = emulator.world.application_id
    path = f"/applications/{application}/guilds/{town.guild.id}/commands"
    async with Wire.open(emulator) as wire:
        for start in (0, 0, 100):
            batch = [{"name": f"n{number}", "description": "d"} for number in range(start, start + 100)]
            assert (await wire.call("PUT", path, batch))[0] == 200
        with emulator.expect_violation(30034, times=1):
            assert (await wire.call("PUT", path, [{"name": "one-more", "description": "d"}]))[0] == 400


async def test_layout_flag_is_part_of_the_reply(emulator: Emulator, town: Town) -> None:
    """A layout's components come back numbered, and the old fields beside it are named in the error."""
    async with Wire.open(emulator) as wire:
        body = {"flags": 1 << 15, "components": [{"type": 17, "components": [text("hi")]}]}
        _, message = await wire.send(town.channel.id, body)
        assert message["components"][0]["id"] != message["components"][0]["components"][0]["id"]
        with emulator.expect_violation(50035):
            _, refused = await wire.send(town.channel.id, {**body, "content": "beside"})
    assert codes(refused["errors"]) == {"MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}


def test_the_document_of_the_rules_is_current() -> None:
    """docs/discord-rules.md is what the table renders."""
    document = Path(__file__).parents[3] / "docs" / "discord-rules.md"
    assert document.read_text(encoding="utf-8") == render()
