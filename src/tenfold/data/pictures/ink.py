"""Colours and lengths that all sheets share, at twice the size of the page, for sharp type on dense screens."""

CELL, GAP, MARGIN = 112, 16, 48
INK, SOFT, LINE, GROUND, ERROR = "#16181d", "#5c6370", "#e4e6ea", "#ffffff", "#b4540a"
