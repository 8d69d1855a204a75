"""The ordinary codec: a fitted pipeline as a program of arrays; its files build no object and name no type."""

from __future__ import annotations

from typing import Any, BinaryIO

from tenfold.program.files import pack_program, read_program
from tenfold.program.program import Program
from tenfold.record.bundle.codecs.codec import Content, Tolerance

__all__ = ["PROGRAM", "ProgramCodec"]


_SINGLE = Tolerance(relative=1e-5)


class ProgramCodec:
    """A program of arrays; see `Codec`."""

    name = "program"
    ending = "program"
    tolerance = Tolerance(relative=1e-9)

    def encode(self, model: Program) -> bytes:
        """Return a program as the content of a file."""
        return pack_program(model)

    def check(self, file: BinaryIO) -> Content:
        """Read the program: checked whole, it is harmless."""
        program = read_program(file)
        arrays = sum(len(step.arrays) for step in program.steps)
        tolerance = _SINGLE if program.single else None
        return Content(program.operations, arrays, program, harmless=True, tolerance=tolerance)

    def build(self, content: Content) -> Any:
        """Return the program."""
        return content.parts


PROGRAM = ProgramCodec()
