"""The helpers of addresses as a controller has them.

Law: a host that a request chose stands in an address only where the application did not say its
own: what is mailed should begin with ``http={"base_url": …}``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

    from velocious.configuration import Configuration
    from velocious.routing.urls import Urls


def request_urls(configuration: Configuration, request: Request) -> Urls:
    """The helpers of the application at the place where *request* found it."""
    mounted: str = request.scope.get("root_path", "")
    base = configuration.http.base_url
    if base is None:
        base = f"{request.url.scheme}://{request.url.netloc}{mounted}"
    return configuration.routes.urls.at(prefix=mounted, base=base)
