"""A message taken apart: subject, text, structure and date, within limits and whatever its bytes are."""

from __future__ import annotations

import re
from codecs import lookup
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import mktime_tz, parsedate_tz
from math import isfinite, nan

from tenfold.data.kinds.mail.body import read_html, split_footer, structure_of
from tenfold.data.kinds.mail.headers import header_words, sender_domain
from tenfold.data.kinds.mail.links import links_in, place_words
from tenfold.errors import DataError, LimitError
from tenfold.text import shown

__all__ = ["COLUMNS", "PARTS", "Mail", "named_message", "read_message", "refuse_large"]

PARTS = ("subject", "body", "structure", "addresses", "footer")
"""Columns of a message that a model may see, each a text."""

COLUMNS = (*PARTS, "sent", "folder")

_MESSAGE_BYTES = 25 << 20
_HEADER_BYTES = 64 << 10
_DEPTH = 50
_PARTS = 1_000
_HEADER_CHARACTERS = 10_000
_CHARACTERS = 200_000
"""Of a text: what comes after is no part of what a model sees."""

_BOUNDARY = re.compile(rb'boundary\s{0,9}=\s{0,9}"?([^\s";]{1,200})', re.IGNORECASE)
_CHARSET = re.compile(r"[A-Za-z0-9_.:-]{1,40}", re.ASCII)
_ADDRESS = re.compile(r"<[^>]{0,500}>?|[^\s@]{0,100}@[^\s@]{0,200}")
_NAME = re.compile(r"\w{1,40}")
_WORDS_OF_NAME = 20
_LIST_TAG = re.compile(r"\[[^\[\]]{1,40}\]")
_NO_CHARSETS = frozenset(("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"))
"""Codecs of Python that no message is written in; the time of the first two grows by the square of a text."""

_DATES = (-2_208_988_800.0, 4_102_444_800.0)
"""The years 1900 to 2099: a date beyond them is none."""


@dataclass(frozen=True)
class Mail:
    """
    What a model may see of a message, and its date.

    Parameters
    ----------
    subject, body : str
        Decoded; HTML as text, without signature and the footer of a list.
    structure : str
        Words such as ``html`` or ``links:8``: what the message consists of.
    sent : float
        Seconds since 1970 by its header ``Date``; NaN where that is no date.
    addresses : str
        Words such as ``from:sales`` or ``path:unsubscribe``: how its sender is called, and words of its links. Like
        `structure` it begins with a word that every message has, so that there is always one to count.
    footer : str
        Its signature or the footer of a list, cut off the body.
    """

    subject: str
    body: str
    structure: str
    sent: float = nan
    addresses: str = ""
    footer: str = ""


def read_message(raw: bytes, where: str = "message") -> Mail:
    r"""
    Take a message apart.

    Parameters
    ----------
    raw : bytes
        Headers, an empty line, the body.
    where : str
        Path of the message, for errors.

    Raises
    ------
    LimitError
        Over 25 MiB, headers over 64 KiB, over 1,000 parts, or parts in each other over 50 deep.
    DataError
        It has neither headers nor text, or cannot be taken apart.

    Examples
    --------
    >>> mail = read_message(b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nBis morgen\n-- \nAda\n")
    >>> mail.subject, mail.body, mail.structure
    ('Grüße', 'Bis morgen', 'message form:text/plain sender:none id:none charset:none')
    """
    refuse_large(raw, where)
    try:
        message = message_from_bytes(raw, policy=compat32)
        parts = list(_leaves(message))
    except (RecursionError, ValueError, LookupError, AssertionError, TypeError, AttributeError) as fault:
        raise _unreadable(raw, where, type(fault).__name__) from fault
    if not message.keys() and not raw.strip():
        raise DataError("is an empty message", where=where, do="remove it, or give --skip-bad")
    plain, html, others = _texts(parts)
    page = read_html("\n".join(html)[:_CHARACTERS]) if html else None
    text = "\n".join(one for one in plain if one.strip()) or (page.text if page else "")
    (body, footer), subject = split_footer(text[:_CHARACTERS]), _decoded(message.get("Subject"))
    built = structure_of(subject, body, page, others, sender_domain(message))
    structure = " ".join([*built, *header_words(message), *_charsets(parts)])
    tagless = " ".join(_LIST_TAG.sub(" ", subject).split())
    places = place_words([*links_in(body), *(page.links if page else ())])
    addresses = " ".join(["message", *_sender_name(message), *places])
    return Mail(tagless, body, structure, _sent(message.get("Date")), addresses, footer)


def _sender_name(message: Message) -> list[str]:
    """The words by which a sender is called, without the address."""
    name = _ADDRESS.sub(" ", _decoded(message.get("From"))).lower()
    return [f"from:{word}" for word in _NAME.findall(name)[:_WORDS_OF_NAME]]


