"""Readers of images: IDX, files, folders."""
