"""Keeps secrets out of logs.

Law: the value beside a name that sounds like a secret is never written, whichever module logged it.
"""

from __future__ import annotations

import re

FILTERED = "[filtered]"

_NAMES = r"password|passwd|passphrase|secret|token|api_?key|private_?key|authorization|cookie"
# Nothing before a name is matched and what follows is bounded: long lines must not take long.
_PAIR = re.compile(
    rf"""(?P<name>(?:{_NAMES})[\w-]{{0,60}}["']?\s{{0,4}}(?:=>|[:=])\s{{0,4}})"""
    r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
    r"""|(?:Bearer|Basic)\s+[^\s,;]+|[^\s,;&{}\[\]()"']+)""",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(?P<before>://[^\s/:@]{0,200}:)[^\s/@]{1,200}@")


def redact(text: str) -> str:
    """*text* without the values of secrets: ``password=hunter2`` → ``password=[filtered]``."""
    hidden = _PAIR.sub(lambda found: f"{found['name']}{FILTERED}", text)
    return _URL_PASSWORD.sub(rf"\g<before>{FILTERED}@", hidden)
