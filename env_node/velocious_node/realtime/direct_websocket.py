"""uvicorn's websocket protocol, with short ways in and out.

A frame that is made once is written to the transport of each of its readers, and a message that
comes in one frame is taken from it without a detour; whatever else comes goes to the `websockets`
package, frame by frame. The class it is made of is not public: what is used of it is listed in
``compatibility.py`` and looked at when the server starts.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask  # pyright: ignore[reportPrivateImportUsage]

from velocious.realtime.ready_frame import binary_frame, text_frame
from velocious.realtime.wire_port import EXTENSION
from velocious_node.realtime.direct_writer import DirectWriter
from velocious_node.realtime.frame_heads import (
    BINARY,
    CLOSE,
    KIND,
    LONG,
    MASKED,
    SHORTEST,
    TEXT,
    OutOfOrder,
    payload_of,
)
from velocious_node.realtime.heartbeat import Heartbeat
from velocious_node.realtime.inbox import Inbox

if TYPE_CHECKING:
    from uvicorn.server import ServerState

    from velocious_node.http.config import ServerConfig

#: Seconds that a client gets to answer the close.
CLOSE_SECONDS = 2.0
#: What a message that has not been received counts, beside its own length.
_OVERHEAD = 64

NORMAL, GOING_AWAY, ABNORMAL, NO_TEXT, INTERNAL_ERROR = 1000, 1001, 1006, 1007, 1011


class DirectWebsocket(WebSocketsSansIOProtocol):
    """One connection.

    Attributes:
        heard: whether anything has come since the last heartbeat.
    """

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.settings = config.settings
        self._turn = config.turn
        self._application: Any = self.app
        self.app = self._run
        self.queue: Any = Inbox()
        self.close_timeout = CLOSE_SECONDS
        self.heard = True
        self.writer: Any = None
        self._heartbeat: Heartbeat | None = None
        #: What has come of a frame that is not whole.
        self._rest: bytearray | None = None
        self._reads_frames = False
        #: Whether messages are not compressed.
        self._is_plain = False
        #: The bytes that a frame with one byte of length has less than, where that is allowed.
        self._short = SHORTEST + min(LONG, config.settings.socket_message_bytes + 1)
        #: Bytes of messages that the application has not received.
        self._unread = 0
        #: How many sends wait for the client, and what keeps them in order.
        self._waiting = 0
        self._order: asyncio.Lock | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.writer = DirectWriter(self, self._turn)
        high = self.settings.socket_unread_bytes
        self.writer.set_marks(high, high // 4)

    def data_received(self, data: bytes) -> None:
        self.heard = True
        if not self._reads_frames:
            super().data_received(data)
            return
        writer = self.writer
        writer.is_corked = True
        try:
            size = len(data)
            if (
                SHORTEST <= size < self._short
                and data[1] == size + (MASKED - SHORTEST)
                and data[0] == TEXT
                and self._rest is None
                and self.conn.current_size is None
            ):
                # Nearly all that comes is a short text, whole and alone.
                self._take(TEXT, apply_mask(data[SHORTEST:], data[2:SHORTEST]))
            else:
                self._read_with_rest(data)
        finally:
            writer.is_corked = False
            writer.flush()

    def _read_with_rest(self, data: bytes) -> None:
        if self._rest is None:
            start = self._read(data)
            if start < len(data):
                self._rest = bytearray(data[start:])
        else:
            self._rest += data
            del self._rest[: self._read(self._rest)]
            if not self._rest:
                self._rest = None

    def pause_writing(self) -> None:
        self.writer.is_safe = False
        super().pause_writing()

    def resume_writing(self) -> None:
        self.heard = True
        super().resume_writing()
        self._look_whether_safe()

    def connection_lost(self, exc: Exception | None) -> None:
        self.writer.forget()
        self.queue.put_nowait(disconnect(ABNORMAL))
        super().connection_lost(exc)

    # What comes in

    def _read(self, data: bytes | bytearray) -> int:
        """Take the frames in *data* that are whole; how many bytes they have."""
        start, size, limit = 0, len(data), self.settings.socket_message_bytes
        conn = self.conn
        try:
            while size - start > 1 and self._reads_frames:
                place = payload_of(data, start, limit)
                if place is None or place[1] > size:
                    return start
                begin, end = place
                first = data[start]
                if (first == TEXT or first == BINARY) and conn.current_size is None:
                    self._take(first, apply_mask(data[begin:end], data[begin - 4 : begin]))
                else:
                    self._leave_to_package(first, data[start:end])
                start = end
        except OutOfOrder:
            # The package knows what to answer.
            super().data_received(bytes(data[start:]))
            return size
        return start if self._reads_frames else size

    def _take(self, first: int, payload: bytes) -> None:
        if self.close_sent:
            return
        message: str | bytes = payload
        if first == TEXT:
            try:
                message = payload.decode()
            except UnicodeDecodeError:
                self.conn.fail(NO_TEXT, "no UTF-8")
                self.handle_parser_exception()
                return
        on_message = self.writer.on_message
        if on_message is None or self.queue.messages or not on_message(message):
            key = "text" if first == TEXT else "bytes"
            self.queue.put_nowait({"type": "websocket.receive", key: message})
            self._count(len(payload))

    def _leave_to_package(self, first: int, frame: bytes | bytearray) -> None:
        if first & KIND == CLOSE:
            # Who leaves in the middle of a message leaves nevertheless, and gets an answer.
            self.conn.current_size = None
        super().data_received(bytes(frame))
        if self.conn.parser_exc is not None or self.conn.close_rcvd is not None:
            self._reads_frames = False

    def _count(self, length: int) -> None:
        self._unread += length + _OVERHEAD
        if self._unread > self.settings.socket_message_bytes and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def handle_cont(self, event: Any) -> None:
        # One buffer, for pieces may have no bytes at all, and be any number.
        frames = cast("list[Any]", self.frames)
        if type(frames[0]) is not bytearray:
            frames[0] = bytearray(frames[0])
        frames[0] += event.data
        if event.fin:
            self.send_receive_event_to_app()

    def send_receive_event_to_app(self) -> None:
        """A message that came in pieces, or compressed."""
        data = bytes(self.frames[0])
        self.frames = []
        self._take(TEXT if self.curr_msg_data_type == "text" else BINARY, data)

    async def receive(self) -> Any:
        message = await self.queue.get()
        if self._unread:
            if self.queue.empty():
                self._unread = 0
            if self.read_paused and not self._unread:
                self.read_paused = False
                self.transport.resume_reading()
        return message

    # What goes out

    async def send(self, message: Any) -> None:
        if not self.handshake_complete:
            await super().send(message)
            self._open()
            return
        self.writer.flush()
        if not self.writer.is_safe:
            await self._send_in_order(message)
        elif self._is_plain and message["type"] == "websocket.send":
            data = message.get("bytes")
            if data is None:
                self.transport.write(text_frame(message["text"].encode()))
            else:
                self.transport.write(binary_frame(data))
        else:
            # Nothing keeps it waiting.
            await super().send(message)
            if self.close_sent:
                self.writer.end()

    async def _send_in_order(self, message: Any) -> None:
        if self._order is None:
            self._order = asyncio.Lock()
        self._waiting += 1
        try:
            async with self._order:
                await super().send(message)
        finally:
            if self.close_sent:
                self.writer.end()
            self._waiting -= 1
            self._look_whether_safe()

    def _open(self) -> None:
        if not self.handshake_complete or self.close_sent:
            return
        # Headers of a request that has been answered; nobody looks at them again.
        self.request = self.response = cast("Any", None)
        self._reads_frames = self._is_plain = not self.conn.extensions
        self._look_whether_safe()

    def _look_whether_safe(self) -> None:
        writer = self.writer
        if writer.is_safe or writer.is_over or self._waiting:
            return
        if not self.handshake_complete or self.transport.is_closing():
            return
        if not self.writable.is_set():
            return
        writer.is_safe = True
        if writer.on_drained is not None:
            writer.on_drained()

    # Life

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.handshake_complete:
            extensions = cast("dict[str, Any]", self.scope.setdefault("extensions", {}))
            extensions[EXTENSION] = self.writer

    def start_keepalive(self) -> None:
        self._heartbeat = Heartbeat(self, self.settings.socket_ping_seconds)

    def stop_keepalive(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None

    def ping(self) -> None:
        """Ask the client whether it lives."""
        if not self.close_sent and not self.transport.is_closing():
            self.conn.send_ping(b"")
            self.transport.write(b"".join(self.conn.data_to_send()))

    def abort(self, code: int) -> None:
        """End the connection now, and tell *code* to the application and to a client that reads."""
        self.queue.put_nowait(disconnect(code))
        if self.writer.is_safe:
            self.writer.flush()
        if self.writer.is_safe and not self.writer.buffered:
            self._say_good_bye(code, "")
        elif not self.disconnected:
            self.writer.end()
            self.close_sent = True
            self.transport.abort()

    def handle_close(self, event: Any) -> None:
        self.writer.end()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        self.writer.end()
        self._reads_frames = False
        super().handle_parser_exception()

    async def _run(self, scope: Any, receive: Any, send: Any) -> None:
        """The application, and the close that it leaves to us."""
        try:
            await self._application(scope, receive, send)
        except BaseException:
            self._close_if_open(INTERNAL_ERROR)
            raise
        self._close_if_open(NORMAL)

    def _close_if_open(self, code: int) -> None:
        if self.handshake_complete and not self.close_sent and not self.transport.is_closing():
            self._say_good_bye(code, "")
        self.writer.end()

    def shutdown(self) -> None:
        """Close, telling the application and the client that the server goes."""
        if not self.handshake_complete or self.close_sent:
            super().shutdown()
        elif not self.transport.is_closing():
            self.queue.put_nowait(disconnect(GOING_AWAY))
            self._say_good_bye(GOING_AWAY, "server stops")

    def _say_good_bye(self, code: int, reason: str) -> None:
        self.stop_keepalive()
        self.writer.end()
        self.close_sent = True
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.read_paused:
            # The client's answer is still to be read.
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.close)


def disconnect(code: int) -> dict[str, Any]:
    """What tells an application that its client is gone."""
    return {"type": "websocket.disconnect", "code": code, "reason": ""}
