"""What goes wrong between a connection and the realtime engine."""

from __future__ import annotations

from velocious.errors.base import VelociousError


class RealtimeError(VelociousError):
    """The root of what the realtime engine raises."""

    code = "realtime"


class Fault(RealtimeError):
    """Something that the client may be told: raise it in handlers, guards and channels.

    ::

        raise Fault("room_full", "This room has 20 members already.", status=409)

    Attributes:
        fault: the stable name of the problem, for programs.
        status: what HTTP would say (400 by default).
    """

    code = "fault"
    safe_to_expose = True

    def __init__(self, fault: str, message: str, *, status: int = 400) -> None:
        self.fault = fault
        self.status = status
        super().__init__(message)


class BadFrameError(Fault):
    """A frame that is no message of the dialect that the connection speaks."""

    code = "bad_frame"

    def __init__(self, message: str) -> None:
        super().__init__("bad_frame", message)


class ChannelNameError(Fault):
    """A name that cannot be one of a channel."""

    code = "bad_channel"

    def __init__(self, message: str) -> None:
        super().__init__("bad_channel", message)


class NotAuthorizedError(Fault):
    """The client may not do this. The message never says why in detail."""

    code = "forbidden"

    def __init__(self, message: str = "You may not do this.") -> None:
        super().__init__("forbidden", message, status=403)


class DuplicateMessageError(RealtimeError):
    """Two handlers for one type of message."""

    code = "duplicate_message"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"There is a handler for {name!r} already. Give one of them another name, or pass "
            "replace=True."
        )


class ChannelSecretError(RealtimeError):
    """A secret that is too short to sign channels with."""

    code = "channel_secret"


class ProviderUnavailableError(RealtimeError):
    """What connects the processes of the application is away."""

    code = "provider_unavailable"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"What connects the processes is away: {reason}. Whoever is connected to this process "
            "is still told; all others learn that they missed something when it is back. Look "
            "whether Redis runs, and whether realtime={'redis': …} is its address."
        )


class EnvelopeError(RealtimeError):
    """Something that arrived from another process, and is nothing that one of them writes."""

    code = "bad_envelope"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"A message of another process was dropped: {reason}.")
