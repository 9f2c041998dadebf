"""Settings that do not make sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.command_words import as_typed
from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class ConfigurationError(VelociousError):
    """A setting is missing or does not make sense."""

    code = "configuration_error"


class CurrentConfigurationNotSetError(ConfigurationError):
    """No configuration has been opened yet."""

    code = "current_configuration_not_set"

    def __init__(self) -> None:
        super().__init__(
            "A current configuration hasn't been set. Open one first: "
            "`async with Configuration(environment_handler=…):`."
        )


class CurrentScopeError(ConfigurationError):
    """A current value was set where there is nothing it could belong to."""

    code = "current_scope_missing"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name!r} was set outside of a request, where nothing would ever forget it. Set it "
            "in a controller, or inside `with Current.scope():`."
        )


class MissingSecretError(ConfigurationError):
    """Something has to be signed, and the application has no secret."""

    code = "missing_secret"

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        super().__init__(
            f"There is no secret to sign {purpose!r} with. Make one with {as_typed('g:secret')} "
            "and set VELOCIOUS_SECRET in the server's environment to it, or pass "
            "Configuration(secret=…): the same for every process of the application. (Only in "
            "development and tests an application with a directory makes one of its own.)"
        )


class UnknownOptionError(ConfigurationError):
    """A keyword or key that nobody reads."""

    code = "unknown_option"

    def __init__(self, owner: str, option: str, known: Iterable[str]) -> None:
        self.owner = owner
        self.option = option
        self.known = sorted(known)
        super().__init__(f"{owner} has no option {option!r}. {suggestion(option, self.known)}")
