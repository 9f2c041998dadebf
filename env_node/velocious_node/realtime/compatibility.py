"""Whether the installed uvicorn and `websockets` have what :class:`DirectWebsocket` is made of."""

from __future__ import annotations

from typing import Any

#: The versions of uvicorn and `websockets` that are known to fit.
TESTED = ("0.54.0", "17.4")

#: What is used of uvicorn's protocol, of its connection, and of `websockets`' protocol in it.
METHODS = (
    "connection_made",
    "data_received",
    "pause_writing",
    "resume_writing",
    "connection_lost",
    "send_receive_event_to_app",
    "receive",
    "send",
    "handle_connect",
    "start_keepalive",
    "stop_keepalive",
    "handle_close",
    "handle_parser_exception",
    "shutdown",
)
ATTRIBUTES = (
    "app",
    "loop",
    "transport",
    "queue",
    "conn",
    "frames",
    "curr_msg_data_type",
    "read_paused",
    "writable",
    "handshake_complete",
    "close_sent",
    "close_timer",
    "close_timeout",
    "disconnected",
)
CONNECTION = (
    "current_size",
    "parser_exc",
    "close_rcvd",
    "extensions",
    "fail",
    "send_ping",
    "send_close",
    "data_to_send",
    "receive_data",
)


def missing_for_direct_websockets() -> str | None:
    """What :class:`~velocious_node.realtime.direct_websocket.DirectWebsocket` would miss; None
    where everything is there.
    """
    try:
        from uvicorn import Config
        from uvicorn.protocols.websockets import websockets_sansio_impl as implementation
        from uvicorn.server import ServerState
        from websockets.frames import apply_mask  # pyright: ignore[reportPrivateImportUsage]
    except ImportError as error:
        return str(error)
    base: Any = implementation.WebSocketsSansIOProtocol
    if apply_mask(b"ab", b"\x01\x02\x03\x04") != b"``":
        return "an apply_mask that masks"
    absent = _absent(base, METHODS, base.__name__)
    if absent is None:
        config = Config(_nothing, interface="asgi3", log_config=None, ws="none", lifespan="off")
        config.load()
        # Any loop will do: nothing runs in it.
        one = base(config, ServerState(), {}, object())
        absent = _absent(one, ATTRIBUTES, base.__name__) or _absent(
            one.conn, CONNECTION, type(one.conn).__name__
        )
    return absent


def _absent(thing: object, names: tuple[str, ...], owner: str) -> str | None:
    return next((f"{owner}.{name}" for name in names if not hasattr(thing, name)), None)


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """An application."""
