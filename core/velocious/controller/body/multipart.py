"""Reads ``multipart/form-data`` while it arrives.

Law: at most one piece of the body and what the fields hold is in memory; files go where
``UploadedFile`` puts them. Every limit holds before the bytes beyond it are kept, and a body that
ends early is refused: a file that is cut off is not stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData

from velocious.controller.body.body import receive
from velocious.controller.body.uploads import UploadedFile, uploads_of
from velocious.errors import BodyTooLargeError, MalformedRequestError, TooManyParametersError
from velocious.files import CHUNK_SIZE

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request

    from velocious.configuration import Configuration
    from velocious.controller.body.body import About, Limits

#: Headers one part may have, and bytes in one line of them.
_MOST_HEADERS, _LONGEST_HEADER = 8, 4096
#: What surrounds each part: its boundary and its headers.
_AROUND = 1024


async def read_multipart(
    request: Request, about: About, limits: Limits, configuration: Configuration
) -> list[tuple[str, Any]]:
    """The names and values of the form; files are UploadedFile. Raises as ``body_params``."""
    most = limits.body + limits.files * limits.upload + limits.parameters * _AROUND
    if about.length > most:
        raise BodyTooLargeError(most)
    parts = _Parts(request, limits, configuration)
    try:
        parser = _parser(about.content_type, parts)
        more, received = True, 0
        while more:
            piece, more = await receive(request)
            received += len(piece)
            if received - parts.content > limits.body + limits.parameters * _AROUND:
                # Line breaks before the first part, headers, or what follows the last one.
                raise BodyTooLargeError(limits.body)
            for start in range(0, len(piece), CHUNK_SIZE):
                parser.write(piece[start : start + CHUNK_SIZE])
                await parts.store()
    except FormParserError as error:
        raise MalformedRequestError(f"The form is malformed: {error}.") from error
    if not parts.ended:
        raise MalformedRequestError("The form is malformed: it ends before its last boundary.")
    # For an action that asks Starlette: the stream is read.
    request._form = FormData(parts.pairs)
    return parts.pairs


def _parser(content_type: str, parts: _Parts) -> MultipartParser:
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:
        raise MalformedRequestError(
            "The form is malformed: its Content-Type names no boundary of 1 to 70 characters."
        )
    return MultipartParser(
        boundary,
        parts.callbacks(),
        max_header_count=_MOST_HEADERS,
        max_header_size=_LONGEST_HEADER,
    )


class _Parts:
    """What the parser found: fields with their values, and files that are being written.

    Attributes:
        pairs: name and value, or file, in their order.
        content: how many bytes of the body are theirs.
        ended: whether the last boundary was there.
    """

    def __init__(self, request: Request, limits: Limits, configuration: Configuration) -> None:
        self.pairs: list[tuple[str, Any]] = []
        self.ended = False
        self.content = 0
        self._limits = limits
        self._configuration = configuration
        self._uploads = uploads_of(request.scope)
        self._kept = 0
        self._count = 0
        self._name = ""
        self._field = bytearray()
        self._header = bytearray()
        self._value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._file: UploadedFile | None = None
        self._unwritten: list[tuple[UploadedFile, bytes]] = []

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._start,
            "on_part_data": self._data,
            "on_part_end": self._finish,
            "on_end": self._end,
        }

    async def store(self) -> None:
        """Write what the parser found of files."""
        for file, data in self._unwritten:
            await file._write(data)
        self._unwritten.clear()

    def _begin(self) -> None:
        self._count += 1
        if self._count > self._limits.parameters:
            raise TooManyParametersError(self._limits.parameters)
        self._headers = {}
        self._field = bytearray()
        self._file = None

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        name = bytes(self._header).lower()
        if name in self._headers:
            raise MalformedRequestError("The form is malformed: a part has a header twice.")
        self._headers[name] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _start(self) -> None:
        kind, options = parse_options_header(self._headers.get(b"content-disposition"))
        if kind != b"form-data" or b"name" not in options:
            raise MalformedRequestError(
                "The form is malformed: a part has no Content-Disposition with a name."
            )
        self._name = _text(options[b"name"])
        self._keep(len(options[b"name"]))
        if b"filename" in options:
            kind = self._headers.get(b"content-type", b"").decode("latin-1")
            self._file = UploadedFile(self._configuration, _text(options[b"filename"]), kind)
            self._uploads.append(self._file)
            if len(self._uploads) > self._limits.files:
                raise TooManyParametersError(self._limits.files, "files", "file_limit")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._keep(end - start)
            self._field += data[start:end]
            return
        self.content += end - start
        self._file.size += end - start
        if self._file.size > self._limits.upload:
            what = f"file {self._file.filename!r}"
            raise BodyTooLargeError(self._limits.upload, what, "upload_limit")
        self._unwritten.append((self._file, data[start:end]))

    def _finish(self) -> None:
        if self._file is None:
            self.pairs.append((self._name, _text(self._field)))
        elif self._file.was_chosen:
            self.pairs.append((self._name, self._file))

    def _end(self) -> None:
        self.ended = True

    def _keep(self, size: int) -> None:
        self.content += size
        self._kept += size
        if self._kept > self._limits.body:
            raise BodyTooLargeError(self._limits.body)


def _text(given: bytes | bytearray) -> str:
    if b"\0" in given:
        raise MalformedRequestError("The form holds a NUL character. Leave it out.")
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"The form is not UTF-8: {error.reason}.") from error
