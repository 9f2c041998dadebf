"""How deep JSON goes, known before it is parsed.

Law: in time that grows with its bytes, and on no stack. A browser's worker does not survive what
its parser does with ten thousand brackets.
"""

from __future__ import annotations

import re
from itertools import accumulate

_OTHER_BYTES = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_TEXT = re.compile(rb'"[^"]*"')
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1, ord('"'): 0}


def depth(body: bytes) -> int:
    """How many arrays and objects are open at once, at most."""
    if b"\\" in body:
        body = _ESCAPE.sub(b"", body)
    # Texts without brackets vanish with their quotes; what is left of quotes are the others.
    marks = body.translate(None, _OTHER_BYTES).replace(b'""', b"")
    brackets = _TEXT.sub(b"", marks) if b'"' in marks else marks
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)
