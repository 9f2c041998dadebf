"""The OpenAPI document of an application, and what happens when everything in it is tried."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import openapi_spec_validator
import pytest
import requests
import schemathesis
import schemathesis.checks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.node.library_application import library, open_library
from velocious.openapi import openapi_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

#: What an answer must be, whatever was asked.
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


class Trial:
    """The application, running in a loop of its own, and how often it was asked."""

    def __init__(self, app: ASGIApp, runner: asyncio.Runner) -> None:
        self._transport = httpx.ASGITransport(app)
        self._runner = runner
        self.asked = 0
        self.statuses: dict[int, int] = {}

    def ask(self, case: Any) -> httpx.Response:
        """The answer to what schemathesis thought of, byte for byte."""
        made = requests.Request(**case.as_transport_kwargs(base_url="http://app.test")).prepare()
        body: Any = made.body or b""
        headers: Any = list(made.headers.items())
        request = httpx.Request(
            made.method or "GET",
            made.url or "",
            headers=headers,
            content=body.encode() if isinstance(body, str) else body,
        )
        answer = self._runner.run(self._answer(request))
        self.asked += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        return answer

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        answer.request, answer.elapsed = request, timedelta()
        await answer.aread()
        return answer


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with asyncio.Runner() as runner:
        opened = open_library(tmp_path)
        configuration = runner.run(opened.__aenter__())
        try:
            yield Trial(configuration.asgi(), runner)
        finally:
            runner.run(opened.__aexit__(None, None, None))


def try_everything(trial: Trial, document: dict[str, Any], examples: int) -> None:
    """Ask for every operation in *examples* ways that fit and in as many that do not."""
    suppressed: Any = list(HealthCheck)
    known: Any = schemathesis.checks
    known.load_all_checks()
    checks: list[Any] = [known.CHECKS.get_one(name) for name in CHECKED]
    schema: Any = schemathesis.openapi.from_dict(document)
    for found in schema.get_all_operations():
        operation: Any = found.ok()
        both: list[Any] = [operation.as_strategy(mode) for mode in GenerationMode]

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples < 100,
            suppress_health_check=suppressed,
        )
        @given(st.one_of(both))
        def attempt(case: Any) -> None:
            case.validate_response(trial.ask(case), checks=checks)

        attempt()


def test_the_document_is_valid_openapi(tmp_path: Path) -> None:
    document = openapi_document(library(tmp_path))
    openapi_spec_validator.validate(json.loads(json.dumps(document)))


def test_whatever_is_asked_is_answered_as_the_document_says(trial: Trial, tmp_path: Path) -> None:
    try_everything(trial, openapi_document(library(tmp_path)), examples=25)
    assert trial.asked >= 200
    assert {200, 201, 404, 422} <= trial.statuses.keys()


@pytest.mark.drill
def test_ten_thousand_requests_find_no_failure_of_the_server(trial: Trial, tmp_path: Path) -> None:
    try_everything(trial, openapi_document(library(tmp_path)), examples=1300)
    assert trial.asked >= 10_000
