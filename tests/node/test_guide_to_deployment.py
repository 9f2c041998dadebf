"""The files of the guide to deployment are what the programs that read them take."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import click

from tests.node.guides import python_blocks, run
from tests.project._snippets import snippets
from velocious_node import NodeEnvironmentHandler
from velocious_node.cli.manifest import registry
from velocious_node.http.production import problems
from velocious_node.http.server import server_settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DOCUMENT = "docs/deployment.md"


def blocks(language: str) -> list[str]:
    return [one.text for one in snippets(DOCUMENT) if one.language == language]


def unit(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def options_of(command_line: list[str]) -> dict[str, Any]:
    """What `velocious server …` understands of its words."""
    command = registry().find("server").click_command
    assert isinstance(command, click.Command)
    return command.make_context("server", command_line).params


def test_its_configuration_is_ready_for_production(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VELOCIOUS_ENV", "production")
    monkeypatch.setenv("VELOCIOUS_SECRET", "s" * 32)
    (block,) = python_blocks(DOCUMENT)
    made = run(block, __file__=str(tmp_path / "app/config/configuration.py"))
    configuration = made["configuration"](NodeEnvironmentHandler())
    assert problems(configuration) == []
    assert server_settings(configuration).grace_seconds == 20


def test_the_units_of_systemd_start_the_server_on_the_socket() -> None:
    listening, service = map(unit, blocks("ini"))
    assert listening["Socket"]["ListenStream"].startswith("/run/shop/")
    assert service["Unit"]["Requires"] == "shop.socket"
    program, *words = shlex.split(service["Service"]["ExecStart"])
    assert (program.rpartition("/")[2], words[0]) == ("velocious", "server")
    assert options_of(words[1:])["workers"] == 4
    grace = 60
    assert int(service["Service"]["TimeoutStopSec"]) >= grace


def test_the_container_starts_the_server_as_nobody_special() -> None:
    (text,) = blocks("dockerfile")
    lines = [line for line in text.splitlines() if line.strip()]
    words = {line.split()[0] for line in lines}
    known = {"FROM", "WORKDIR", "RUN", "COPY", "USER", "ENV", "EXPOSE", "STOPSIGNAL"}
    assert words <= known | {"HEALTHCHECK", "ENTRYPOINT", "CMD"}
    commands = {line.split()[0]: line.partition(" ")[2] for line in lines}
    options = options_of(json.loads(commands["CMD"])[1:])
    assert (options["host"], options["port"], options["workers"]) == ("0.0.0.0", 8000, 2)
    probe = json.loads(commands["HEALTHCHECK"].partition("CMD ")[2])
    compile(probe[-1], "probe", "exec")
    assert f":{options['port']}/up" in probe[-1]
    assert commands["USER"] == "shop"


def test_the_configuration_of_nginx_is_whole_and_lets_nobody_choose_his_address() -> None:
    (text,) = blocks("nginx")
    depth = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        assert line.endswith(("{", "}", ";")), line
        depth += line.count("{") - line.count("}")
        assert depth >= 0, line
    assert depth == 0
    forwarded = re.findall(r"X-Forwarded-For (\S+);", text)
    assert forwarded == ["$remote_addr"] * text.count("proxy_pass ")


def test_the_file_for_caddy_leads_to_the_socket_of_systemd() -> None:
    (text,) = blocks("caddyfile")
    assert text.count("{") == text.count("}")
    socket = unit(blocks("ini")[0])["Socket"]["ListenStream"]
    assert f"reverse_proxy unix/{socket} {{" in text
    assert f"server unix:{socket} " in blocks("nginx")[0]
