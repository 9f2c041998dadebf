"""Command lines: chains, help, exit codes and explanations."""

from __future__ import annotations

import pytest

from tests.unit.cli.support import line
from velocious.version import __version__


async def test_a_command_runs_and_answers_with_zero() -> None:
    assert await line(["echo"]) == (0, "echo\n")


async def test_a_line_is_split_as_a_shell_does() -> None:
    assert await line("echo --word 'two words'") == (0, "two words\n")


async def test_commands_run_one_after_another() -> None:
    assert await line("echo --word first echo --word second") == (0, "first\nsecond\n")


async def test_the_value_of_an_option_may_be_the_name_of_a_command() -> None:
    assert await line("echo --word fail") == (0, "fail\n")


async def test_a_command_that_takes_the_rest_takes_names_of_commands_too() -> None:
    assert await line("g:thing echo fail --times") == (0, "echo ['fail', '--times']\n")


async def test_short_and_long_names_are_the_same() -> None:
    assert await line("generate:thing one") == await line("g:thing one")


async def test_a_chain_ends_at_the_first_failure() -> None:
    code, text = await line("echo fail echo")
    assert (code, text.count("echo\n")) == (1, 1)
    assert "It did not work. Try another one" in text


async def test_a_chain_is_checked_before_anything_runs() -> None:
    code, text = await line("echo echo --tims 3")
    assert code == 2
    assert not text.startswith("echo")


async def test_a_number_that_a_command_returns_is_the_exit_code() -> None:
    assert (await line("count"))[0] == 7


async def test_a_bug_shows_its_traceback_without_our_own_frames() -> None:
    code, text = await line("crash")
    assert code == 1
    assert "ZeroDivisionError: by nothing" in text
    assert "cli/main.py" not in text


async def test_a_misspelt_command_is_told_what_comes_close() -> None:
    code, text = await line("ecko")
    assert code == 2
    assert "There is no command 'ecko'. Did you mean 'echo'?" in text
    assert "velocious --help" in text


async def test_a_misspelt_option_is_told_what_comes_close() -> None:
    code, text = await line("echo --tims 2")
    assert code == 2
    assert "'--tims'" in text
    assert "--times" in text
    assert "velocious echo --help" in text


@pytest.mark.parametrize("wrong", ["echo --times 0", "echo --times x", "g:thing", "echo more"])
async def test_wrong_usage_is_explained_and_exits_with_two(wrong: str) -> None:
    code, text = await line(wrong)
    assert code == 2
    assert text.startswith("Error: ")
    assert "Usage: velocious" in text


async def test_a_quote_that_is_not_closed_is_wrong_usage() -> None:
    code, text = await line("echo --word 'open")
    assert code == 2
    assert "cannot be split into words" in text


async def test_a_command_of_the_server_is_not_unknown_elsewhere_but_unavailable() -> None:
    code, text = await line("server")
    assert code == 1
    assert "'server' is not available in the test environment" in text
    assert "Run `velocious server` in a shell" in text


async def test_help_of_a_command_names_its_options_and_runs_nothing() -> None:
    code, text = await line("echo --help")
    assert code == 0
    assert "It is said once for each time." in text
    assert "--times" in text
    assert "--environment NAME" in text


async def test_help_inside_a_chain_runs_nothing_of_it() -> None:
    code, text = await line("fail echo --help")
    assert code == 0
    assert "did not work" not in text


@pytest.mark.parametrize("asked", ["--help", "-h"])
async def test_the_overview_lists_every_command(asked: str) -> None:
    code, text = await line([asked])
    assert code == 0
    for name in ("echo", "g:thing", "fail", "crash", "count"):
        assert f"  {name} " in text


async def test_no_command_at_all_is_wrong_usage_and_shows_the_overview() -> None:
    code, text = await line([])
    assert code == 2
    assert "Usage: velocious" in text


async def test_the_version_is_told() -> None:
    assert await line(["--version"]) == (0, f"velocious {__version__}\n")


async def test_debug_shows_where_an_error_came_from() -> None:
    _, text = await line("fail --debug")
    assert "Traceback" in text
    _, text = await line("--debug fail")
    assert "Traceback" in text
    _, text = await line("fail")
    assert "Traceback" not in text


async def test_sys_exit_in_code_ends_the_command_and_not_the_process() -> None:
    assert await line("leave 4") == (4, "")
    assert await line("leave 0") == (0, "")
    assert await line("leave 'not today'") == (1, "not today\n")
