"""What is wrong with this data: findings, each with its rows and what to do."""

from tenfold.checks.check import check
from tenfold.checks.contact_sheet import contact_sheet
from tenfold.checks.describe import ColumnSummary, Description, describe
from tenfold.checks.finding import Finding, has_fatal

__all__ = ["ColumnSummary", "Description", "Finding", "check", "contact_sheet", "describe", "has_fatal"]
