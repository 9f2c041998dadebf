"""The native dialect, on a stream of events: what a frame is of is the event's name.

Law: what it writes is the same for all listeners; the id, which is another one for each, is the
sink's. So a frame begins with a line for the sink: kind, channel, position and delay.
"""

from __future__ import annotations

import hmac
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from velocious.realtime import outputs
from velocious.realtime.dialects.native import NativeDialect
from velocious.realtime.publication import to_json

if TYPE_CHECKING:
    from velocious.realtime.dialects.base import Frames
    from velocious.realtime.publication import Publication

#: In place of a position: what was reached before stays true.
KEEP = "="


class SseDialect(NativeDialect):
    """``event: …`` and ``data: {"type": …}``."""

    name = "sse"
    subprotocols = ()
    # Nobody can answer on a stream; comments show whether it is still there.
    pings: ClassVar[bool] = False

    def secret_of(self, connection: str) -> str:
        """What whoever holds the stream of *connection* proves it with."""
        return hmac.digest(self._key, connection.encode(), "sha256").hex()

    def connection_id(self, random: bytes) -> str:
        return f"sse-{random.hex()}"

    def event(self, alias: str, publication: Publication) -> str | None:
        frame = super().event(alias, publication)
        # Bytes have no form in a stream of text.
        return _framed("event", frame, alias, publication.position) if _is_text(frame) else None

    def hello(self, output: outputs.Hello) -> str:
        greeting = {
            "type": "connected",
            "connectionId": output.cid,
            "secret": self.secret_of(output.cid),
        }
        return _framed("connected", to_json(greeting))

    def ready(self, output: outputs.Ready) -> str:
        return _framed("ready", super().ready(output))

    def encode(self, output: outputs.Output) -> Frames:
        if isinstance(output, outputs.Subscribed) and output.recovered is False:
            # Who reads events by their names hears of the gap, too.
            return [*self.subscribed(output), self.resync(_gap_of(output))]
        return super().encode(output)

    def subscribed(self, output: outputs.Subscribed) -> list[str]:
        position = KEEP if output.recovered else output.position
        confirmed, *pages = self.confirmation(output)
        return [
            _framed("sub.ok", confirmed, output.alias, position),
            *(_framed("members", page, output.alias, KEEP) for page in pages),
        ]

    def refused(self, output: outputs.Refused) -> str:
        return _framed("refused", super().refused(output), output.alias)

    def unsubscribed(self, output: outputs.Unsubscribed) -> str:
        return _framed("unsub.ok", super().unsubscribed(output), output.alias)

    def reply(self, output: outputs.Reply) -> str | None:
        frame = super().reply(output)
        return None if frame is None else _framed("reply", frame)

    def failure(self, output: outputs.Failure) -> str:
        return _framed("failure", super().failure(output))

    def resync(self, output: outputs.Resync) -> str:
        return _framed("resync", super().resync(output), output.alias, output.position)

    def bye(self, output: outputs.Bye) -> str:
        kind = "bye" if output.close.reconnect else "stop"
        return _framed(kind, super().bye(output), retry=output.retry_after)

    @cached_property
    def _key(self) -> bytes:
        # Imported here: streams are what few applications offer.
        from os import urandom

        return urandom(32)


def _gap_of(output: outputs.Subscribed) -> outputs.Resync:
    return outputs.Resync(output.channel, output.alias, output.position)


def _is_text(frame: object) -> bool:
    return isinstance(frame, str)


def _framed(
    kind: str,
    json: str | bytes | None,
    channel: str = "",
    position: str | None = None,
    retry: float | None = None,
) -> str:
    delay = "" if retry is None else int(retry * 1000)
    return f"{kind}\t{channel}\t{position or ''}\t{delay}\n{json}"
