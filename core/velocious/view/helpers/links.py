"""Links, and buttons that change something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from velocious.view.addresses import address_of, safe_address
from velocious.view.helpers.protection import csrf_field
from velocious.view.markup import element, empty_element

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a form itself can send; other methods travel in a field ``_method``.
OF_FORMS = ("get", "post")


def link_to(
    content: Any,
    target: Any = None,
    *,
    caller: Callable[[], Any] | None = None,
    **attributes: Any,
) -> Markup:
    """``<a href>``: ``link_to("Edit", edit_post_path(post))``, ``link_to(post.title, post)``,
    ``{% call link_to(post) %}<h2>…</h2>{% endcall %}``.
    """
    if caller is not None:
        content, target = caller(), content if target is None else target
    return element("a", content, {"href": address_of(target), **attributes})


def button_to(
    content: Any,
    target: Any,
    /,
    *,
    method: str = "post",
    confirm: str | None = None,
    **attributes: Any,
) -> Markup:
    """A button in a form of its own, for what changes something; works without JavaScript.

    Arguments:
        method: ``"post"``, ``"put"``, ``"patch"``, ``"delete"`` or ``"get"``.
        confirm: asked before, where a script of the page listens for ``data-confirm``.
    """
    button = element("button", content, {"type": "submit", **attributes})
    head = {"action": address_of(target), "class": "button-to", "data_confirm": confirm}
    return form_element(head, method, button)


def form_element(head: dict[str, Any], method: str, content: Markup) -> Markup:
    """A form with *content*, and the fields that its *method* needs."""
    wanted = method.lower()
    hidden = Markup()
    if wanted not in OF_FORMS:
        hidden += empty_element("input", type="hidden", name="_method", value=wanted)
    if wanted != "get":
        hidden += csrf_field()
    sent = wanted if wanted in OF_FORMS else "post"
    return element("form", hidden + content, {**head, "method": sent})


def safe_url(address: Any) -> str:
    """*address* for an ``href`` written by hand; what would run a script is made harmless."""
    return safe_address(str(address))
