"""The text of a message: HTML as text, signatures and footers cut, and what a message consists of as words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from selectolax.lexbor import LexborHTMLParser

from tenfold.data.kinds.mail.links import link_words, links_in

__all__ = ["Page", "read_html", "split_footer", "structure_of"]

_FOOTER_LINES = 15
_RULE = re.compile(r"[-_=*~#]{20,}$")
_TAG = re.compile(r"<([A-Za-z]{1,10})")
_TAGS_IN = 50_000
"""Characters of HTML in which tags are looked at."""

_HIDDEN = ("display:none", "visibility:hidden", "font-size:0", "font-size:1px")
_UNSEEN = ("head", "script", "style", "title", "noscript", "template")


@dataclass(frozen=True)
class Page:
    """
    HTML as text.

    Parameters
    ----------
    text : str
    counts : tuple of (str, int)
        Of links, images, forms, scripts, frames, tables, hidden parts: word and number.
    links : tuple of str
        Where its links lead.
    style : tuple of str
        Words on how it is written.
    """

    text: str
    counts: tuple[tuple[str, int], ...]
    links: tuple[str, ...] = ()
    style: tuple[str, ...] = ()


def read_html(html: str) -> Page:
    """
    Return the text of HTML, of which nothing is loaded or run, and counts of what it holds.

    Examples
    --------
    >>> read_html("<p>Buy <b>now</b><script>x()</script> <a href='http://a.b'>here</a>")
    Page(text='Buy now here', counts=(('links', 1), ('scripts', 1)), links=('http://a.b',), style=('text:2', ...))
    """
    page = LexborHTMLParser(html)
    names = {"links": "a", "images": "img", "forms": "form", "scripts": "script", "frames": "iframe", "tables": "table"}
    counts = {word: len(page.css(tag)) for word, tag in names.items()}
    hidden = [node for node in page.css("[style]") if _is_hidden(node.attributes.get("style"))]
    counts["hidden"] = len(hidden)
    style = _style_words(html, page)
    links = tuple(str(node.attributes.get("href") or "") for node in page.css("a, area"))
    page.strip_tags(list(_UNSEEN))
    text = " ".join((page.body.text(separator=" ") if page.body is not None else "").split())
    counted = tuple((word, count) for word, count in counts.items() if count)
    share = round(10 * len(text) / max(1, len(html)))
    return Page(text, counted, links, (f"text:{share}", *style))


def _style_words(html: str, page: LexborHTMLParser) -> list[str]:
    """How HTML is written: fonts, colours, comments, which parts of a page there are, tags in capitals by quarters."""
    start, tags = html.lower(), _TAG.findall(html[:_TAGS_IN])
    numbers = {"fonts": len(page.css("font")), "colours": len(page.css("[color], [bgcolor]")),
               "sizes": len(page.css("font[size]")), "comments": html.count("<!--")}  # fmt: skip
    words = [f"{name}:{_power(number)}" for name, number in numbers.items() if number]
    words += [
        f"with:{part}"
        for part in ("doctype", "head", "title", "meta", "style")
        if f"<{part}" in start or f"<!{part}" in start
    ]
    words += ["open:html"] * ("</html>" not in start) + ["with:alt"] * bool(page.css("img[alt]"))
    return words + ([f"tags_capitals:{round(4 * sum(tag.isupper() for tag in tags) / len(tags))}"] if tags else [])


def _is_hidden(style: str | None) -> bool:
    plain = "".join((style or "")[:1_000].lower().split())
    return any(one in plain for one in _HIDDEN)


def split_footer(text: str) -> tuple[str, str]:
    r"""
    Return a text without, and then with nothing but, its signature or footer.

    A footer stands below a ruled line among the last 15 lines, as lists and free providers add it.

    Examples
    --------
    >>> split_footer("Hi\n" + "_" * 20 + "\na list\nhttp://a.b")
    ('Hi', '____________________\na list\nhttp://a.b')
    >>> split_footer("-- \nonly a signature")
    ('-- \nonly a signature', '')
    """
    lines = text.rstrip().splitlines()
    first = max(1, len(lines) - _FOOTER_LINES)
    for number in range(1, len(lines)):
        signature = lines[number].rstrip("\r") in {"-- ", "--"}
        if signature or (number >= first and _RULE.match(lines[number].strip())):
            return "\n".join(lines[:number]).rstrip(), "\n".join(lines[number:])
    return "\n".join(lines), ""


def structure_of(subject: str, text: str, page: Page | None, others: Sequence[str], sender: str = "") -> list[str]:
    """
    Return what a message consists of as words: numbers by powers of two, shares by tenths.

    Parameters
    ----------
    subject, text : str
    page : Page or None
        Its HTML.
    others : sequence of str
        Types of parts that are no text.
    sender : str
        Domain of the sender's address; empty where it is unknown.

    Examples
    --------
    >>> structure_of("FREE MONEY", "now", None, ["image/png"])
    ['message', 'attached:image', 'subject_capitals:10']
    """
    words = ["message", *(f"attached:{kind.partition('/')[0]}" for kind in sorted(set(others)))]
    if page is not None:
        words += ["html", *(f"{word}:{_power(count)}" for word, count in page.counts), *page.style]
    words += link_words([*links_in(text), *(page.links if page else ())], sender)
    words += _subject_words(subject) + _capitals("subject", subject) + _capitals("body", text)
    marks = {name: subject.count(mark) + text.count(mark) for mark, name in _MARKS.items()}
    words += [f"{name}:{_power(count)}" for name, count in marks.items() if count]
    words += ["quoted"] * any(line.lstrip()[:1] in {">", "|"} for line in text.splitlines())
    return words


def _subject_words(subject: str) -> list[str]:
    """How a subject is written: as a question, a reply, with a gap, or something behind one."""
    signs = {"reply": subject[:3].lower() == "re:", "question": "?" in subject, "none": not subject}
    return [f"subject:{sign}" for sign, there in signs.items() if there]


_MARKS = {"!": "exclamations", "$": "dollars", "%": "percents"}
_SMALL, _CAPITALS = ascii_lowercase.encode(), ascii_uppercase.encode()


def _capitals(name: str, text: str) -> list[str]:
    """The share of capitals among letters, where there are some and more than usual."""
    letters, capitals = _letters(text)
    tenth = round(10 * capitals / letters) if letters >= 8 else 0
    return [f"{name}_capitals:{tenth}"] if tenth > 1 else []


def _letters(text: str) -> tuple[int, int]:
    """Return how many letters a text has, and how many of them are capitals."""
    if text.isascii():
        small = len(text) - len(text.encode().translate(None, _SMALL))
        capitals = len(text) - len(text.encode().translate(None, _CAPITALS))
        return small + capitals, capitals
    letters = list(filter(str.isalpha, text))
    return len(letters), sum(map(str.isupper, letters))


def _power(count: int) -> int:
    """
    Return the power of two that a number reaches.

    Examples
    --------
    >>> [_power(count) for count in (1, 2, 3, 9)]
    [1, 2, 2, 8]
    """
    return int(1 << (count.bit_length() - 1))
