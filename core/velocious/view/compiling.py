"""How templates become Python.

Law: what a template writes is what Jinja's own compiler would have it write; only the way is
shorter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from jinja2.compiler import CodeGenerator
from jinja2.utils import concat

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.compiler import Frame


class TemplateCompiler(CodeGenerator):
    """Jinja's compiler, with fewer steps for what templates do most: writing values."""

    @override
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.writeline(f"from {__name__} import whole")
        self.writeline("from velocious.view.escaping import escaped")
        super().visit_Template(node, frame)

    @override
    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Text and values that follow each other leave as one piece: each piece is a way out of the
        template's generator and back.
        """
        if frame.buffer is not None or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        # Jinja writes `BUFFER.extend((…))`.
        frame.buffer = "yield whole"
        try:
            super().visit_Output(node, frame)
        finally:
            frame.buffer = None

    @override
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("escaped(")


class whole:
    """What a compiled template takes for a buffer where it hands its text on at once."""

    extend = staticmethod(concat)

    @staticmethod
    def append(text: str) -> str:
        return text
