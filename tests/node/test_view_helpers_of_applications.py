"""An application's own helpers, and what production shows of a broken template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.node.application import forget_applications
from velocious_node.cli.application import load

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication
    from velocious.configuration import Configuration

HELPER = """
from velocious.view import current_rendering, element


def shouted(text):
    return element("b", text.upper())


def here():
    return current_rendering().request.url.path


def _hidden():
    return "hidden"
"""


def opened(generated: GeneratedApplication, environment: str) -> Configuration:
    from velocious.cli.command import GlobalOptions

    return load(GlobalOptions(directory=str(generated.directory), environment=environment))


async def get(configuration: Configuration, path: str, **headers: str) -> httpx.Response:
    async with configuration:
        transport = httpx.ASGITransport(configuration.asgi(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers=headers)


async def test_public_functions_of_helper_modules_are_called_in_templates(
    generated: GeneratedApplication,
) -> None:
    generated.write("app/helpers/loud_helper.py", HELPER)
    generated.write(
        "app/views/home/index.html",
        "{{ shouted('a<b') }} {{ here() }} {{ _hidden is defined }} {{ element is defined }}",
    )
    answer = await get(opened(generated, "test"), "/")
    assert "<b>A&lt;B</b> / False True" in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def link_to(): ...\n", "defines the helper 'link_to', which Velocious has already"),
        ("def nav_link(): ...\n", "which application_helper.py has already"),
        ("1/0\n", "app/helpers/my_helper.py could not be imported: ZeroDivisionError"),
    ],
)
async def test_a_helper_that_cannot_be_used_is_explained(
    generated: GeneratedApplication, text: str, said: str
) -> None:
    generated.write("app/helpers/my_helper.py", text)
    answer = await get(opened(generated, "development"), "/")
    assert answer.status_code == 500
    assert said in answer.json()["error"]["message"]


async def test_development_names_the_line_and_production_nothing(
    generated: GeneratedApplication,
) -> None:
    generated.write("app/views/home/index.html", "one\n{{ titel }}\n")
    answer = await get(opened(generated, "development"), "/")
    assert answer.status_code == 500
    message = answer.json()["error"]["message"]
    assert "app/views/home/index.html, line 2: There is no variable 'titel' here" in message
    place = generated.directory / "app/config/configuration.py"
    told = place.read_text().replace("browser=BROWSER", 'browser=BROWSER, http={"hosts": ["*"]}')
    place.write_text(told)
    forget_applications()
    answer = await get(opened(generated, "production"), "/", accept="text/html")
    assert answer.status_code == 500
    for secret in ("titel", "home", "jinja", str(generated.directory)):
        assert secret not in answer.text


async def test_a_missing_template_never_shows_where_the_application_lies(
    generated: GeneratedApplication,
) -> None:
    (generated.directory / "app/views/home/index.html").unlink()
    answer = await get(opened(generated, "development"), "/")
    message = answer.json()["error"]["message"]
    assert "app/views/home/index.html" in message
    assert str(generated.directory) not in message
