"""Messages as a source gives them, and those that are skipped."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenfold.data.kinds.mail.message import Mail
from tenfold.errors import DataError, LimitError

__all__ = ["Entry", "Skipped"]

_NAMED = 10

Entry = tuple[Mail, str, str]
"""A message, its path as seen from the source, and its folder."""


@dataclass
class Skipped:
    """Messages that are skipped: how many, and what is wrong with the first of them."""

    count: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: DataError | LimitError, *, skip: bool) -> None:
        """Count a message that cannot be read, or refuse it."""
        if not skip:
            raise fault
        self.count += 1
        self.faults += [str(fault).partition(" Do: ")[0].rstrip(".")] if len(self.faults) < _NAMED else []

    def notes(self) -> tuple[str, ...]:
        """Return what a reader must know of them."""
        if not self.count:
            return ()
        more = f"; and {self.count - _NAMED:,} more" if self.count > _NAMED else ""
        word = "message" if self.count == 1 else "messages"
        return (f"{self.count:,} unreadable {word} skipped: {'; '.join(self.faults)}{more}",)
