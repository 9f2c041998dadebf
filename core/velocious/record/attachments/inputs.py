"""What may be attached, turned into one thing: a named source of chunks.

Law: nothing is read before the record is valid; a stream is read once, and a path only where the
declaration allows it.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import posixpath
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, cast

from velocious import current
from velocious.errors import AttachmentInputError, UnknownOptionError
from velocious.files import CHUNK_SIZE
from velocious.record.attachments.attachment import AttachedFile
from velocious.record.attachments.names import media_type, safe_name

if TYPE_CHECKING:
    from velocious.files import ByteFiles
    from velocious.record.attachments.saving import StoredFile
    from velocious.record.validations.attachment import AttachmentValidator

KEYS = ("content", "content_base64", "path", "filename", "content_type")
CONTENTS = KEYS[:3]

type Chunks = Callable[[], AsyncGenerator[bytes]]


@dataclass(eq=False)
class Source:
    """A file that was given to attach.

    Attributes:
        size: its bytes, None while nobody knows.
        repeatable: whether it can be read again, after a rollback.
        stored: where it went, once it has been stored.
        checked_by: the validations that looked at it.
    """

    filename: str
    content_type: str
    chunks: Chunks
    size: int | None = None
    repeatable: bool = True
    stored: StoredFile | None = None
    checked_by: list[AttachmentValidator] = field(default_factory=list["AttachmentValidator"])
    _opened: bool = field(default=False, repr=False)

    def open(self, name: str) -> AsyncGenerator[bytes]:
        """The chunks. Raises AttachmentInputError for a stream that was read already."""
        if self._opened and not self.repeatable:
            raise AttachmentInputError(
                f"The stream {self.filename!r} for {name!r} has been read already, by a save that "
                "failed. Open it again and attach it anew."
            )
        self._opened = True
        return self.chunks()


@dataclass(frozen=True)
class PathRule:
    """Which paths may be attached: those below *prefixes*, if any are *allowed* at all."""

    allowed: bool = False
    prefixes: tuple[str, ...] = ()


def source_of(given: Any, name: str, paths: PathRule) -> Source:
    """The source that *given* describes, for the attachment *name*.

    Raises:
        AttachmentInputError: it is nothing that can be attached.
        UnknownOptionError: a mapping has a key that nobody reads.
    """
    if isinstance(given, AttachedFile):
        # The file of another record: its bytes are copied.
        return Source(given.filename, given.content_type, given.stream, given.byte_size)
    if isinstance(given, Mapping):
        return _from_mapping(cast("Mapping[str, Any]", given), name, paths)
    if hasattr(given, "read"):
        filename = getattr(given, "filename", None) or _name_of_file(given)
        return _named(given, name, filename, getattr(given, "content_type", None))
    return _named(given, name, None, None)


def _from_mapping(given: Mapping[str, Any], name: str, paths: PathRule) -> Source:
    for key in given:
        if key not in KEYS:
            raise UnknownOptionError(f"A file for {name!r}", key, KEYS)
    present = [key for key in CONTENTS if given.get(key) is not None]
    if len(present) != 1:
        raise AttachmentInputError(
            f"A file for {name!r} needs one of {', '.join(CONTENTS)}, but has "
            f"{' and '.join(present) or 'none of them'}: "
            '{"content": …, "filename": "notes.txt"}.'
        )
    filename = _text(given, "filename", name)
    content_type = _text(given, "content_type", name)
    if present == ["path"]:
        return _from_path(given["path"], name, paths, filename, content_type)
    content = given[present[0]]
    if present == ["content_base64"]:
        content = _decoded(content, name)
    return _named(content, name, filename, content_type)


def _text(given: Mapping[str, Any], key: str, name: str) -> str | None:
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise AttachmentInputError(f"The {key} of a file for {name!r} is text, not {value!r}.")
    return value


def _named(content: Any, name: str, filename: str | None, content_type: str | None) -> Source:
    default = "attachment.txt" if isinstance(content, str) else None
    kept = safe_name(filename or default)
    kind = media_type(content_type, kept)
    if isinstance(content, str):
        content = content.encode()
    if isinstance(content, bytes | bytearray | memoryview):
        # A copy, where the caller could change it before the save.
        data = content if isinstance(content, bytes) else bytes(cast("bytearray", content))
        return Source(kept, kind, partial(_pieces, data), len(data))
    if hasattr(content, "read"):
        size = getattr(content, "size", None)
        known = size if isinstance(size, int) and size >= 0 else None
        return Source(kept, kind, partial(_read, content), known, repeatable=False)
    if isinstance(content, AsyncIterable):
        stream = cast("AsyncIterable[bytes]", content)
        return Source(kept, kind, partial(_passed_on, stream), repeatable=False)
    raise AttachmentInputError(
        f"{content!r} cannot be attached as {name!r}. Give bytes, text, an object with read(), an "
        'async iterator of bytes, or {"content": …, "filename": …, "content_type": …}.'
    )


def _name_of_file(given: Any) -> str | None:
    found = getattr(given, "name", None)
    return found if isinstance(found, str) else None


def _decoded(content: Any, name: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise AttachmentInputError(
            f"The content_base64 for {name!r} is not base64 ({error}). Encode the bytes with "
            "base64.b64encode, without line breaks or a data: prefix."
        ) from error


# Streams


async def _pieces(data: bytes) -> AsyncGenerator[bytes]:
    for start in range(0, len(data), CHUNK_SIZE):
        yield data[start : start + CHUNK_SIZE]


async def _passed_on(stream: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    async for chunk in stream:
        yield chunk


async def _read(readable: Any) -> AsyncGenerator[bytes]:
    while True:
        found: Any = readable.read(CHUNK_SIZE)
        if isawaitable(found):
            found = await found
        else:
            # A disk may be slow: others get their turn between two pieces.
            await asyncio.sleep(0)
        if not found:
            return
        yield found


# Paths


def _from_path(
    path: Any, name: str, paths: PathRule, filename: str | None, content_type: str | None
) -> Source:
    if not paths.allowed:
        raise AttachmentInputError(
            f"Paths cannot be attached as {name!r}. Send the content, or declare it with "
            "allow_path_input=True and allowed_path_prefixes=[…]."
        )
    if not isinstance(path, str) or "\0" in path:
        raise AttachmentInputError(f"The path of a file for {name!r} is text, not {path!r}.")
    configuration = current.configuration()
    files = configuration.environment_handler.byte_files(configuration.directory)
    real = files.real(path)
    # Whether it exists outside is nobody's business: one answer for both.
    if real is None or not any(_is_below(files, real.path, one) for one in paths.prefixes):
        allowed = ", ".join(map(repr, paths.prefixes)) or "none"
        raise AttachmentInputError(
            f"The path {path!r} cannot be attached as {name!r}: it is no file inside the allowed "
            f"directories ({allowed})."
        )
    kept = safe_name(filename or posixpath.basename(path))
    read = partial(files.read, real.path, linked=False)
    return Source(kept, media_type(content_type, kept), read, real.size)


def _is_below(files: ByteFiles, path: str, prefix: str) -> bool:
    directory = files.real_directory(prefix).rstrip("/")
    return path.startswith(f"{directory}/")
