"""The sections of a denoising run."""
