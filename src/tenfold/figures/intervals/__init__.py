"""Intervals in closed form, by bootstrap and by the infinitesimal jackknife, and tests of significance."""
