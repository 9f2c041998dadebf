"""The program itself: what a person types in a shell."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.node.application import PROGRAM
from velocious_node.cli.manifest import registry

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

NAMES = registry().names()


def run(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words], cwd=directory, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_new_application_works_from_its_first_command_to_its_first_record(
    tmp_path: Path,
) -> None:
    assert run(tmp_path, "init", "blog").returncode == 0
    blog = tmp_path / "blog"
    assert run(blog, "g:model", "Post", "title:string", "body:text").returncode == 0
    assert run(blog, "db:migrate").returncode == 0
    done = run(blog, "runner", "await Post.create(title='Hi'); await Post.count()")
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


def test_the_installed_program_is_the_same(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("velocious")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    assert done.stdout == run(tmp_path, "--version").stdout


@pytest.mark.parametrize("name", NAMES)
async def test_every_command_has_help(generated: GeneratedApplication, name: str) -> None:
    text = await generated.done(name, "--help")
    assert f"Usage: velocious {name}" in text
    assert registry().find(name).summary.split()[0] in text


def test_commands_are_found_from_below_the_application(generated: GeneratedApplication) -> None:
    done = run(generated.directory / "app/models", "db:status")
    assert (done.returncode, done.stdout) == (
        0,
        "There are no migrations yet: `velocious g:migration NAME`.\n",
    )


def test_results_go_to_standard_output_and_errors_do_not(generated: GeneratedApplication) -> None:
    done = generated.program("db:migrat")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'db:migrate'" in done.stderr
    assert "\x1b[" not in done.stderr


def test_a_folder_without_an_application_is_explained(tmp_path: Path) -> None:
    done = run(tmp_path, "db:migrate")
    assert done.returncode == 1
    assert "There is no application in" in done.stderr
    assert "velocious init NAME" in done.stderr


def test_a_directory_that_does_not_exist_is_explained(tmp_path: Path) -> None:
    done = run(tmp_path, "--directory", "nowhere", "db:migrate")
    assert done.returncode == 1
    assert "There is no directory 'nowhere'" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("configuration = 3", "must define a function configuration, but has 3"),
        ("x = 1", "nothing of that name"),
        ("def configuration(environment_handler): return 3", "returned 3, which is no Config"),
        ("def configuration(:", "could not be imported: SyntaxError"),
        ("import nonsense", "ModuleNotFoundError: No module named 'nonsense'"),
    ],
)
def test_a_broken_configuration_is_explained(
    generated: GeneratedApplication, text: str, said: str
) -> None:
    generated.write("app/config/configuration.py", text)
    done = generated.program("routes")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_model_names_its_file_and_line(generated: GeneratedApplication) -> None:
    generated.write("app/models/post.py", "x = 1\nraise ValueError('oops')\n")
    done = generated.program("runner", "1")
    assert done.returncode == 1
    assert "'app/models/post.py' could not be imported: ValueError: oops" in done.stderr
    assert re.search(r"post\.py, line 2", done.stderr)
    assert "Traceback" in generated.program("--debug", "runner", "1").stderr


def test_another_package_called_app_is_explained(
    generated: GeneratedApplication, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    (other / "app").mkdir(parents=True)
    (other / "app/__init__.py").write_text("")
    program = (
        "import sys; sys.path.append(sys.argv.pop(1)); from velocious_node.cli.main import main"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; sys.exit(main())", str(other), "routes"],
        cwd=generated.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "any other package called 'app'" in done.stderr


def test_a_reader_that_goes_away_is_no_error(generated: GeneratedApplication) -> None:
    line = f"{' '.join(PROGRAM)} --help | head -1"
    done = subprocess.run(
        ["sh", "-c", line], cwd=generated.directory, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("Usage: velocious")
    assert done.stderr == ""


def test_ctrl_c_ends_a_command_with_the_customary_code(generated: GeneratedApplication) -> None:
    code = "import asyncio; print('begun'); await asyncio.sleep(60)"
    with subprocess.Popen(
        [*PROGRAM, "runner", code],
        cwd=generated.directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")


def test_exit_in_code_ends_the_command_with_its_code(generated: GeneratedApplication) -> None:
    done = generated.program("runner", "import sys; sys.exit(4)")
    assert (done.returncode, done.stderr) == (4, "")
