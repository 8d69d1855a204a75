"""The run as one page that opens offline."""

from tenfold.report.write import write_report

__all__ = ["write_report"]
