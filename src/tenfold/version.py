"""The version of Tenfold and of what its figures depend on, where every room can read them."""

__all__ = ["__version__", "library_versions"]

__version__ = "0.1.0"

_LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas")


def library_versions() -> dict[str, str]:
    """
    Versions of Python and of the libraries that figures depend on.

    Examples
    --------
    >>> list(library_versions())
    ['python', 'tenfold', 'scikit-learn', 'numpy', 'scipy', 'pandas']
    """
    import platform
    from importlib.metadata import version

    return {"python": platform.python_version(), "tenfold": __version__, **{name: version(name) for name in _LIBRARIES}}
