"""The drawing kit: scales and axes, dots with intervals, curves, ink, pictures, figures as SVG and PNG."""
