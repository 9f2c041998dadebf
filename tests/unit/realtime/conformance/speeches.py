"""The tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.realtime.conformance.speech import Speech
from velocious.realtime.dialects import (
    ActionCableDialect,
    IgnisDialect,
    NativeDialect,
    OriDialect,
    PusherDialect,
    VelociousDialect,
    VeloxDialect,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.realtime.conformance.speech import Heard

_MEMBERS = {
    "member.added": "added",
    "member_added": "added",
    "member.removed": "removed",
    "member_removed": "removed",
}


def told(event: str, data: Any) -> Heard:
    if event in _MEMBERS:
        return (_MEMBERS[event], data["id"])
    return ("event", event, data)


def present(frame: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in frame.items() if value is not None}


def unsigned(make: Callable[[str], Any]) -> Callable[..., Any]:
    """For dialects whose clients bring neither signature nor member along."""

    def subscribe(channel: str, token: str | None = None, member: str | None = None) -> Any:
        return make(channel)

    return subscribe


# native


def native_subscribe(channel: str, token: str | None = None, member: str | None = None) -> Any:
    return present({"type": "sub", "ch": channel, "token": token, "member": member})


def native(frame: Any) -> Heard:
    match frame["type"]:
        case "hello":
            return ("hello",)
        case "ready":
            return ("ready",)
        case "sub.ok":
            members = frame.get("members")
            return ("subscribed", None if members is None else [one["id"] for one in members])
        case "event":
            return told(frame["event"], frame["data"])
        case "reply":
            return ("reply", frame["name"], frame["data"])
        case "error":
            return ("refused" if "ch" in frame else "failed", frame["code"])
        case other:
            return (other,)


NATIVE = Speech(
    NativeDialect(),
    subscribe=native_subscribe,
    unsubscribe=lambda channel: {"type": "unsub", "ch": channel},
    tell=lambda channel, event, data: {"type": "pub", "ch": channel, "event": event, "data": data},
    call=lambda name, data: {"type": "call", "name": name, "data": data},
    authenticate=lambda token: {"type": "auth", "token": token},
    understand=native,
    ping={"type": "ping"},
    pong={"type": "pong"},
    signs=True,
    odd=({"type": "sub"}, {"type": "sub", "ch": "a", "id": [1]}, {"type": "unknown"}),
)


# pusher


def pusher_subscribe(channel: str, token: str | None = None, member: str | None = None) -> Any:
    data = present({"channel": channel, "auth": token, "channel_data": member})
    return {"event": "pusher:subscribe", "data": data}


def pusher(frame: Any) -> Heard:
    data = json.loads(frame["data"])
    match frame["event"]:
        case "pusher:connection_established":
            return ("hello",)
        case "pusher:signin_success":
            return ("ready",)
        case "pusher_internal:subscription_succeeded":
            return ("subscribed", data["presence"]["ids"] if data else None)
        case "pusher_internal:member_added":
            return ("added", data["user_id"])
        case "pusher_internal:member_removed":
            return ("removed", data["user_id"])
        case "pusher:subscription_error":
            return ("refused", "forbidden" if data["type"] == "AuthError" else data["type"])
        case "pusher:error":
            return ("failed", data.get("reason"))
        case "pusher:pong":
            return ("pong",)
        case "shout":
            return ("reply", "shout", data)
        case other:
            return ("event", other, data)


PUSHER = Speech(
    PusherDialect(),
    subscribe=pusher_subscribe,
    unsubscribe=lambda channel: {"event": "pusher:unsubscribe", "data": {"channel": channel}},
    tell=lambda channel, event, data: {"event": event, "channel": channel, "data": data},
    call=lambda name, data: {"event": name, "data": data},
    authenticate=lambda token: {"event": "pusher:signin", "data": {"token": token}},
    understand=pusher,
    ping={"event": "pusher:ping", "data": {}},
    pong={"event": "pusher:pong", "data": "{}"},
    signs=True,
    closes={
        "SHUTDOWN": 4100,
        "RESTART": 4100,
        "INTERNAL": 4100,
        "OVER_CAPACITY": 4100,
        "TOO_SLOW": 4100,
        "RATE_LIMIT": 4100,
        "HEARTBEAT_LOST": 4201,
        "REFUSED": 4009,
        "AUTH_FAILED": 4009,
        "AUTH_TIMEOUT": 4009,
        "KICKED": 4009,
        "ENCRYPTION_REQUIRED": 4009,
        "ENCRYPTION_VIOLATED": 4009,
        "TOO_BIG": 4300,
    },
    odd=(
        {"event": "pusher:subscribe"},
        {"event": "pusher:subscribe", "data": "no JSON"},
        {"event": "pusher:subscribe", "data": {"channel": 1}},
        {"event": "pusher:unknown"},
        {"event": "no-client-event", "channel": "open.1"},
    ),
)


# actioncable


def identifier(channel: str) -> str:
    return json.dumps({"channel": channel})


def actioncable(frame: Any) -> Heard:
    match frame.get("type"):
        case "welcome":
            return ("hello",)
        case "confirm_subscription":
            return ("subscribed", None)
        case "reject_subscription":
            return ("refused", "forbidden")
        case None:
            event, data = frame["message"]["event"], frame["message"]["data"]
        case other:
            return (other,)
    if event == "error":
        return ("refused", data["code"])
    if event == "members":
        return ("subscribed", [one["id"] for one in data])
    return ("reply", event, data) if event == "shout" else told(event, data)


ACTION_CABLE = Speech(
    ActionCableDialect(),
    subscribe=unsigned(
        lambda channel: {
            "command": "subscribe",
            "identifier": identifier(channel),
        }
    ),
    unsubscribe=lambda channel: {"command": "unsubscribe", "identifier": identifier(channel)},
    tell=lambda channel, event, data: {
        "command": "message",
        "identifier": identifier(channel),
        "data": json.dumps({"action": event, **data}),
    },
    call=lambda name, data: {
        "command": "message",
        "identifier": identifier("open.1"),
        "data": json.dumps({"action": name, **data}),
    },
    understand=actioncable,
    odd=(
        {"command": "subscribe"},
        {"command": "subscribe", "identifier": "news"},
        {"command": "subscribe", "identifier": "[]"},
        {"command": "subscribe", "identifier": "{}"},
        {"command": "message", "identifier": "{}", "data": {}},
        {"command": "unknown", "identifier": "{}"},
    ),
)


# velocious


def velocious(frame: Any) -> Heard:
    match frame["type"]:
        case "session-established":
            return ("hello",)
        case "subscribed":
            return ("subscribed", None)
        case "error":
            return ("refused" if "channel" in frame else "failed", frame["code"])
        case "event":
            payload: Any = frame["payload"]
        case other:
            return (other,)
    if "event" not in payload:
        return ("event", frame["channel"], payload)
    if payload["event"] == "members":
        return ("subscribed", [one["id"] for one in payload["data"]])
    return told(payload["event"], payload["data"])


VELOCIOUS = Speech(
    VelociousDialect(),
    subscribe=unsigned(lambda channel: {"type": "subscribe", "channel": channel}),
    unsubscribe=lambda channel: {"type": "unsubscribe", "channel": channel},
    authenticate=lambda token: {"type": "authenticate", "token": token},
    understand=velocious,
    odd=(
        {"type": "subscribe"},
        {"type": "channel-subscribe", "channelType": "open.1"},
        {"type": "request", "path": 1},
        {"type": "request", "method": "GET", "path": "/", "headers": {"a": []}},
        {"type": "metadata", "data": []},
        {"type": "unknown"},
    ),
)


# ori


def ori(frame: Any) -> Heard:
    if frame == 3:
        return ("pong",)
    if "error" in frame:
        assert "name" not in frame
        return ("refused" if "room" in frame else "failed", frame["code"])
    if frame.get("name") == "auth.authenticate":
        return ("ready",)
    if "type" in frame:
        assert frame["type"] == frame["name"]
        return ("reply", frame["type"], frame["data"])
    assert isinstance(frame["timestamp"], int)
    return told(frame["name"], frame["data"])


ORI = Speech(
    OriDialect(),
    subscribe=unsigned(lambda channel: {"type": "room.join", "room": channel}),
    unsubscribe=lambda channel: {"type": "room.leave", "data": {"room": channel}},
    call=lambda name, data: {"type": name, **data},
    authenticate=lambda token: {"type": "auth.authenticate", "token": token},
    understand=ori,
    ping="2",
    pong=3,
    acknowledges=False,
    closes={
        "AUTH_FAILED": 1008,
        "AUTH_TIMEOUT": 1008,
        "KICKED": 1008,
        "ENCRYPTION_REQUIRED": 1008,
        "ENCRYPTION_VIOLATED": 1008,
    },
    odd=(
        {"type": "room.join"},
        {"type": "room.join", "data": "open.1"},
        {"type": "room.join", "room": 1},
        {"type": "shout", "correlationId": 1},
    ),
)


# ignis


def ignis(frame: Any) -> Heard:
    match frame["event"]:
        case "connected":
            return ("hello",)
        case "error":
            data = frame["data"]
            return ("refused", data["code"]) if "room" in data else ("failed", data["message"])
        case "shout":
            return ("reply", "shout", frame["data"])
        case event:
            return told(event, frame["data"])


ODD_IGNIS: tuple[Any, ...] = (
    {"event": "join", "data": {"rooms": "abc"}},
    {"event": "join", "data": {"rooms": None}},
    {"event": "join", "data": {"rooms": [None, 1, ["nested"], "ws:room"]}},
    {"event": "join", "data": {"rooms": ["open.1"] * 101}},
    {"event": "join", "data": ["a"]},
    {"event": ["join"]},
    {"event": "shout", "id": {"a": 1}},
)
IGNIS = Speech(
    IgnisDialect(),
    subscribe=unsigned(
        lambda channel: {
            "event": "join",
            "data": {"rooms": [channel]},
        }
    ),
    unsubscribe=lambda channel: {"event": "leave", "data": {"rooms": [channel]}},
    call=lambda name, data: {"event": name, "data": data},
    authenticate=lambda token: {"event": "authenticate", "data": {"token": token}},
    understand=ignis,
    ping={"event": "heartbeat"},
    acknowledges=False,
    closes={"REFUSED": 4003},
    odd=ODD_IGNIS,
)


# velox


def velox(frame: Any) -> Heard:
    match frame["type"]:
        case "subscription_succeeded":
            members = frame.get("data", {}).get("members")
            return ("subscribed", None if members is None else [one["id"] for one in members])
        case "subscription_error":
            return ("refused", frame["code"])
        case "error":
            return ("refused" if "channel" in frame else "failed", frame["code"])
        case "event":
            if frame["event"] == "connected":
                return ("hello",)
            return told(frame["event"], frame["data"])
        case other:
            return (other,)


def velox_subscribe(channel: str, token: str | None = None, member: str | None = None) -> Any:
    words = {"type": "subscribe", "channel": channel, "auth": token, "channelData": member}
    return {**present(words), "data": {"id": "whoever-i-like"}}


VELOX = Speech(
    VeloxDialect(),
    subscribe=velox_subscribe,
    unsubscribe=lambda channel: {"type": "unsubscribe", "channel": channel},
    tell=lambda channel, event, data: {
        "type": "message",
        "channel": channel,
        "event": event,
        "data": data,
    },
    understand=velox,
    ping={"type": "ping"},
    pong={"type": "pong"},
    signs=True,
    closes={"SHUTDOWN": 1000},
    odd=({"type": "subscribe"}, {"type": "subscribe", "channel": None}, {"type": "unknown"}),
)

SPEECHES = (NATIVE, PUSHER, ACTION_CABLE, VELOCIOUS, ORI, IGNIS, VELOX)
