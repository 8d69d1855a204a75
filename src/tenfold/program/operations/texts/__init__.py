"""Texts, and what they become."""
