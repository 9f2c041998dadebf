"""Whether two texts of a migration do the same."""

from __future__ import annotations

import io
import tokenize
from hashlib import sha256

#: What may change without the migration changing.
_SILENT = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.INDENT, tokenize.DEDENT}
)
_INDENTED = {tokenize.INDENT: "{", tokenize.DEDENT: "}"}


def checksum(text: str) -> str:
    """SHA-256 of the words of *text*, in hexadecimal: spaces, line ends and comments are free."""
    digest = sha256()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _INDENTED:
            digest.update(_INDENTED[token.type].encode())
        elif token.type == tokenize.NEWLINE:
            digest.update(b"\n")
        elif token.type not in _SILENT:
            # Words are kept apart: "a b" is not "ab".
            digest.update(token.string.replace("\r\n", "\n").encode() + b"\x00")
    return digest.hexdigest()
