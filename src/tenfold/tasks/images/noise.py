"""The noise that is put on clean images: what may be asked for, and how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from tenfold.errors import UsageError
from tenfold.figures.images.quality import images_at_once
from tenfold.text import near, shown

__all__ = ["FORMS", "Noise", "default_noise", "parse_noise"]

FORMS = {
    "uniform": "uniform:LOW:HIGH, a whole number drawn from LOW up to, but not, HIGH added to every pixel",
    "gaussian": "gaussian:S, normal noise of standard deviation S added to every pixel",
    "salt": "salt:P, each pixel black or white (half each) with probability P",
    "blur": "blur:S, a Gaussian blur of standard deviation S pixels",
}
_EXAMPLES = "give uniform:0:100, gaussian:30, salt:0.1 or blur:1.5"
_LARGEST = 10_000
_AT_255 = (0, 100)
Pixels = NDArray[np.int16]


@dataclass(frozen=True)
class Noise:
    """
    A kind of noise with its strength.

    Parameters
    ----------
    kind : {"uniform", "gaussian", "salt", "blur"}
    low, high : float
        Ends of the uniform draw in grey levels (`high` itself is never drawn); of the other kinds `high` is the
        strength: a standard deviation in grey levels, a probability, a standard deviation in pixels.

    Examples
    --------
    >>> noise = parse_noise("uniform:0:100")
    >>> noise.text, noise.on(np.zeros((1, 2, 2), np.uint8), 255, [42]).tolist()
    ('uniform:0:100', [[[15, 8], [98, 77]]])
    """

    kind: str
    low: float
    high: float

    @property
    def text(self) -> str:
        """The noise as it is asked for."""
        return f"uniform:{self.low:g}:{self.high:g}" if self.kind == "uniform" else f"{self.kind}:{self.high:g}"

    @property
    def words(self) -> str:
        """The noise as people say it."""
        return {
            "uniform": f"{self.low:g} to {self.high - 1:g} grey levels added to every pixel, each as likely",
            "gaussian": f"normal noise of {self.high:g} grey levels (standard deviation) added to every pixel",
            "salt": f"{100 * self.high:g} % of the pixels set to black or white",
            "blur": f"a Gaussian blur of {self.high:g} pixels",
        }[self.kind]

    def on(self, clean: NDArray[np.uint8], peak: int, seed: list[int]) -> Pixels:
        """
        Put the noise on images; nothing is cut off, so that values may lie below black and above white.

        Parameters
        ----------
        clean : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
        peak : int
            Grey level of white.
        seed : list of int
            Same seed and images, same noise: it depends on nothing else.

        Returns
        -------
        ndarray of int16, of the same shape
            Whole grey levels.
        """
        out = np.empty(clean.shape, np.int16)
        generator = np.random.default_rng(seed)
        # One image a call: NumPy throws half-used random words away when a call ends, so that the size of larger
        # blocks, a matter of memory, would change the noise.
        step = 1 if self.kind != "blur" else images_at_once(clean.shape[1:])
        for start in range(0, len(clean), step):
            part = slice(start, start + step)
            out[part] = _NOISY[self.kind](self, clean[part], peak, generator)
        return out


def parse_noise(text: str) -> Noise:
    """
    Read a noise as asked for.

    Raises
    ------
    UsageError
        Unknown, or of an impossible strength; the message says what may be asked for.

    Examples
    --------
    >>> parse_noise("salt:0.1").words
    '10 % of the pixels set to black or white'
    """
    kind, *words = text.strip().lower().split(":")
    if kind not in FORMS:
        raise UsageError(f"unknown noise '{shown(text, 40)}'.{near(kind, FORMS)}", do=_EXAMPLES)
    numbers = [_number(word, text) for word in words]
    if len(numbers) != (2 if kind == "uniform" else 1):
        raise UsageError(f"--noise '{shown(text, 40)}' is incomplete or too long: {FORMS[kind]}", do=_EXAMPLES)
    noise = Noise(kind, numbers[0] if len(numbers) == 2 else 0.0, numbers[-1])
    _refuse_impossible(noise, text)
    return noise


def default_noise(peak: int) -> Noise:
    """
    Give the usual noise, 0 to 99 of 255 grey levels, on the scale of the images.

    Examples
    --------
    >>> default_noise(255).text, default_noise(16).text
    ('uniform:0:100', 'uniform:0:6')
    """
    low, high = _AT_255
    return Noise("uniform", low, max(round(high * peak / 255), 2))


def _number(word: str, text: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"--noise '{shown(text, 40)}': '{shown(word, 20)}' is no number", do=_EXAMPLES)
    return value


def _refuse_impossible(noise: Noise, text: str) -> None:
    option = f"--noise '{shown(text, 40)}'"
    whole = noise.low == round(noise.low) and noise.high == round(noise.high)
    if max(abs(noise.low), abs(noise.high)) > _LARGEST:
        raise UsageError(f"{option}: over the limit of {_LARGEST:,}", do=_EXAMPLES)
    if noise.kind == "uniform" and not (whole and noise.low < noise.high):
        raise UsageError(f"{option} needs two whole numbers, the first below the second", do=_EXAMPLES)
    if noise.kind == "salt" and not 0 < noise.high <= 1:
        raise UsageError(f"{option}: {noise.high:g} is no probability above 0 and up to 1", do=_EXAMPLES)
    if noise.kind in {"gaussian", "blur"} and noise.high <= 0:
        raise UsageError(f"{option}: a standard deviation of {noise.high:g} is not above 0", do=_EXAMPLES)


def _uniform(noise: Noise, clean: NDArray[np.uint8], peak: int, generator: np.random.Generator) -> Pixels:
    return np.asarray(clean + generator.integers(int(noise.low), int(noise.high), clean.shape, np.int16))


def _gaussian(noise: Noise, clean: NDArray[np.uint8], peak: int, generator: np.random.Generator) -> Pixels:
    added = np.rint(generator.normal(0, noise.high, clean.shape))
    return clean.astype(np.int16) + np.clip(added, -_LARGEST, _LARGEST).astype(np.int16)


def _salt(noise: Noise, clean: NDArray[np.uint8], peak: int, generator: np.random.Generator) -> Pixels:
    added = generator.random(clean.shape)
    spoiled = np.where(added < noise.high / 2, peak, 0)
    return np.where(added < noise.high, spoiled, clean).astype(np.int16)


def _blur(noise: Noise, clean: NDArray[np.uint8], peak: int, generator: np.random.Generator) -> Pixels:
    sigma = (0, noise.high, noise.high, *(0 for _ in clean.shape[3:]))
    return np.asarray(np.rint(gaussian_filter(clean.astype(np.float64), sigma, mode="nearest")), np.int16)


_NOISY: dict[str, Callable[[Noise, NDArray[np.uint8], int, np.random.Generator], Pixels]] = {
    "uniform": _uniform,
    "gaussian": _gaussian,
    "salt": _salt,
    "blur": _blur,
}
