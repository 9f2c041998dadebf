"""What the declarations of a model add to it, as a type checker should see it.

Law: nothing here defines anything at run time. Declarations refuse names that are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.generator.value_type import can_be_named, value_type
from velocious.record.declared import VirtualAttribute
from velocious.record.enums import EnumDeclaration
from velocious.record.state_machines import StateMachineDeclaration
from velocious.record.translated import TranslatesDeclaration, in_locale
from velocious.record.user.password import PasswordDeclaration
from velocious.record.user.token import TokenDeclaration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.generator.imports import Imports
    from velocious.record.declaration import Declaration
    from velocious.record.record import Record

#: A member's name, its text, and what that imports.
type Members = Iterator[tuple[str, str, Imports]]


def descriptors(model: type[Record], imports: Imports) -> list[str]:
    """Lines like ``open: Scope[[]]``, for members that are descriptors."""
    return _written(model, [*_described(model), *_virtual(model)], imports)


def methods(model: type[Record], imports: Imports) -> list[str]:
    """Methods and properties, each as lines of text without a body."""
    found = [one for name, made in _declared(model) for one in _methods(name, made)]
    return _written(model, found, imports)


def taken(model: type[Record]) -> frozenset[str]:
    """The translated attributes of *model*: they go before columns of the same name."""
    return frozenset(
        attribute
        for _, made in _declared(model)
        if isinstance(made, TranslatesDeclaration)
        for attribute in made.attributes
    )


def _declared(model: type[Record]) -> list[tuple[str, Declaration]]:
    # The one that was declared last goes before its parents'.
    return list({name: made for made, name in model._definition.declarations.items()}.items())


def _written(
    model: type[Record], found: list[tuple[str, str, Imports]], imports: Imports
) -> list[str]:
    """The texts of members that no base of the library has already."""
    bases = [base for base in model.__mro__ if base.__module__.startswith("velocious.")]
    known = {name for base in bases for name in vars(base)}
    texts: dict[str, str] = {}
    for name, text, needed in found:
        if name not in known and can_be_named(name):
            texts[name] = text
            for module, names in needed.items():
                imports.setdefault(module, set()).update(names)
    return list(texts.values())


def _described(model: type[Record]) -> Members:
    for name, made in _declared(model):
        match made:
            case EnumDeclaration():
                for _, member in made.member_names(name):
                    for one in (member, f"not_{member}"):
                        yield one, f"{one}: Scope[[]]", {"velocious.record.scope": {"Scope"}}
            case TranslatesDeclaration():
                yield from _translated(model, name, made)
            case PasswordDeclaration():
                for one in (name, f"{name}_confirmation"):
                    needed = {"velocious.record.user.password": {"PlainText"}}
                    yield one, f"{one}: PlainText", needed
            case _:
                pass


def _translated(model: type[Record], name: str, made: TranslatesDeclaration) -> Members:
    rows = model._definition.relationships[name].target()._definition.schema_or_fail()
    for attribute in made.attributes:
        needed: Imports = {"velocious.record.translated": {"TranslatedAttribute"}}
        kind = value_type(rows.attributes[attribute].type, needed, optional=False)
        for one in (attribute, *(in_locale(attribute, locale) for locale in made.locales)):
            yield one, f"{one}: TranslatedAttribute[{kind}]", needed


def _virtual(model: type[Record]) -> Members:
    for base in reversed(model.__mro__):
        for name, member in vars(base).items():
            found: Any = member
            if isinstance(found, VirtualAttribute):
                needed: Imports = {"velocious.record.declared": {"VirtualAttribute"}}
                kind = value_type(found.type, needed, optional=True)
                yield name, f"{name}: VirtualAttribute[{kind}]", needed


def _methods(name: str, made: Declaration) -> Members:
    match made:
        case EnumDeclaration():
            for _, member in made.member_names(name):
                yield f"is_{member}", f"@property\ndef is_{member}(self) -> bool: ...", {}
                yield _method(f"mark_{member}", "Self", wait=True)
        case StateMachineDeclaration():
            yield _method(f"force_{name}", "Self", ", state: str")
            for event in made.events:
                yield _method(event, "Self")
                yield _method(f"{event}_and_save", "Self", wait=True)
                yield _method(f"can_{event}", "bool")
                yield _method(f"can_{event}_now", "bool", wait=True)
        case TranslatesDeclaration():
            for attribute in made.attributes:
                yield _method(f"has_{attribute}", "bool")
        case PasswordDeclaration():
            yield _method(f"authenticate_{name}", "bool", ", password: str", wait=True)
        case TokenDeclaration():
            expiry = ", *, expires_in: timedelta | float | None = None"
            member, text, _ = _method(f"{name}_token", "str", expiry)
            yield member, text, {"datetime": {"timedelta"}}
            find = f"find_by_{name}_token"
            text = f"async def {find}(cls, token: str) -> Self | None: ..."
            yield find, f"@classmethod\n{text}", {"typing": {"Self"}}
        case _:
            pass


def _method(
    name: str, returned: str, parameters: str = "", *, wait: bool = False
) -> tuple[str, str, Imports]:
    text = f"{'async ' if wait else ''}def {name}(self{parameters}) -> {returned}: ..."
    return name, text, {"typing": {"Self"}} if returned == "Self" else {}
