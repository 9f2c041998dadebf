"""The code blocks of the documents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.project._repository import REPOSITORY

_FENCE = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^>]+) -->\n)?^```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SHELL = ("sh", "shell", "bash")
#: Lines that are not run: targets of make are checked by name, packages are installed already, and
#: these commands run until somebody stops them (tests/node and browser_tests start them).
LEFT_OUT = ("make ", "pip install ", "velocious server", "velocious s ", "velocious console")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fenced block of a document; *reason* says why it is not run, where it is not."""

    document: str
    line: int
    language: str
    text: str
    reason: str | None


def snippets(document: str) -> list[Snippet]:
    """All fenced blocks of a document that name their language."""
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    return [
        Snippet(
            document,
            text.count("\n", 0, found.start("text")),
            found["language"],
            found["text"],
            found["reason"],
        )
        for found in _FENCE.finditer(text)
    ]


def shell_script(document: str) -> str:
    """The shell blocks of a document that are run, in their order, as one script."""
    blocks = [snippet for snippet in snippets(document) if snippet.language in SHELL]
    lines = [line for block in blocks if block.reason is None for line in block.text.splitlines()]
    return "\n".join(line for line in lines if line.strip() and not line.startswith(LEFT_OUT))
