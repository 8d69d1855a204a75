"""Instances drawn: pixels as ink on paper, sheets of them."""
