"""Lessons as a page shows them: Markdown in, HTML out. Pure.

Understood are CommonMark, tables and formulas in `math` fences. HTML in a lesson is shown as text, and links lead to
pages of ours or nowhere: no page has an address of somebody else's.
"""

from collections.abc import Callable, Collection, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from grader.clean import for_html, seen
from grader.messages import say
from grader.report.code import highlighted
from grader.report.mathml import formula

__all__ = ["Links", "html"]


@dataclass(frozen=True)
class Links:
    """Where a lesson's links lead.

    Attributes:
        page: returns the address of the page that a link such as `../02_calculus/README.md` means; "" for none.
        image: returns the address of a picture that lies beside the lesson; "" for none.
        exercise: returns the address of an exercise's page.
        exercises: the exercises whose names, where they stand as code, are links.
    """

    page: Callable[[str], str]
    image: Callable[[str], str]
    exercise: Callable[[str], str]
    exercises: Collection[str]


def html(text: str, links: Links) -> Markup:
    """Return Markdown as HTML; its headings keep their depth."""
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    return Markup(parser.render(seen(text), {"links": links}))


class _Renderer(RendererHTML):
    """Writes what differs from plain HTML."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """A formula, Python, or plain text that keeps its columns."""
        token = tokens[idx]
        language = token.info.strip()
        if language == "math":
            return f"{formula(token.content)}\n"
        inner = highlighted(token.content) if language == "python" else for_html(token.content)
        label = for_html(say("example"))
        return f'<pre class="columns" tabindex="0" role="group" aria-label="{label}">\n{inner}</pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Indented lines: plain text that keeps its columns."""
        return self.fence(tokens, idx, options, env)

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Code; the name of an exercise leads to its page."""
        name, links = tokens[idx].content, env["links"]
        code = f"<code>{for_html(name)}</code>"
        within = sum(token.nesting for token in tokens[:idx] if token.type in ("link_open", "link_close"))
        linked = name in links.exercises and not within
        return f'<a href="{for_html(links.exercise(name))}">{code}</a>' if linked else code

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """A picture beside the lesson; where there is none, what it would show."""
        token = tokens[idx]
        says = " ".join(self.renderInlineAsText(token.children, options, env).split())
        source = env["links"].image(str(token.attrs.get("src", "")))
        return f'<img src="{for_html(source)}" alt="{for_html(says)}">' if source else for_html(says)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """A link to a page of ours; any other is its words alone."""
        target = env["links"].page(str(tokens[idx].attrs.get("href", "")))
        env.setdefault("open", []).append(bool(target))
        return f'<a href="{for_html(target)}">' if target else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """The end of a link."""
        return "</a>" if env["open"].pop() else ""

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """A table, which scrolls by itself on a narrow page."""
        label = for_html(say("table"))
        return f'<div class="wide" role="group" aria-label="{label}" tabindex="0">\n<table>\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """The end of a table."""
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """The head of a column; one in the corner, which says nothing, heads none."""
        return '<th scope="col">' if tokens[idx + 1].content else "<td>"

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """The end of such a head."""
        return "</th>" if tokens[idx - 1].content else "</td>"

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """A cell; alignment, which would be a style, is left out."""
        return "<td>"
