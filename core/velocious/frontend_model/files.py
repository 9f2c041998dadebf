"""Files of records that a backend keeps.

Law: they travel as text in JSON, so each is in memory as a whole; the backend's limits hold.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import TYPE_CHECKING, Any

from velocious.errors import BackendAnswerError, CommandRefusedError, NotRemoteError
from velocious.frontend_model.command import Command, member
from velocious.frontend_model.rows import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from velocious.record.attachments.inputs import Source
    from velocious.record.attachments.relationship import AttachmentRelationship
    from velocious.record.record import Record


class RemoteFile:
    """A file of a record, which the backend has.

    Attributes:
        filename: its name, and with *content_type* and *byte_size* known once it was fetched, or
            where this program has attached it.
    """

    def __init__(self, record: Record, name: str) -> None:
        self._record = record
        self._name = name
        self.filename: str | None = None
        self.content_type: str | None = None
        self.byte_size: int | None = None

    async def download(self) -> bytes:
        """All its bytes. Raises CommandRefusedError where nothing is attached."""
        response = await ask(self._record, "download", self._name)
        shown = _backend(self._record).settings.shown
        said = member(response, "attachment", dict, shown)
        self.filename, self.content_type = said.get("filename"), said.get("contentType")
        try:
            content = b64decode(member(said, "contentBase64", str, shown), validate=True)
        except NotBase64 as error:
            raise BackendAnswerError(shown, "a file that it sends cannot be read") from error
        self.byte_size = len(content)
        return content

    async def stream(self) -> AsyncGenerator[bytes]:
        """Its bytes; they come as a whole."""
        yield await self.download()

    async def url(self) -> str:
        """Where it can be fetched. Raises AttachmentWithoutUrlError, or what the backend says."""
        from velocious.errors import AttachmentWithoutUrlError

        try:
            return str((await ask(self._record, "url", self._name)).get("url"))
        except CommandRefusedError as refused:
            if refused.refusal == AttachmentWithoutUrlError.code:
                raise AttachmentWithoutUrlError(str(refused)) from refused
            raise

    def __repr__(self) -> str:
        return f"<RemoteFile {self._name} of {self._record!r}>"


async def attach(
    record: Record, relationship: AttachmentRelationship, sources: Sequence[Source]
) -> list[RemoteFile]:
    """Store *sources* now, one after another."""
    found: list[RemoteFile] = []
    for source in sources:
        data = await data_of(source, relationship.name)
        await ask(record, "attach", relationship.name, attachment=data)
        one = RemoteFile(record, relationship.name)
        one.filename, one.content_type = source.filename, source.content_type
        found.append(one)
    return found


async def data_of(source: Source, name: str) -> dict[str, Any]:
    """*source* as it is sent."""
    content = b"".join([chunk async for chunk in source.open(name)])
    return {
        "contentBase64": b64encode(content).decode("ascii"),
        "filename": source.filename,
        "contentType": source.content_type,
    }


async def queued(record: Record) -> dict[str, Any]:
    """What is queued of *record*'s files, as attributes. Raises NotRemoteError for what no
    attribute says.
    """
    found: dict[str, Any] = {}
    for relationship in type(record)._definition.attachments:
        queue = relationship.queue(record)
        if queue is None:
            continue
        data = [await data_of(one, relationship.name) for one in queue.sources]
        if queue.removed or queue.kept or (relationship.many and not queue.replaces and data):
            model = type(record).__name__
            instead = f"Attach them: await record.{relationship.name}.attach(…)."
            raise NotRemoteError(model, f"a queue of {relationship.name}", instead)
        found[relationship.name] = data if relationship.many else (data[0] if data else None)
    return found


def forget_queued(record: Record) -> None:
    """What was queued has been stored."""
    for relationship in type(record)._definition.attachments:
        (record._related or {}).pop(relationship.queue_name, None)


async def ask(record: Record, kind: str, name: str, **more: Any) -> dict[str, Any]:
    """What the backend says to a command about files of *record*."""
    schema = await type(record)._definition.ready()
    payload = {"id": key_of(record, schema), "attachmentName": name, **more}
    return await _backend(record).run(Command(type(record).__name__, kind, payload))


def _backend(record: Record) -> Any:
    return type(record)._definition.schema_or_fail().remote
