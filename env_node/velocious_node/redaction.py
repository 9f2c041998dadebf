"""Keeps secrets out of logs.

Law: the value beside a name that sounds like a secret is never written, whichever module logged it.
"""

from __future__ import annotations

import re

FILTERED = "[filtered]"

_NAMES = r"password|passwd|passphrase|secret|token|api_?key|private_?key|authorization|cookie"
_PAIR = re.compile(
    rf"""(?P<name>["']?[\w-]*(?:{_NAMES})[\w-]*["']?\s*(?:=>|[:=])\s*)"""
    r"""(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:Bearer|Basic)\s+\S+|[^\s,;&{}\[\]()"']+)""",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(?P<before>\w+://[^\s/:@]*:)[^\s/@]+@")


def redact(text: str) -> str:
    """*text* without the values of secrets: ``password=hunter2`` → ``password=[filtered]``."""
    hidden = _PAIR.sub(lambda found: f"{found['name']}{FILTERED}", text)
    return _URL_PASSWORD.sub(rf"\g<before>{FILTERED}@", hidden)
