"""The actions of the endpoint: batches of commands, and single ones with files.

Law: JSON only, and the check against forgery that every action has: no page of another site gets
through, whatever type of body it sends. Each command of a batch is answered by itself; one that
fails leaves the others alone.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, cast

from velocious.controller.answer import JSON, Answer
from velocious.controller.body.body import described, is_json, media_type, read_body
from velocious.controller.controller import Controller
from velocious.errors import (
    AttachmentNotFoundError,
    MalformedCommandError,
    RecordNotFoundError,
    ResourceLimitError,
    UnknownResourceCommandError,
    UnsupportedBodyError,
)
from velocious.resource.answering import response_text
from velocious.resource.asker import ability_of
from velocious.resource.asking import Asking
from velocious.resource.commands.attaching import attached
from velocious.resource.failures import failure
from velocious.resource.handling import handle
from velocious.resource.reading.body import read_values
from velocious.resource.reading.shapes import mapping, sequence
from velocious.wire import encode

if TYPE_CHECKING:
    from velocious.resource.settings import ResourceSettings

#: What a batch says of itself where its client is written in Python.
PYTHON = "python"
#: Commands that may bring files, and lie at an address of their own for it.
WITH_FILES = ("attach", "create", "update")


class ResourceActions(Controller):
    """What answers clients of resources."""

    reads_body = False

    async def batch(self) -> None:
        """Answer each of ``requests``."""
        envelope = await self._read(self._settings.body_limit)
        entries = [envelope]
        if "requests" in envelope:
            entries = sequence(envelope["requests"], "requests")
        most = self._settings.batch
        if len(entries) > most:
            raise ResourceLimitError(
                "batch", most, f"The request has {len(entries):,} commands; {most:,} are taken."
            )
        asking = await self._begin(speaks_python=envelope.get("form") == PYTHON)
        answers = [
            b'{"requestId":%b,"response":%b}' % (_request_id(one), await _answered(one, asking))
            for one in entries
        ]
        self._answer_json(b'{"status":"success","responses":[%b]}' % b",".join(answers))

    async def command(self) -> None:
        """Answer one command of ``/tasks/attach``."""
        kind = self.params["command"]
        if kind not in WITH_FILES:
            raise UnknownResourceCommandError(self.params["model"], kind, WITH_FILES)
        payload = await self._read(self._settings.upload_limit)
        asking = await self._begin(speaks_python=payload.pop("form", None) == PYTHON)
        entry = {"model": self.params["model"], "commandType": kind, "payload": payload}
        self._answer_json(await _answered(entry, asking))

    async def download(self) -> None:
        """Send a file of a record itself: ``/tasks/download?id=5&attachmentName=cover``."""
        asking = await self._begin()
        exposure = asking.resources.find(self.params["model"])
        await exposure.ready()
        words = {name: self.request.query_params.get(name) for name in _DOWNLOAD}
        returned = await asking.resource(exposure).before_action("download", words)
        if returned is False:
            self.head(403)
            return
        try:
            self.send_attachment(await attached(words, exposure, asking))
        except AttachmentNotFoundError as error:
            raise RecordNotFoundError(exposure.name, {"id": words["id"]}) from error

    @property
    def _settings(self) -> ResourceSettings:
        return self.configuration.resource_settings

    async def _begin(self, *, speaks_python: bool = False) -> Asking:
        await self.configuration.resources.ready()
        return Asking(
            self,
            await ability_of(self),
            self.configuration.resources,
            self._settings,
            speaks_python=speaks_python,
        )

    async def _read(self, limit: int) -> dict[str, Any]:
        """The JSON object of the request. Raises RequestError for anything else."""
        about = described(self.request.scope)
        if not is_json(media_type(about.content_type)) or about.encoding not in ("", "identity"):
            raise UnsupportedBodyError(
                "Commands are JSON: send them with `Content-Type: application/json`, as they are."
            )
        body = await read_body(self.request, limit, about.length)
        value = read_values(body, self._settings.depth)
        if not isinstance(value, dict):
            raise MalformedCommandError("The request is no object.")
        return mapping(value, "request")

    def _answer_json(self, content: bytes) -> None:
        self._answer(Answer(content, 200, JSON))


_DOWNLOAD = ("id", "attachmentName", "attachmentId")


async def _answered(entry: Any, asking: Asking) -> bytes:
    try:
        response = {"status": "success", **await handle(entry, asking)}
        return response_text(response, asking).encode("utf-8")
    except Exception as error:
        return response_text(await failure(error, entry, asking), asking).encode("utf-8")


def _request_id(entry: Any) -> bytes:
    """What the client calls a command, text or a number, as JSON."""
    found = cast("dict[str, Any]", entry).get("requestId") if isinstance(entry, dict) else None
    if type(found) is str:
        return encode_basestring(found).encode("utf-8")
    return encode(found if isinstance(found, int | float) else None).encode("utf-8")
