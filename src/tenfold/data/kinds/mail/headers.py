"""What the headers of a message say of how it was written, as words; none that names who collected it, or a list."""

from __future__ import annotations

import re
from email.message import Message

__all__ = ["header_words"]

_PRESENT = ("In-Reply-To", "References", "Reply-To", "Cc", "X-Priority", "Organization", "MIME-Version")
_PROGRAM = re.compile(r"[A-Za-z][A-Za-z-]{1,30}")
_ADDRESS = re.compile(r"([^\s<>\"@]{1,100})@([^\s<>\"@]{1,200})")


def header_words(message: Message) -> list[str]:
    """
    Return which usual headers there are, the program that wrote it, its form, and what its addresses look like.

    Received, Delivered-To and all headers of lists are left alone: they tell who collected a message.

    Examples
    --------
    >>> message = Message()
    >>> message["X-Mailer"], message["From"], message["In-Reply-To"] = "Mutt/1.4", "ada99@x.org", "<1@x>"
    >>> header_words(message)
    ['with:in-reply-to', 'program:mutt', 'form:text/plain', 'sender:digits', 'sender:nameless']
    """
    words = [f"with:{name.lower()}" for name in _PRESENT if message.get(name) is not None]
    program = _PROGRAM.search(str(message.get("X-Mailer") or message.get("User-Agent") or "")[:200])
    words += [f"program:{program[0].lower()}"] if program else []
    form = message.get_content_type()
    words += [f"form:{form}"] if form.isascii() and len(form) < 60 else ["form:odd"]
    return words + _sender_words(str(message.get("From") or "")[:500], str(message.get("Reply-To") or "")[:500])


def _sender_words(sender: str, reply: str) -> list[str]:
    address, other = _ADDRESS.search(sender), _ADDRESS.search(reply)
    if address is None:
        return ["sender:none"]
    words = ["sender:digits"] if any(one.isdigit() for one in address[1]) else []
    words += ["sender:nameless"] if not sender[: address.start()].strip(' <"') else []
    return words + (["reply:elsewhere"] if other and other[2].lower() != address[2].lower() else [])
