"""What the parts of a scaffold are called."""

from __future__ import annotations

from dataclasses import dataclass

from velocious.naming import camelize, humanize, pluralize, underscore


@dataclass(frozen=True, slots=True)
class ScaffoldNames:
    """All names that follow from the model's (``BlogPost``)."""

    class_name: str

    @property
    def singular(self) -> str:
        """``blog_post``."""
        return underscore(self.class_name)

    @property
    def plural(self) -> str:
        """``blog_posts``."""
        return pluralize(self.singular)

    @property
    def many(self) -> str:
        """What templates call several of them: never what they call one (news)."""
        return self.plural if self.plural != self.singular else f"all_{self.plural}"

    @property
    def controller(self) -> str:
        """``BlogPostsController``."""
        return f"{camelize(self.plural)}Controller"

    @property
    def index_path(self) -> str:
        """The helper of the list's address."""
        return f"{self.plural if self.plural != self.singular else f'{self.plural}_index'}_path"

    def values(self) -> dict[str, str]:
        """For templates."""
        human = humanize(self.singular)
        return {
            "class_name": self.class_name,
            "singular": self.singular,
            "plural": self.plural,
            "many": self.many,
            "controller": self.controller,
            "index_path": self.index_path,
            "path": f"{self.singular}_path",
            "new_path": f"new_{self.singular}_path",
            "edit_path": f"edit_{self.singular}_path",
            "human": human.lower(),
            "title": human,
            "human_plural": humanize(self.plural).lower(),
            "title_plural": humanize(self.plural),
        }
