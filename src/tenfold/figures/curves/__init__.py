"""Curves over every threshold, what is read off them, and calibration."""
