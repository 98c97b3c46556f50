"""Pages as a browser reads them, and what every page of ours has to be."""

import base64
import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib

__all__ = ["HARMLESS", "described", "every", "faults", "parsed", "said", "table", "visible"]

# All that our templates write. What is not here was made by somebody else.
HARMLESS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "article"),
    *("h1", "h2", "h3", "p", "div", "span", "small", "strong", "b", "a", "br", "wbr", "ul", "ol", "li", "dl", "dt"),
    *("dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "code", "pre", "details", "summary", "figure"),
    *("figcaption", "bdi", "svg", "rect", "line", "text", "img", "em"),
    *("math", "mi", "mn", "mo", "mtext", "mspace", "mrow", "mfrac", "msqrt", "msub", "msup", "msubsup", "munder"),
    *("mover", "munderover", "mtable", "mtr", "mtd", "mpadded"),
}
_ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "scope", "tabindex", "role"),
    *("aria-label", "aria-labelledby", "aria-hidden", "viewBox", "preserveAspectRatio", "x", "y", "x1", "x2", "y1"),
    *("y2", "width", "height", "text-anchor", "src", "alt", "data-line", "data-live", "rel"),
    *("display", "accent", "stretchy", "form", "lspace", "rspace", "minsize", "maxsize", "mathvariant"),
    *("displaystyle", "scriptlevel"),
}


_OURS = re.compile(r"#[\w-]+$|\./[^:]*$")
_BLOCKS = {"td", "th", "dt", "dd", "p", "li", "b", "br", "small", "h2", "h3", "div", "text"}


def parsed(page: str) -> Element:
    """Read a page; whatever is not well formed is refused."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "comment"


def every(element: Element, tag: str) -> list[Element]:
    """All elements of a kind, also those of a formula or a drawing."""
    return [one for one in element.iter() if _tag(one) == tag]


def said(element: Element) -> str:
    """All text of an element, blanks folded, without the style sheet."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if _tag(element) != "style":
        yield element.text or ""
        for child in element:
            apart = " " if _tag(child) in _BLOCKS else ""
            yield from (apart, *_texts(child), apart, child.tail or "")


def visible(element: Element) -> str:
    """The text of an element as it came, blanks and all."""
    return "".join(_texts(element))


def described(tree: Element, label: str) -> Element:
    """The region or section with this label."""
    found = [one for one in tree.iter() if one.get("aria-label") == label or one.get("aria-labelledby") == label]
    assert len(found) == 1, label
    return found[0]


def table(element: Element) -> list[list[str]]:
    """The rows of the table in an element, as text."""
    (found,) = [one for one in element.iter() if _tag(one) == "table"]
    return [[said(cell) for cell in row] for row in found.iter("tr")]


def faults(page: str) -> list[str]:
    """What is wrong with a page of ours, whatever it is about."""
    tree = parsed(page)
    every = list(tree.iter())
    found = [f"an element {_tag(one)}" for one in every if _tag(one) not in HARMLESS]
    found += [f"an attribute {name}" for one in every for name in one.attrib if name not in _ATTRIBUTES]
    found += [
        f"a link to {one.get('href')}" for one in every if not re.match(r"#[\w-]+$|\./[^:]*$", one.get("href", "#x"))
    ]
    ids = [one.get("id") for one in every if one.get("id")]
    found += [f"two of id {one}" for one in ids if ids.count(one) > 1]
    targets = {one.get("href", "")[1:] for one in every if one.get("href", "").startswith("#")}
    labels = {one.get("aria-labelledby") for one in every if one.get("aria-labelledby")}
    found += [f"nothing of id {one}" for one in (targets | labels) - set(ids)]
    found += [
        f"a picture from {one.get('src')}"
        for one in every
        if one.get("src") and not re.match(r"data:image/|\./", one.get("src", ""))
    ]
    found += ["a picture without words" for one in every if _tag(one) == "img" and not one.get("alt")]
    found += _policy(tree) + _outline(every)
    found += [
        f"no words in {_tag(one)}" for one in every if _tag(one) in ("a", "summary", "h2", "h3") and not said(one)
    ]
    for one in every:
        if one.get("tabindex") and not one.get("aria-label"):
            found.append("something to scroll without a label")
        if _tag(one) == "svg" and not (one.get("aria-label") or one.get("aria-hidden")):
            found.append("a picture without a label")
        if _tag(one) == "th" and not one.get("scope"):
            found.append(f"a heading of nothing: {said(one)}")
    return found


def _policy(tree: Element) -> list[str]:
    head, style = tree.find("head"), tree.find("head/style")
    policies = [one.get("content", "") for one in head if one.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    wanted = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    found = [] if policies == [wanted] else [f"another policy: {policies}"]
    outside = re.findall(r"url\(|@import|https?:|//", style.text or "")
    return found + [f"the style leads outside: {one}" for one in outside]


def _outline(every: list[Element]) -> list[str]:
    levels = [int(_tag(one)[1]) for one in every if re.fullmatch("h[1-6]", _tag(one))]
    found = [] if levels[:1] == [1] and levels.count(1) == 1 else ["not one h1, at the top"]
    found += [f"h{after} behind h{before}" for before, after in pairwise(levels) if after > before + 1]
    for landmark in ("main", "header", "footer"):
        found += [] if sum(_tag(one) == landmark for one in every) == 1 else [f"not one {landmark}"]
    return found
