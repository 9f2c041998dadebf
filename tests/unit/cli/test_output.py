"""Where words go, and what a terminal gets in addition."""

from __future__ import annotations

import io

from velocious.cli.output import StreamOutput, TextOutput


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_results_and_errors_go_to_their_own_streams() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = StreamOutput(out, err)
    output.write("result")
    output.raw("no end")
    output.error("wrong")
    assert (out.getvalue(), err.getvalue()) == ("result\nno end", "wrong\n")


def test_only_a_terminal_gets_colours() -> None:
    assert StreamOutput(io.StringIO(), io.StringIO()).style("x", "red") == "x"
    assert StreamOutput(Terminal(), Terminal()).style("x", "red") == "\x1b[31mx\x1b[0m"
    assert StreamOutput(Terminal(), Terminal(), colour=False).style("x", "red") == "x"
    assert TextOutput().style("x", "red") == "x"


def test_a_terminal_sees_a_bar_and_a_file_sees_a_line() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        output = StreamOutput(io.StringIO(), stream)
        with output.progress.step("Importing", total=4) as step:
            step.advance(4)
    assert "\r" in terminal.getvalue()
    assert "█" in terminal.getvalue()
    assert file.getvalue().count("\n") == 1
    assert "4/4" in file.getvalue()


def test_text_collects_everything_in_its_order() -> None:
    output = TextOutput()
    output.write("one")
    output.error("two")
    output.raw("three")
    assert output.text == "one\ntwo\nthree"
