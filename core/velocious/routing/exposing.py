"""The addresses of the endpoint.

Law: what an application has drawn itself comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.controller.dispatch import action_endpoint
from velocious.resource.endpoint import WITH_FILES, ResourceActions
from velocious.routing.answering import elsewhere_endpoint

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.routing.table import RouteTable


def add_resource_routes(table: RouteTable, configuration: Configuration) -> None:
    """Lead to what *configuration* exposes.

    Raises:
        ResourceDeclarationError: it cannot be served as it is declared.
    """
    settings = configuration.resource_settings
    place = "browser" if configuration.environment_handler.name == "browser" else "server"
    here = settings.on in (place, "both")
    controller = _controller(settings.controller)
    prefix = settings.path.rpartition("/")[0]
    addresses: list[tuple[str, str, str, dict[str, Any]]] = [("POST", settings.path, "batch", {})]
    for exposure in configuration.resources:
        defaults = {"model": exposure.name}
        base = f"{prefix}{exposure.path}"
        if exposure.attachments:
            for command in WITH_FILES:
                known = {**defaults, "command": command}
                addresses.append(("POST", f"{base}/{command}", "command", known))
            addresses.append(("GET", f"{base}/download", "download", defaults))
    for method, path, action, defaults in addresses:
        if here:
            endpoint = action_endpoint(configuration, controller, action)
            table.add((method,), path, endpoint, defaults=defaults)
        else:
            table.add((method,), path, elsewhere_endpoint(path, settings.on), elsewhere=True)


def _controller(given: type[Controller] | None) -> type[Controller]:
    if given is None:
        return ResourceActions
    members = {"__module__": given.__module__}
    return type("ResourceActions", (ResourceActions, given), members)
