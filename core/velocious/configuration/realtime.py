"""Hub and channels of a configuration: only an application with realtime imports this."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from velocious.configuration.application import import_application
from velocious.database.after_commit import after_commit
from velocious.realtime.application import ApplicationRealtime
from velocious.realtime.channel import channels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.configuration.configuration import Configuration
    from velocious.realtime.channel import Channel
    from velocious.realtime.providers.base import Provider


def application_realtime(
    configuration: Configuration, given: Sequence[type[Channel]]
) -> ApplicationRealtime:
    """Hub and engines for the channels *given* and those that are found.

    Raises:
        ConfigurationError: channels clash.
    """
    return ApplicationRealtime(
        configuration.realtime_settings,
        _channels(configuration, given),
        keys=partial(configuration.secret.keys, "channels"),
        later=after_commit,
        provider=_provider(configuration),
    )


def _channels(configuration: Configuration, given: Sequence[type[Channel]]) -> list[type[Channel]]:
    own = list(given)
    if import_application(configuration, "app/channels"):
        own = list(dict.fromkeys((*own, *channels_of("app"))))
    if not configuration.has_resources:
        return own
    from velocious.resource.live.channel import CHANNELS

    return [*own, *CHANNELS]


def _provider(configuration: Configuration) -> Provider | None:
    redis = configuration.realtime_settings.redis
    return configuration.environment_handler.realtime_provider(redis) if redis else None
