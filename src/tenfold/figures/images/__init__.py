"""Figures of restored images, pixel by pixel and by structure."""
