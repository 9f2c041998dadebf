"""How the others in a channel are told who came and who went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.realtime.presence import Change
from velocious.realtime.publication import Audience, Publication, to_json

if TYPE_CHECKING:
    from velocious.realtime.presence import Transition


def announcement(
    channel: str, transition: Transition, *, epoch_ms: int, id: str, exclude: str | None = None
) -> Publication:
    """What everybody in *channel* but the connection *exclude* is told of *transition*."""
    member = transition.member
    shown: dict[str, Any] = {"id": member.id}
    if transition.change is not Change.REMOVED and member.info is not None:
        shown["info"] = member.info
    return Publication(
        Audience.CHANNEL,
        channel,
        str(transition.change),
        to_json(shown),
        epoch_ms=epoch_ms,
        id=id,
        exclude=(exclude,) if exclude else (),
        member=member.id,
        inner=True,
    )
