"""From ``Configuration(realtime={"redis": …})`` to what connects the processes.

Law: redis-py is imported here at the earliest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.realtime.emitter import StandaloneEmitter
    from velocious.realtime.envelopes import Codec
    from velocious.realtime.providers.base import Provider

CODECS = ("ignis", "ori", "velox")


def provider_from(given: str | Mapping[str, Any]) -> Provider:
    """The provider for a URL, or for a mapping with ``url``, ``codec`` and the options of
    :class:`~velocious_node.realtime.redis.RedisSettings`.

    Raises:
        ConfigurationError: redis-py is missing, or there is no URL.
        UnknownOptionError: for a key that nobody reads.
    """
    url, codec, options = _read(given)
    from velocious_node.realtime.redis import ForeignProvider, RedisProvider

    if codec is None:
        return RedisProvider(url, **options)
    return ForeignProvider(url, codec=codec, **options)


def emitter_from(given: str | Mapping[str, Any]) -> StandaloneEmitter:
    """What publishes for a program without an application; *given* and errors are those of
    :func:`provider_from`.
    """
    url, codec, options = _read(given)
    from velocious_node.realtime.redis import RedisEmitter

    return RedisEmitter(url, codec=codec, **options)


def _read(given: str | Mapping[str, Any]) -> tuple[str, Codec | None, dict[str, Any]]:
    """The URL, the codec and the options of :class:`RedisSettings`."""
    try:
        import_module("velocious_node.realtime.redis")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "redis":
            raise
        raise ConfigurationError(
            "realtime={'redis': …} needs redis-py, which is not installed: "
            "pip install 'velocious[redis]'"
        ) from error
    options: dict[str, Any] = {"url": given} if isinstance(given, str) else dict(given)
    _check(options)
    url, codec = options.pop("url"), options.pop("codec", None)
    if codec is None:
        return url, None, options
    return url, codec_called(codec, options.pop("prefix", None)), options


def codec_called(name: str, prefix: str | None = None) -> Codec:
    """The form called *name*: ``"ignis"``, ``"ori"`` or ``"velox"``.

    Raises:
        ConfigurationError: there is none of that name, or it has no prefix.
    """
    from velocious.realtime.envelopes.ignis import IgnisCodec
    from velocious.realtime.envelopes.ori import OriCodec
    from velocious.realtime.envelopes.velox import VeloxCodec

    if name not in CODECS:
        raise ConfigurationError(
            f"realtime={{'redis': {{'codec': {name!r}}}}}: it is one of {', '.join(CODECS)}; "
            "without it processes of Velocious speak to each other."
        )
    if name == "ori":
        return OriCodec(prefix or "ws")
    if prefix is not None:
        raise ConfigurationError(f"The names that {name!r} gives have no prefix: leave it out.")
    return IgnisCodec() if name == "ignis" else VeloxCodec()


def _check(options: dict[str, Any]) -> None:
    from dataclasses import fields

    from velocious_node.realtime.redis import RedisSettings

    known = ("url", "codec", *(one.name for one in fields(RedisSettings)))
    for name in options:
        if name not in known:
            raise UnknownOptionError("realtime={'redis': {…}}", name, known)
    if not options.get("url"):
        raise ConfigurationError(
            "realtime={'redis': {…}} has no url: give one such as redis://localhost:6379/0."
        )
