"""Runs command lines, in a shell and in a browser alike.

Law: no I/O but the output port, no event loop of its own, never an exception: what comes back is an
exit code (0 done, 1 failed, 2 wrong usage).
"""

from __future__ import annotations

import shlex
import traceback
from typing import TYPE_CHECKING, Any

import click

from velocious.cli.chain import Overview, parse_chain
from velocious.cli.command import Invocation, Needs
from velocious.cli.overview import overview
from velocious.command_words import as_typed
from velocious.errors import CommandError, VelociousError, WrongUsageError
from velocious.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from velocious.cli.command import Call, GlobalOptions
    from velocious.cli.output import Output
    from velocious.cli.registry import Registry
    from velocious.configuration import Configuration

    type Load = Callable[[GlobalOptions], Configuration]

DONE, FAILED, WRONG_USAGE = 0, 1, 2


async def run(
    load: Load,
    arguments: str | Sequence[str],
    output: Output,
    *,
    registry: Registry,
    program: str = "velocious",
    services: Mapping[str, Any] | None = None,
) -> int:
    """Run the commands of a line (or of its words) one after another; the exit code.

    Arguments:
        load: makes or hands over the configuration; called once, and only if a command needs it.
        services: what the environment gives to the commands that it contributes itself.
    """
    try:
        options, calls = parse_chain(_words(arguments), registry, output, program)
    except Overview as asked:
        _show_overview(asked, registry, output)
        return DONE if arguments else WRONG_USAGE
    except click.UsageError as error:
        return _explain_usage(error, output)
    except VelociousError as error:
        return _explain(error, output)
    try:
        return await _run_calls(calls, options, load, output, program, dict(services or {}))
    except VelociousError as error:
        return _explain(error, output, debug=options.debug)
    except SystemExit as stop:
        return _exit_code(stop, output)
    except Exception as error:
        return _explain_unexpected(error, output)


def _words(arguments: str | Sequence[str]) -> list[str]:
    if not isinstance(arguments, str):
        return list(arguments)
    try:
        return shlex.split(arguments)
    except ValueError as error:
        raise WrongUsageError(
            f"The line {arguments!r} cannot be split into words: {error}. Close the quote, or give "
            'the words as a list: ["runner", "…"].'
        ) from error


async def _run_calls(
    calls: list[Call],
    options: GlobalOptions,
    load: Load,
    output: Output,
    program: str,
    services: dict[str, Any],
) -> int:
    configuration: Configuration | None = None
    for call in calls:
        if configuration is None and call.command.needs is not Needs.NOTHING:
            configuration = load(options)
        invocation = Invocation(
            output, configuration, options=options, program=program, services=services
        )
        code = await _run_call(call, invocation)
        if code != DONE:
            return code
    return DONE


async def _run_call(call: Call, invocation: Invocation) -> int:
    needs = call.command.needs
    if needs in (Needs.NOTHING, Needs.CONFIGURATION):
        return await call.run(invocation)
    # Opened for each command anew: one may replace the tables that the next one reads.
    configuration = invocation.configuration
    await configuration.initialize(load_models=False)
    try:
        if needs is Needs.OPEN:
            await configuration.models.load()
        return await call.run(invocation)
    finally:
        await configuration.close()


def _show_overview(asked: Overview, registry: Registry, output: Output) -> None:
    if asked.wanted == "version":
        output.write(f"velocious {__version__}")
    else:
        output.write(overview(registry, output))


def _explain(error: VelociousError, output: Output, *, debug: bool = False) -> int:
    if debug:
        output.error("".join(traceback.format_exception(error)).rstrip())
    output.error(f"{output.style('Error:', 'red')} {error}")
    for note in getattr(error, "__notes__", []):
        output.error(f"  {note}")
    return error.exit_code if isinstance(error, CommandError) else FAILED


def _explain_unexpected(error: Exception, output: Output) -> int:
    output.error("".join(traceback.format_exception(_without_our_frames(error))).rstrip())
    return FAILED


def _exit_code(stop: SystemExit, output: Output) -> int:
    """What `sys.exit(…)` in an application's code asked for; a browser's worker must go on."""
    if isinstance(stop.code, str):
        output.error(stop.code)
        return FAILED
    return stop.code or DONE


def _without_our_frames(error: Exception) -> Exception:
    """*error* without the frames that led to the command: they say nothing about the mistake."""
    trace = error.__traceback__
    while trace is not None and _is_ours(trace.tb_frame.f_globals.get("__name__", "")):
        trace = trace.tb_next
    return error.with_traceback(trace) if trace is not None else error


def _is_ours(module: str) -> bool:
    return module.startswith("velocious.cli.")


def _explain_usage(error: click.UsageError, output: Output) -> int:
    context = error.ctx
    name = context.command_path if context else "velocious"
    output.error(f"{output.style('Error:', 'red')} {error.format_message()}")
    if context is not None and context.command.name != name:
        output.error(context.command.get_usage(context))
    line = f"{name.removeprefix('velocious').strip()} --help".strip()
    output.error(f"{as_typed(line)} explains it.")
    return WRONG_USAGE
