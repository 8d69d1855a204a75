"""Messages of two classes, and folders of them."""

from __future__ import annotations

from pathlib import Path


def message(label: str, number: int, more: str = "") -> bytes:
    words = "meeting notes tomorrow" if label == "ham" else "cheap pills now"
    date = f"Date: Thu, {1 + number % 28} Aug 2002 10:00:00 +0000"
    return f"From: a@b.c\nSubject: {label} {number}\n{date}\n\n{words} {number} {more}\n".encode()


def messages(count: int = 6) -> dict[str, bytes]:
    return {f"{label}/{n}.eml": message(label, n) for label in ("ham", "spam") for n in range(count)}


def folder_of(path: Path, contents: dict[str, bytes]) -> Path:
    for name, raw in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(raw)
    return path
