"""Where an application's routes come from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from velocious.errors import RoutingError, VelociousError
from velocious.routing.routes import Routes

if TYPE_CHECKING:
    from types import ModuleType

MODULE = "app.config.routes"


def application_routes() -> Routes:
    """The ``routes`` of ``app/config/routes.py``; none where the application has no such file.

    Raises:
        RoutingError: the file does not import, or defines something else.
    """
    module = _module()
    if module is None:
        return Routes()
    found = getattr(module, "routes", None)
    if isinstance(found, Routes):
        return found
    raise RoutingError(
        f"app/config/routes.py defines routes = {found!r}, which are no Routes. Write "
        "`from velocious.routing import Routes` and `routes = Routes()` there."
    )


def _module() -> ModuleType | None:
    try:
        return import_module(MODULE)
    except VelociousError:
        raise
    except ModuleNotFoundError as error:
        if error.name is not None and MODULE.startswith(error.name):
            return None
        raise _broken(error) from error
    except Exception as error:
        raise _broken(error) from error


def _broken(error: Exception) -> RoutingError:
    return RoutingError(
        f"app/config/routes.py could not be imported: {type(error).__name__}: {error}. Fix it; "
        "--debug shows the whole traceback."
    )
