"""A folder of mail of two classes, small, some of it hostile, with messages that lie in the other class."""

from __future__ import annotations

import random

HAM = ["meeting", "notes", "tomorrow", "patch", "kernel", "list", "thanks", "wrote", "list", "review", "lunch", "train"]
SPAM = ["free", "money", "click", "pills", "offer", "winner", "cash", "guarantee", "buy", "now", "cheap", "deal"]
HOSTILE = (
    b"<html><body><script>alert(1)</script><img src=http://track.er/x.png>"
    b"FREE <b>\x1b[31mmoney</b> &lt;script&gt;alert(2)&lt;/script&gt;"
)


def write_mail(folder, count=30):
    """Write mail into ``ham``, ``hard_ham`` and ``spam``; every tenth message is long and speaks as the other class."""
    draw = random.Random(5)
    for label, own, other in (("ham", HAM, SPAM), ("hard_ham", HAM, SPAM), ("spam", SPAM, HAM)):
        (folder / label).mkdir(parents=True)
        for number in range(count if label != "hard_ham" else count // 3):
            words, length = (other, 250) if number % 10 == 9 else (own, 12)
            text = " ".join(draw.choice(words) for _ in range(length))
            raw = f"From: a@b.c\nSubject: {draw.choice(words)} {number}\n\n{text} {number}\nhttp://x.y/{number}\n"
            (folder / label / f"{number}.eml").write_bytes(raw.encode())
    head = b"From: a@b.c\nSubject: <b>win</b> \x1b]0;title\x07\nContent-Type: text/html\n\n"
    for number in range(3):
        (folder / "spam" / f"hostile-{number}.eml").write_bytes(head + HOSTILE + b" %d" % number)
    return folder
