"""``attach``, ``download`` and ``url``: files of records."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from velocious.errors import (
    AttachmentNotFoundError,
    MalformedCommandError,
    NotExposedError,
    NotWritableError,
    ResourceLimitError,
)
from velocious.resource.names import camel
from velocious.resource.permitting import as_file, demand_fields
from velocious.resource.reaching import member
from velocious.resource.serializing import Wanted, serialized

if TYPE_CHECKING:
    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

type Payload = dict[str, Any]


async def attach(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """Store a file of a record."""
    name = _named(payload, exposure)
    file = payload.get("attachment")
    if name not in asking.resource(exposure).permitted_params("update", {name: file}):
        raise NotWritableError(exposure.name, [asking.called(name)], ())
    if file is None:
        raise MalformedCommandError("'attachment' takes a file: {\"contentBase64\": …}.")
    async with exposure.model.transaction():
        record = await member(payload.get("id"), exposure, asking)
        await asking.ability.authorize("update", record)
        await demand_fields({name: None}, "update", record, exposure, asking)
        await getattr(record, name).attach(as_file(file))
    return {"model": (await serialized([record], Wanted({}, {}, "attach"), asking))[0]}


async def download(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """The bytes of a file."""
    found = await attached(payload, exposure, asking)
    most = asking.settings.upload_limit
    if found.byte_size > most:
        raise ResourceLimitError(
            "upload_limit",
            most,
            f"The file has {found.byte_size:,} bytes, and an answer of JSON holds {most:,}. Get it "
            f"from {exposure.path}/download.",
        )
    content = await found.download()
    return {
        "attachment": {
            "id": str(found.id),
            "filename": found.filename,
            "contentType": found.content_type,
            "byteSize": found.byte_size,
            "contentBase64": b64encode(content).decode("ascii"),
            "url": None,
        }
    }


async def url(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """Where a file can be fetched. Raises AttachmentWithoutUrlError."""
    return {"url": await (await attached(payload, exposure, asking)).url()}


async def attached(payload: Payload, exposure: Exposure, asking: Asking) -> AttachedFile:
    """The file that a client names, of a record that it may read.

    Raises:
        RecordNotFoundError: there is no such record, or none for this client.
        AttachmentNotFoundError: it has no such file.
    """
    name = _named(payload, exposure)
    record = await member(payload.get("id"), exposure, asking)
    await _demand_readable(name, record, exposure, asking)
    await record.load(name)
    files = getattr(record, name)
    wanted = payload.get("attachmentId")
    if exposure.attachments[name].many:
        rows = await files.to_list()
        if wanted is not None:
            return await files.find(wanted)
        if not rows:
            raise AttachmentNotFoundError(f"{exposure.name} has no file {name!r}.")
        return rows[0]
    row = files.attachment
    if row is None or (wanted is not None and str(row.id) != str(wanted)):
        raise AttachmentNotFoundError(f"{exposure.name} has no such file {name!r}.")
    return row


async def _demand_readable(name: str, record: Record, exposure: Exposure, asking: Asking) -> None:
    allowed = await asking.ability.fields_of("read", record)
    if allowed is not None and name not in allowed:
        others = [one for one in exposure.attachments if one != name]
        raise NotExposedError(exposure.name, name, "fetch", others)


def _named(payload: Payload, exposure: Exposure) -> str:
    given = payload.get("attachmentName")
    found = next((one for one in exposure.attachments if given in (one, camel(one))), None)
    if found is None:
        raise NotExposedError(exposure.name, given, "fetch", exposure.attachments)
    return found
