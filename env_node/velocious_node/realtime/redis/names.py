"""Where things are in Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.realtime.publication import Audience

if TYPE_CHECKING:
    from velocious.realtime.publication import Publication


class Names:
    """Keys and channels of one application.

    Attributes:
        everybody: the channel that all processes listen to: what is for users, connections and all.
        leases: the processes that keep members.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.everybody = f"{prefix}:all"
        self.leases = f"{prefix}:leases"

    def place(self, channel: str) -> str:
        """Where what is published in *channel* arrives."""
        return f"{self.prefix}:channel:{channel}"

    def place_of(self, publication: Publication) -> str:
        is_channel = publication.audience is Audience.CHANNEL
        return self.place(publication.name) if is_channel else self.everybody

    def history_of(self, publication: Publication) -> tuple[str, str]:
        """Where *publication* would be remembered: some never are."""
        if publication.audience is Audience.CHANNEL and not publication.inner:
            return self.history(publication.name)
        return f"{self.prefix}:none:{{none}}at", f"{self.prefix}:none:{{none}}kept"

    def history(self, channel: str) -> tuple[str, str]:
        """Where its history stands, and what is kept."""
        tag = _tag(channel)
        return f"{self.prefix}:at:{tag}", f"{self.prefix}:kept:{tag}"

    def presence(self, channel: str) -> tuple[str, str, str]:
        """Its connections, what is known of its members, and how often each is there."""
        tag = _tag(channel)
        return f"{self.prefix}:who:{tag}", f"{self.prefix}:info:{tag}", f"{self.prefix}:there:{tag}"

    def channels_of(self, lease: str) -> str:
        """The channels that a process may have members in."""
        return f"{self.prefix}:in:{lease}"


def _tag(channel: str) -> str:
    # What stands in braces decides about the slot in a cluster: it must not end early.
    return "{" + channel.replace("%", "%25").replace("}", "%7D") + "}"
