"""What the headers of a message say of how it was written, as words; none that names who collected it, or a list."""

from __future__ import annotations

import re
from email.message import Message

from tenfold.data.kinds.mail.links import domain_of

__all__ = ["header_words", "sender_domain"]

_PRESENT = (
    "In-Reply-To", "References", "Reply-To", "Cc", "Organization", "MIME-Version", "Content-Disposition",
    "Content-Language", "Importance", "Thread-Index", "User-Agent", "X-Accept-Language", "X-Mailer", "X-MimeOLE",
    "X-MSMail-Priority", "X-Priority", "X-Sender",
)  # fmt: skip
"""Headers that a sender's program writes."""

_VERSION = re.compile(r"\d\.\d")
_ADDRESS = re.compile(r"([^\s<>\"@]{1,100})@([^\s<>\"@,;]{1,200})")
_FREE = frozenset(
    ("126", "163", "aol", "earthlink", "excite", "fastmail", "gmail", "gmx", "googlemail", "hotmail", "icloud", "juno",
     "lycos", "mail", "msn", "netscape", "outlook", "proton", "protonmail", "qq", "rediffmail", "usa", "web", "yahoo",
     "yandex")
)  # fmt: skip
"""Names of providers who give an address to anybody."""


def header_words(message: Message) -> list[str]:
    """
    Return which usual headers there are, the form of the body, and what the addresses look like.

    Received, Delivered-To, To and all headers of lists are left alone: they tell who collected a message. No name,
    domain or program is among the words, only whether they agree, so that they mean the same in another mailbox.

    Examples
    --------
    >>> message = Message()
    >>> message["X-Mailer"], message["From"], message["In-Reply-To"] = "Mutt/1.4", "ada99@x.org", "<1@x>"
    >>> header_words(message)[:4]
    ['with:in-reply-to', 'with:x-mailer', 'form:text/plain', 'mailer:version']
    >>> header_words(message)[4:]
    ['sender:digits', 'sender:nameless', 'id:none']
    """
    names = set(map(str.lower, message.keys()))
    words = [f"with:{name.lower()}" for name in _PRESENT if name.lower() in names]
    form = message.get_content_type()
    words += [f"form:{form}"] if form.isascii() and len(form) < 60 else ["form:odd"]
    words += _program_words(message)
    words += _sender_words(_start(message, "From"), _start(message, "Reply-To"))
    return words + _id_words(message)


def _program_words(message: Message) -> list[str]:
    """What the name of the program looks like, and whether a header is missing that Outlook writes."""
    name = _start(message, "X-Mailer")
    forged = "outlook" in name.lower() and message.get("X-MimeOLE") is None
    return ([f"mailer:{'version' if _VERSION.search(name) else 'name'}"] if name else []) + ["mailer:forged"] * forged


def sender_domain(message: Message) -> str:
    """Return the domain of the sender's address; empty where there is none."""
    address = _ADDRESS.search(_start(message, "From"))
    return address[2].lower() if address else ""


def _start(message: Message, name: str) -> str:
    return str(message.get(name) or "")[:500]


def _sender_words(sender: str, reply: str) -> list[str]:
    address, other = _ADDRESS.search(sender), _ADDRESS.search(reply)
    if address is None:
        return ["sender:none"]
    words = ["sender:digits"] if any(one.isdigit() for one in address[1]) else []
    words += ["sender:nameless"] if not sender[: address.start()].strip(' <"') else []
    words += ["sender:free"] if domain_of(address[2]).partition(".")[0] in _FREE else []
    return words + (["reply:elsewhere"] if other and other[2].lower() != address[2].lower() else [])


def _id_words(message: Message) -> list[str]:
    """Whether the message was numbered where its sender is at home."""
    where, sender = _ADDRESS.search(_start(message, "Message-ID")), sender_domain(message)
    if where is None:
        return ["id:none"]
    if not sender:
        return []
    return ["id:own" if domain_of(where[2]) == domain_of(sender) else "id:elsewhere"]
