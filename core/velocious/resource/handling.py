"""One command: who answers it, and what is said where it goes wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from velocious.errors import CommandHaltedError, MalformedCommandError, UnknownResourceError
from velocious.resource.commands import attaching, describing, reading, writing
from velocious.resource.commands.custom import custom
from velocious.resource.reading.shapes import mapping

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

type Payload = dict[str, Any]

#: The commands that every resource has.
COMMANDS: dict[str, Callable[[Payload, Exposure, Asking], Awaitable[Payload]]] = {
    "index": reading.index,
    "find": reading.find,
    "count": reading.count,
    "pluck": reading.pluck,
    "create": writing.create,
    "update": writing.update,
    "destroy": writing.destroy,
    "attach": attaching.attach,
    "download": attaching.download,
    "url": attaching.url,
    "describe": describing.describe,
}
_PATH = re.compile(r"(/[A-Za-z0-9_-]+)(?:/([^/]+))?/([A-Za-z0-9_-]+)")


async def handle(entry: Any, asking: Asking) -> Payload:
    """What *entry* of a batch is answered.

    Raises:
        ResourceError: it is no command of any resource.
        AccessDeniedError: its client may not.
    """
    words = mapping(entry, "requests")
    payload = mapping(words.get("payload"), "payload")
    exposure = asking.resources.find(words.get("model"))
    await exposure.ready()
    path, kind = words.get("customPath"), words.get("commandType")
    if path is not None:
        name, key = _custom(path, exposure)
        return await _run(name, payload, exposure, asking, key=key, own=True)
    if kind == "custom":
        key = words.get("id")
        return await _run(words.get("command"), payload, exposure, asking, key=key, own=True)
    return await _run(kind, payload, exposure, asking)


async def _run(
    name: Any,
    payload: Payload,
    exposure: Exposure,
    asking: Asking,
    *,
    key: Any = None,
    own: bool = False,
) -> Payload:
    command = COMMANDS.get(name) if isinstance(name, str) and not own else None
    if command is not None and command is describing.describe:
        return await command(payload, exposure, asking)
    if exposure.halts and (command is not None or own) and isinstance(name, str):
        await _ask_first(name, payload, exposure, asking)
    if command is not None:
        return await command(payload, exposure, asking)
    return await custom(name, key, payload, exposure, asking)


async def _ask_first(name: str, payload: Payload, exposure: Exposure, asking: Asking) -> None:
    if await asking.resource(exposure).before_action(name, payload) is False:
        raise CommandHaltedError(f"{exposure.name} does not take the command {name!r:.80} now.")


def _custom(path: Any, exposure: Exposure) -> tuple[str, str | None]:
    """The command of a path such as ``/tasks/5/archive``, and the key in it."""
    found = _PATH.fullmatch(path) if isinstance(path, str) else None
    if found is None:
        raise MalformedCommandError(f"{path!r:.80} is no path of a command: /tasks/5/archive.")
    place, key, name = found.groups()
    if place != exposure.path:
        raise UnknownResourceError(place, [exposure.path])
    return name, None if key is None else unquote(key)
