"""What the documents say is run here, and every command is in them."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.project._repository import REPOSITORY, documents, tracked_files
from tests.project._snippets import shell_script, snippets
from velocious.cli.elsewhere import SERVER_ONLY
from velocious.http_settings import HttpSettings
from velocious.realtime import RealtimeSettings
from velocious.resource.settings import ResourceSettings
from velocious.session_settings import SessionSettings
from velocious_browser.cli.run import browser_registry
from velocious_node.settings import ServerSettings

if TYPE_CHECKING:
    from tests.project._snippets import Snippet

DOCUMENTS = documents()
WITH_SHELL = [name for name in DOCUMENTS if shell_script(name)]
PYTHON_BLOCKS = [
    snippet for name in DOCUMENTS for snippet in snippets(name) if snippet.language == "python"
]


@pytest.mark.slow
@pytest.mark.parametrize("document", WITH_SHELL)
def test_the_shell_blocks_of_a_document_run_one_after_another(
    document: str, tmp_path: Path
) -> None:
    programs = Path(sys.executable).parent
    done = subprocess.run(
        ["sh", "-eu", "-c", shell_script(document)],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{document}:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("snippet", PYTHON_BLOCKS, ids=lambda at: f"{at.document}:{at.line}")
def test_a_python_block_is_python_and_imports_what_exists(snippet: Snippet) -> None:
    tree = compile(
        snippet.text,
        f"{snippet.document}:{snippet.line}",
        "exec",
        ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("velocious"):
            module = importlib.import_module(node.module or "")
            missing = [alias.name for alias in node.names if not hasattr(module, alias.name)]
            assert missing == [], f"{node.module} has no {missing}"


def test_a_block_that_is_not_run_says_why() -> None:
    silent = [
        snippet
        for name in DOCUMENTS
        for snippet in snippets(name)
        if snippet.reason is not None and len(snippet.reason.split()) < 3
    ]
    assert silent == []


def test_every_target_of_make_in_the_documents_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = {line.partition(":")[0] for line in makefile.splitlines() if ":" in line}
    named = {
        word.strip("`.,;)")
        for name in DOCUMENTS
        for line in (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
        for before, word in zip(line.split(), line.split()[1:], strict=False)
        if before in ("make", "`make")
    }
    assert named - targets - {"sure"} == set()


@pytest.mark.parametrize("name", sorted({*browser_registry().names(), *SERVER_ONLY}))
def test_every_command_is_in_the_documents(name: str) -> None:
    mentioned = re.compile(rf"(?<![\w:]){re.escape(name)}(?![\w:])")
    texts = ((REPOSITORY / document).read_text(encoding="utf-8") for document in DOCUMENTS)
    assert any(mentioned.search(text) for text in texts), f"no document mentions {name}"


@pytest.mark.parametrize("index", ["README.md", "docs/README.md"])
def test_every_guide_is_found_from_the_start(index: str) -> None:
    text = (REPOSITORY / index).read_text(encoding="utf-8")
    guides = [name for name in DOCUMENTS if not name.endswith("README.md")]
    assert [name for name in guides if f"{name.removeprefix('docs/')})" not in text] == []


def test_every_module_of_javascript_is_in_its_table() -> None:
    folder = "env_browser/velocious_browser/js/"
    text = (REPOSITORY / folder / "README.md").read_text(encoding="utf-8")
    modules = [name.removeprefix(folder) for name in tracked_files() if name.startswith(folder)]
    named = [name for name in modules if name.endswith(".mjs")]
    assert named
    assert [name for name in named if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    "settings",
    [HttpSettings, SessionSettings, ServerSettings, RealtimeSettings, ResourceSettings],
)
def test_every_setting_is_in_the_documents(settings: type[Any]) -> None:
    text = "".join((REPOSITORY / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    names = [one.name for one in fields(settings)]
    assert names
    assert [name for name in names if not re.search(rf"[`\"'.]{name}[`\"'=]", text)] == []


@pytest.mark.parametrize("document", ["CHANGELOG.md", *DOCUMENTS])
def test_no_document_keeps_the_marks_of_a_merge(document: str) -> None:
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    assert re.findall(r"^(?:<{7} |>{7} |={7}$).*", text, re.MULTILINE) == []
