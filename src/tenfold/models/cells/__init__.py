"""Cells of text that are numbers or dates as people write them."""
