"""What is wrong with this data: findings, each with its rows and what to do."""

from tenfold.data.checks.check import check
from tenfold.data.checks.contact_sheet import contact_sheet
from tenfold.data.checks.describe import ColumnSummary, Description, describe
from tenfold.data.checks.finding import Finding, has_fatal

__all__ = ["ColumnSummary", "Description", "Finding", "check", "contact_sheet", "describe", "has_fatal"]
