"""Commands by name."""

from __future__ import annotations

import pytest

from tests.unit.cli.support import COMMANDS, echo
from velocious.cli.manifest import EVERYWHERE, make_registry
from velocious.cli.registry import Registry, long_name
from velocious.errors import ConfigurationError, UnknownCommandError


def test_each_part_between_colons_may_be_short() -> None:
    assert long_name("g:model") == "generate:model"
    assert long_name("d:migration") == "destroy:migration"
    assert long_name("s") == "server"
    assert long_name("c") == "console"
    assert long_name("db:drop") == "db:drop"


def test_two_commands_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="'echo' is registered twice"):
        Registry([*COMMANDS, echo], environment="test")


def test_an_unknown_name_is_told_what_comes_close() -> None:
    with pytest.raises(UnknownCommandError) as raised:
        make_registry("browser").find("db:migarte")
    assert "Did you mean 'db:migrate'" in str(raised.value)
    assert raised.value.exit_code == 2


def test_every_command_explains_itself_in_one_line() -> None:
    for command in EVERYWHERE:
        assert command.summary.endswith("."), command.name
        assert len(command.summary) <= 80, command.name
