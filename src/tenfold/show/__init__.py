"""The run as one page that opens offline."""

from tenfold.show.write import write_report

__all__ = ["write_report"]
