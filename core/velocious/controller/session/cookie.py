"""The session's cookie: its name, and what it is set with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.controller.cookies import Cookies
    from velocious.controller.cookies.attributes import CookieOptions
    from velocious.session_settings import SessionSettings


def cookie_name(configuration: Configuration, cookies: Cookies) -> str:
    """The name of the session's cookie.

    Over HTTPS it begins with ``__Host-`` where it may: then no other host of the same domain can
    have set it.
    """
    settings = configuration.http.session
    if settings.name is not None:
        return settings.name
    name = f"{configuration.name or 'velocious'}_session"
    own = settings.domain is None and settings.path == "/"
    return f"__Host-{name}" if own and cookies.secure else name


def cookie_options(settings: SessionSettings, made: float, now: float) -> CookieOptions:
    """How the cookie of a session that was *made* then is set *now*."""
    options: CookieOptions = {
        "path": settings.path,
        "domain": settings.domain,
        "same_site": settings.same_site,
    }
    if settings.max_age is not None:
        options["max_age"] = max(1, made + settings.max_age - now)
    return options