def refuse_large(raw: bytes, where: str) -> None:
    """Refuse by its bytes what would take the parser long, or deep; see `read_message`."""
    do = "remove it, or give --skip-bad"
    named = named_message(raw, where)
    if len(raw) > _MESSAGE_BYTES:
        raise LimitError(f"{len(raw):,} bytes, over the limit of {_MESSAGE_BYTES:,}", where=named, do=do)
    head = raw[: _HEADER_BYTES + 1]
    if b"\n\n" not in head and b"\r\n\r\n" not in head and b"\r\r" not in head and len(head) > _HEADER_BYTES:
        raise LimitError(f"headers of over {_HEADER_BYTES:,} bytes", where=named, do=do)
    boundaries = set()
    for number, match in enumerate(_BOUNDARY.finditer(raw)):
        if number >= _PARTS:
            raise LimitError(f"over {_PARTS:,} parts", where=named, do=do)
        boundaries.add(match.group(1))
    if len(boundaries) > _DEPTH:
        raise LimitError(
            f"{len(boundaries):,} kinds of parts in each other, over the limit of {_DEPTH}", where=named, do=do
        )
    if sum(raw.count(b"--" + boundary) for boundary in boundaries) > _PARTS:
        raise LimitError(f"over {_PARTS:,} parts", where=named, do=do)


def named_message(raw: bytes, where: str) -> str:
    """Return the path of a message with its Message-ID, made harmless."""
    match = re.search(rb"^message-id:[ \t]{0,9}(\S{1,200})", raw[:_HEADER_BYTES], re.IGNORECASE | re.MULTILINE)
    return f"{where} ({shown(match.group(1).decode('latin-1'), 80)})" if match else where


def _unreadable(raw: bytes, where: str, fault: str) -> DataError:
    do = "remove it, or give --skip-bad"
    return DataError(f"cannot be taken apart ({fault})", where=named_message(raw, where), do=do)


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold no others, without recursion; deeper than the limit nothing is looked at."""
    pending: list[tuple[Message, int]] = [(message, 0)]
    while pending:
        part, depth = pending.pop()
        if depth > _DEPTH:
            raise ValueError(f"over {_DEPTH} deep")
        payload = part.get_payload()
        if isinstance(payload, list):
            pending.extend((one, depth + 1) for one in reversed(payload) if isinstance(one, Message))
        else:
            yield part


def _texts(parts: list[Message]) -> tuple[list[str], list[str], list[str]]:
    """Plain texts, HTML, and the types of all other parts."""
    plain: list[str] = []
    html: list[str] = []
    others: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        attached = "attachment" in str(part.get("Content-Disposition", "")).lower()[:200]
        if attached or not kind.startswith("text/"):
            others.append(kind if kind.isascii() else "unknown")
        else:
            (html if kind == "text/html" else plain).append(_text(part))
    if not html and plain and _looks_like_html(plain[0]):
        return [], plain, others
    return plain, html, others


def _charsets(parts: list[Message]) -> list[str]:
    names = (str(part.get_param("charset") or "none") for part in parts if part.get_content_type().startswith("text/"))
    return sorted({f"charset:{name.lower()[:20] if _CHARSET.fullmatch(name) else 'odd'}" for name in names})


def _looks_like_html(text: str) -> bool:
    return "<html" in text[:2_000].lower() or "<body" in text[:2_000].lower()


def _text(part: Message) -> str:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        raw = str(part.get_payload()).encode("utf-8", "surrogateescape")
    charset = part.get_param("charset")
    name = charset if isinstance(charset, str) else ""
    return _characters(raw if isinstance(raw, bytes) else b"", name)[: 2 * _CHARACTERS].replace("\0", "")


def _characters(raw: bytes, charset: str) -> str:
    """As the charset says where that is known and right; else as UTF-8, else as the Western code of Windows."""
    for name in (charset.strip("'\" "), "utf-8"):
        try:
            return _known(raw.decode(name if name and _is_charset(name) else "utf-8"))
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _is_charset(name: str) -> bool:
    return lookup(name).name.replace("-", "_") not in _NO_CHARSETS


def _known(text: str) -> str:
    """No lone surrogates, which no file holds."""
    text.encode()
    return text


def _decoded(header: object) -> str:
    """A header as people read it; one that is wrongly encoded stays as it is."""
    text = " ".join(str(header or "")[:_HEADER_CHARACTERS].split())
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError, AssertionError):
        return text.encode("utf-8", "replace").decode()
    joined = "".join(one if isinstance(one, str) else _characters(one, charset or "") for one, charset in pieces)
    return " ".join(joined.encode("utf-8", "replace").decode().replace("\0", "").split())[:2_000]


def _sent(header: object) -> float:
    try:
        parsed = parsedate_tz(str(header)[:200]) if header else None
        seconds = float(mktime_tz(parsed)) if parsed else nan
    except (ValueError, OverflowError, TypeError, IndexError):
        return nan
    return seconds if isfinite(seconds) and _DATES[0] < seconds < _DATES[1] else nan
