"""runner, run-script and console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.node.application import PROGRAM
from tests.node.terminal import terminal

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    """An application with a model and its table."""
    await generated.done("g:model", "Post", "title:string!")
    await generated.done("db:migrate")
    return generated


async def test_the_runner_knows_models_and_shows_the_last_value(
    blog: GeneratedApplication,
) -> None:
    code = 'await Post.create(title="Hello")\nprint("made")\nawait Post.pluck("title")'
    assert await blog.done("runner", code) == "made\n['Hello']\n"


async def test_the_runner_gets_arguments_and_the_configuration(
    blog: GeneratedApplication,
) -> None:
    text = await blog.done("runner", "[configuration.environment, arguments]", "--a", "db:migrate")
    assert text == "['development', ['--a', 'db:migrate']]\n"


async def test_nothing_is_shown_for_none(blog: GeneratedApplication) -> None:
    assert await blog.done("runner", "None") == ""


async def test_code_that_is_not_python_exits_with_one(blog: GeneratedApplication) -> None:
    code, text = await blog.line("runner", "await (")
    assert code == 1
    assert "The code is not Python" in text


async def test_an_error_of_ours_is_a_sentence_and_not_a_traceback(
    blog: GeneratedApplication,
) -> None:
    code, text = await blog.line("runner", 'await Post.create(titel="x")')
    assert code == 1
    assert "Post has no attribute 'titel'. Did you mean 'title'?" in text
    assert "Traceback" not in text


async def test_a_bug_in_the_code_shows_its_line(blog: GeneratedApplication) -> None:
    code, text = await blog.line("runner", "x = 1\nx / 0")
    assert code == 1
    assert 'File "<runner>", line 2' in text
    assert "x / 0" in text


async def test_a_script_runs_with_its_own_options(blog: GeneratedApplication) -> None:
    blog.write(
        "scripts/import.py",
        "print('top', await Post.count())\n"
        "async def main(configuration, arguments):\n"
        "    print(configuration.environment, arguments)\n"
        "    return 3\n",
    )
    code, text = await blog.line("run-script", "scripts/import.py", "--debug", "-x", "routes")
    assert (code, text) == (3, "top 0\ndevelopment ['--debug', '-x', 'routes']\n")


async def test_a_missing_script_is_told_what_comes_close(blog: GeneratedApplication) -> None:
    blog.write("scripts/import.py", "")
    code, text = await blog.line("run-script", "scripts/imprt.py")
    assert code == 1
    assert "Did you mean 'import.py'?" in text


def test_the_console_evaluates_what_is_piped_into_it(blog: GeneratedApplication) -> None:
    typed = (
        'await Post.create(title="typed")\n'
        "for number in range(2):\n    print(number)\n\n"
        "1 / 0\n"
        "import asyncio\n"
        "counts = await asyncio.gather(Post.count(), Post.count())\n"
        "counts"
    )
    done = blog.program("console", text=typed)
    assert done.returncode == 0, done.stderr
    assert "<Post id=1>" in done.stdout
    assert "0\n1\n" in done.stdout
    assert done.stdout.endswith("[1, 1]\n")
    assert "ZeroDivisionError" in done.stderr
    assert "repl.py" not in done.stderr


def test_the_console_goes_on_after_a_syntax_error(blog: GeneratedApplication) -> None:
    done = blog.program("c", text="1 +\n2 + 2\n")
    assert done.returncode == 0
    assert "SyntaxError" in done.stderr
    assert done.stdout == "4\n"


@pytest.mark.parametrize("word", ["exit()", "quit()", "raise SystemExit(3)"])
def test_the_console_is_left_by_its_customary_words(blog: GeneratedApplication, word: str) -> None:
    done = blog.program("console", text=f"1 + 1\n{word}\n2 + 2\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


def test_a_terminal_gets_a_prompt_a_history_and_its_interrupts(
    blog: GeneratedApplication,
) -> None:
    with terminal([*PROGRAM, "console"], blog.directory) as console:
        console.wait_for("Models: Post.")
        console.wait_for(">>> ")
        console.type("import asyncio; await asyncio.sleep(60)\n")
        console.type("\x03")
        console.wait_for("Interrupted.")
        console.type("await Post.count() + 40\n")
        console.wait_for("\n40")
        console.type("\x04")
        assert console.wait() == 0
    history = (blog.directory / ".velocious-console-history").read_text()
    assert "await Post.count() + 40" in history
