"""uvicorn's websocket protocol on wsproto, which leaves with 1001 ("going away")."""

from __future__ import annotations

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto.events import CloseConnection
from wsproto.frame_protocol import CloseReason

#: Seconds that a client gets to answer the close.
CLOSE_SECONDS = 2.0


class GuardedWebsocket(WSProtocol):
    """One connection."""

    def shutdown(self) -> None:
        """Close, telling the application and the client that the server goes."""
        if not self.handshake_complete or self.close_sent:
            super().shutdown()
            return
        self.stop_keepalive()
        self.close_sent = True
        code = CloseReason.GOING_AWAY
        self.queue.put_nowait({"type": "websocket.disconnect", "code": int(code)})
        self.transport.write(self.conn.send(CloseConnection(code=code, reason="server stops")))
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.close)
