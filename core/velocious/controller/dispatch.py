"""Runs an action: from a matched request to the answer.

The order: checks of the request's head, parameters, tenant, around filters, before filters, the
action, after filters, what was registered with ``before_sending``, the answer. What goes wrong
before the answer leaves goes to the controller's ``rescue_from`` first.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, cast

from velocious.controller.answer import Answer
from velocious.controller.answer.settling import settled
from velocious.controller.body.body import UPLOADS
from velocious.controller.entrance import Entrance
from velocious.controller.exchange import Exchange
from velocious.controller.filtering import filtered
from velocious.controller.params import Params
from velocious.controller.plan import Plan
from velocious.controller.request import Request
from velocious.current import running

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

    #: Runs an action; what it returns is a response, or None where the controller has one.
    type Run = Callable[[Controller], Awaitable[Any]]


def action_endpoint(
    configuration: Configuration, controller_class: type[Controller], action: str
) -> ASGIApp:
    """The ASGI application that answers with *action* of a new *controller_class*.

    Raises:
        FilterError: its filters name what is not there.
    """
    plan = Plan(controller_class, action)
    run: Run = getattr(controller_class, action)
    if configuration.http.around_action is not None or not plan.is_empty:
        run = filtered(run, plan, configuration.http.around_action)
    abilities = configuration.abilities
    if abilities is not None and abilities.waits:
        run = _knowing_who_asks(run)
    entrance = Entrance(configuration, controller_class, action)
    has_tenants = configuration.tenant_resolver is not None

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        controller = controller_class(request, Params(), configuration, action)
        exchange = running.get()
        if type(exchange) is Exchange:
            exchange.controller = controller
        try:
            if has_tenants:
                await _answer_for_tenant(controller, plan, run, entrance, send)
            else:
                response = await _answer(controller, plan, run, entrance)
                await _delivery(response, request, exchange, send)
        finally:
            # Uploads lie in temporary files until here.
            if request._form is not None:
                await request.close()
            if UPLOADS in scope:
                await _close_uploads(scope)

    return endpoint


def _knowing_who_asks(run: Run) -> Run:
    """*run*, after an ``async`` resolver was asked whose the request is."""

    async def knowing(controller: Controller) -> Any:
        await controller._load_ability()
        return await run(controller)

    return knowing


async def _answer(
    controller: Controller,
    plan: Plan,
    run: Run,
    entrance: Entrance,
    enter: Callable[[], Awaitable[Any]] | None = None,
) -> Response:
    """The answer of the controller, ready to be sent."""
    time = entrance.time
    # How long it takes to send is up to the client, and to who streams.
    task = None if time is None else time.begin()
    try:
        try:
            await entrance.take(controller)
            if enter is not None:
                await enter()
            response = settled(controller, await run(controller))
        except CancelledError:
            if time is not None and task is not None:
                time.explain(task)
            raise
    except Exception as error:
        response = await _rescued(controller, plan, error)
    finally:
        if time is not None and task is not None:
            time.end(task)
    if controller._callbacks is not None:
        await _call_back(controller, response)
    return response


def _delivery(response: Response, request: Request, exchange: Any, send: Send) -> Awaitable[None]:
    """What sends *response* when it is awaited."""
    if (
        type(response) is Answer
        and response.is_plain_json
        # Nothing stands between us and the envelope.
        and getattr(send, "__self__", None) is exchange
    ):
        return exchange.send_json(response.status_code, response.body)
    return response(request.scope, request.receive, send)


async def _answer_for_tenant(
    controller: Controller, plan: Plan, run: Run, entrance: Entrance, send: Send
) -> None:
    """Answer inside the block of the tenant whose request it is."""
    async with AsyncExitStack() as stack:

        async def enter() -> None:
            tenant = await _tenant(controller)
            block = controller.configuration.run_with_tenant(tenant)
            await stack.enter_async_context(block)

        response = await _answer(controller, plan, run, entrance, enter)
        await _delivery(response, controller.request, running.get(), send)


async def _tenant(controller: Controller) -> Any:
    resolver = controller.configuration.tenant_resolver
    assert resolver is not None
    tenant = resolver(request=controller.request, params=controller.params)
    if isinstance(tenant, Awaitable):
        tenant = await cast("Awaitable[Any]", tenant)
    return tenant


async def _rescued(controller: Controller, plan: Plan, error: Exception) -> Response:
    """What the controller answers to *error*; raises it where the controller does not."""
    name = plan.rescuer(error)
    if name is None:
        raise error
    # What had been rendered before it failed is not the answer.
    controller.response = None
    returned = getattr(controller, name)(error)
    if isinstance(returned, Awaitable):
        returned = await cast("Awaitable[Any]", returned)
    return settled(controller, returned, name)


async def _call_back(controller: Controller, response: Response) -> None:
    # One of them may register another.
    while controller._callbacks:
        # They hold the controller, as it holds them: let go, or only the collector could.
        callbacks, controller._callbacks = controller._callbacks, None
        for callback in callbacks:
            awaited = callback(response)
            if awaited is not None:
                await awaited


async def _close_uploads(scope: Scope) -> None:
    # Imported here: most requests bring no files.
    from velocious.controller.body.uploads import close_uploads

    await close_uploads(scope)
