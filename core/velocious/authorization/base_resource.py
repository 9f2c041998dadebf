"""``BaseResource``: where an application writes the rules of a model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakValueDictionary

from velocious.errors import RuleError

if TYPE_CHECKING:
    from velocious.authorization.ability import Ability
    from velocious.authorization.rule import Given
    from velocious.record.record import Record

#: Every resource that was imported; the newest of a name.
_imported: WeakValueDictionary[str, type[BaseResource]] = WeakValueDictionary()


class BaseResource:
    """The rules of one model.

    ::

        class TaskResource(BaseResource):
            model = Task

            def abilities(self):
                self.can("read", public=True)
                if self.user is not None:
                    self.can("manage", project={"owner_id": self.user.id})
                    self.cannot("update", locked=True, reason="This task is locked.")

    Attributes:
        model: whose rules they are.
        ability: whose they are.
    """

    model: ClassVar[type[Record] | None] = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _imported[f"{cls.__module__}.{cls.__qualname__}"] = cls

    def __init__(self, ability: Ability) -> None:
        self.ability = ability

    @property
    def user(self) -> Any:
        """Whose rules they are: whatever the application calls its user, or None."""
        return self.ability.user

    @property
    def context(self) -> dict[str, Any]:
        """What else the ability was given."""
        return self.ability.context

    def abilities(self) -> None:
        """Say what may be done, with :meth:`can` and :meth:`cannot`; nothing by default. Called
        once for an ability, when it is first asked about the model.
        """

    def can(
        self,
        actions: str | list[str] | tuple[str, ...],
        /,
        *conditions: Given,
        fields: Any = None,
        reason: str | None = None,
        **attributes: Any,
    ) -> None:
        """Allow *actions* (``"manage"``: all of them) on records that fulfil all conditions;
        without any, on every record.

        Conditions are those of :meth:`Query.where` (attributes, nested dicts along relationships,
        ``Task.position > 3``), ``raw("tasks.position > ?", 3)``, and functions of a query:
        ``lambda tasks: tasks.where_exists("members", user_id=5)``.

        Arguments:
            fields: the attributes that this is about; None for all of them.
            reason: what to tell somebody whom no rule lets through.
        """
        self.ability.can(
            actions, self._own_model(), *conditions, fields=fields, reason=reason, **attributes
        )

    def cannot(
        self,
        actions: str | list[str] | tuple[str, ...],
        /,
        *conditions: Given,
        fields: Any = None,
        reason: str | None = None,
        **attributes: Any,
    ) -> None:
        """Forbid *actions*; that wins over what is allowed, whatever the order. With *fields* the
        records stay allowed, and those attributes do not.
        """
        self.ability.cannot(
            actions, self._own_model(), *conditions, fields=fields, reason=reason, **attributes
        )

    def _own_model(self) -> type[Record]:
        if self.model is None:
            raise RuleError(
                f"{type(self).__name__} has rules and no model. Say whose they are: model = Task "
                "in its class."
            )
        return self.model


def resources_of(package: str) -> list[type[BaseResource]]:
    """Every imported resource that says whose it is and was defined inside *package*.

    One whose module is no longer loaded belongs to another application, which tests had before.
    """
    return [one for one in _imported.values() if one.model is not None and _is_of(one, package)]


def _is_of(resource: type[BaseResource], package: str) -> bool:
    module = resource.__module__
    inside = module == package or module.startswith(package + ".")
    return inside and module in sys.modules
