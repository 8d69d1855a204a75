"""The drawing kit: axes, ink, SVG, PNG."""
