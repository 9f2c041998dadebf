"""Names and types of files that come from somebody else.

Law: a name is only ever shown and guessed from; it never becomes part of a path.
"""

from __future__ import annotations

import re
import unicodedata

DEFAULT_NAME = "attachment.bin"
DEFAULT_TYPE = "application/octet-stream"
#: Bytes of UTF-8: what file systems take for one name.
LONGEST_NAME = 255

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


def safe_name(given: str | None) -> str:
    """The last part of *given* without anything that could mean more than a name.

    ``"../../etc/passwd"`` → ``"passwd"``, ``"C:\\\\notes.txt"`` → ``"notes.txt"``.
    """
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    # Control characters, half characters and marks that turn the direction of writing, which make
    # "gpj.exe" look like "exe.jpg"; unassigned and private ones do no harm.
    kept = "".join(one for one in last if unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    named = unicodedata.normalize("NFC", kept).replace(":", "_").strip().strip(".").strip()
    return _shortened(named) or DEFAULT_NAME


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, ending = name, ""
    tail = f".{ending}" if ending else ""
    cut = stem.encode()[: LONGEST_NAME - len(tail.encode())]
    return cut.decode(errors="ignore").rstrip() + tail


def media_type(given: str | None, filename: str) -> str:
    """The type that was given, where it is one, without parameters; else the name's."""
    if given is not None:
        plain = given.partition(";")[0].strip().lower()
        if _TYPE.fullmatch(plain):
            return plain
    # Imported here: it reads the system's tables.
    import mimetypes

    guessed, encoding = mimetypes.guess_type(filename, strict=True)
    return DEFAULT_TYPE if guessed is None or encoding is not None else guessed
