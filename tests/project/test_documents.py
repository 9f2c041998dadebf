"""What the documents say is run here, and every command is in them."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.project._repository import REPOSITORY, documents
from tests.project._snippets import shell_script, snippets
from velocious.cli.manifest import SERVER_ONLY
from velocious_browser.cli.run import browser_registry

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
        timeout=120,
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
