"""Shows what a migrator does, a line for each migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.cli.output import Output
    from velocious.migration.events import StepEvent


def show_step(output: Output) -> Callable[[StepEvent], None]:
    """A callback for ``Migrator(on_step=…)``."""

    def show(event: StepEvent) -> None:
        undone = event.direction == "down"
        if event.state == "started" and event.number == 1:
            verb = "Rolling back" if undone else "Running"
            plural = "" if event.total == 1 else "s"
            output.write(f"{verb} {event.total} migration{plural} on {event.database}")
        if event.state == "finished":
            done = output.style("undone" if undone else "done", "green")
            time = f"{event.seconds * 1000:.1f} ms"
            output.write(f"  {event.version} {event.name}  {done} in {time}")

    return show
