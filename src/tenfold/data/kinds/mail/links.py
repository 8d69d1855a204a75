"""What the links of a message look like, as words; where they lead is none, only whether that is the sender's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["domain_of", "link_words", "links_in", "place_words"]

_LINK = re.compile(r"https?://[^\s\"'<>()\[\]]{1,2000}", re.IGNORECASE)
_PLACE = re.compile(r"https?:/{0,3}([^/?#\\]{0,300})([^\n]{0,2000})", re.IGNORECASE)
_MOST = 500
_PATH = 300
_PATH_WORD = re.compile(r"[a-z]{3,20}")
_END = re.compile(r"[a-z]{2,10}")
_DIGITS = 3
"""Of the name of a host: more are odd."""

_GENERAL = frozenset(["ac", "co", "com", "edu", "gov", "gob", "go", "mil", "ne", "net", "nom", "or", "org", "sch"])
"""Second parts of a name under the end of a country, below which names are given out."""


def links_in(text: str) -> list[str]:
    """
    Return the links of a plain text.

    Examples
    --------
    >>> links_in("see http://a.b/c?d=1 and (https://x.y)")
    ['http://a.b/c?d=1', 'https://x.y']
    """
    return _LINK.findall(text)[:_MOST]


def domain_of(host: str) -> str:
    """
    Return the part of a host's name that somebody has registered, by the usual form of such names.

    Examples
    --------
    >>> domain_of("News.Example.com"), domain_of("www.example.co.uk"), domain_of("localhost")
    ('example.com', 'example.co.uk', 'localhost')
    """
    parts = host.lower().strip(".").split(".")
    count = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _GENERAL else 2
    return ".".join(parts[-count:])


def link_words(links: Sequence[str], sender: str) -> list[str]:
    """
    Return what links look like: how many hosts, and whether any has a number for a name, a port, an escape, a question.

    Parameters
    ----------
    links : sequence of str
    sender : str
        Domain of the sender; empty where it is unknown.

    Examples
    --------
    >>> link_words(["http://10.0.0.1:8080/a", "http://shop.example.com/?id=1"], "example.com")
    ['hosts:2', 'link:number', 'link:own', 'link:port', 'link:question']
    """
    words, domains = set(), set()
    for link in links[:_MOST]:
        place = _PLACE.match(link)
        if place is None:
            continue
        _, at, host = place[1].rpartition("@")
        name, colon, _ = host.partition(":")
        domains.add(domain_of(name))
        signs = {
            "address": "@" in place[2],
            "at": at,
            "digits": not _is_number(name) and sum(map(str.isdigit, name)) > _DIGITS,
            "escaped": "%" in place[1],
            "number": _is_number(name),
            "port": colon,
            "question": "?" in place[2],
        }
        words |= {f"link:{sign}" for sign, there in signs.items() if there}
    if not domains:
        return []
    if sender:
        words.add("link:own" if domain_of(sender) in domains else "link:elsewhere")
    return [f"hosts:{1 << (len(domains).bit_length() - 1)}", *sorted(words)]


def place_words(links: Sequence[str]) -> list[str]:
    """
    Return the words of the paths of links, and the ends of the names of their hosts.

    Examples
    --------
    >>> place_words(["http://shop.example.com/cgi-bin/unsubscribe?id=a1"])
    ['end:com', 'path:cgi', 'path:bin', 'path:unsubscribe']
    """
    words = []
    for place in filter(None, map(_PLACE.match, links[:_MOST])):
        end = place[1].rpartition("@")[2].partition(":")[0].rpartition(".")[2].lower()
        words += [f"end:{end}"] if _END.fullmatch(end) else []
        words += [f"path:{word}" for word in _PATH_WORD.findall(place[2][:_PATH].lower())]
    return words


def _is_number(name: str) -> bool:
    return name.replace(".", "").isdigit()
