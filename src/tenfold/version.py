"""The version of Tenfold and of what its figures depend on, where every room can read them."""

from contextlib import suppress

__all__ = ["__version__", "library_versions"]

__version__ = "0.1.0"

_FAST = "scikit-learn-intelex"
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas")


def library_versions() -> dict[str, str]:
    """
    Versions of Python and of the libraries that figures depend on; of the extra ``fast`` where it is installed.

    Examples
    --------
    >>> list(library_versions())[:6]
    ['python', 'tenfold', 'scikit-learn', 'numpy', 'scipy', 'pandas']
    """
    import platform
    from importlib.metadata import PackageNotFoundError, version

    versions = {
        "python": platform.python_version(),
        "tenfold": __version__,
        **{name: version(name) for name in _LIBRARIES},
    }
    with suppress(PackageNotFoundError):
        versions[_FAST] = version(_FAST)
    return versions
