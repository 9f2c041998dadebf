"""Every tenant that an application has, as far as it says so."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


async def all_tenants(tell: Callable[[], Any] | None) -> list[Any]:
    """What *tell*, plain or async, returns. Raises ConfigurationError where there is none."""
    if tell is None:
        raise ConfigurationError(
            "It is not known which tenants there are. Say it with "
            "Configuration(tenants=…): a function, plain or async, that returns all of them."
        )
    found = tell()
    if isinstance(found, Awaitable):
        found = await cast("Awaitable[Iterable[Any]]", found)
    return [*found]
