"""How a denoising run was made, and how it can be made again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tenfold.record.source import spoken_source
from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.sections.verdict.provenance import Provenance, Step
from tenfold.show.words import amount
from tenfold.text import shown

__all__ = ["made_view"]


def made_view(content: DenoiseContent) -> Provenance:
    """Tell where the figures come from."""
    run = shlex.quote(content.run)
    seconds = content.manifest["seconds"].items()
    return Provenance(
        steps=tuple(_steps(content)),
        findings=(),
        seconds=tuple((shown(stage, 40), amount(spent, "s")) for stage, spent in seconds),
        repeat=f"tenfold denoise {run}/config.toml",
        commands=(
            ("Clean an image with this model", f"tenfold denoise {run} IN.png --out CLEAN.png"),
            ("Draw this page again", f"tenfold report {run}"),
        ),
    )


def _steps(content: DenoiseContent) -> Iterator[Step]:
    manifest, data, test = content.manifest, content.data, content.manifest["test"]
    rows, judged, config = manifest["training_rows"], manifest["judged_rows"], manifest["config"]
    size = " x ".join(map(str, data["image_shape"]))
    source = shown(spoken_source(data["source"]), 120)
    yield Step("Data", f"{shown(data['name'], 60)}: {data['rows']:,} images of {size} from {source}")
    yield Step("Fingerprint", f"SHA-256 {shown(data['fingerprint'], 80)}", plain=False)
    yield Step("Noise", f"{shown(manifest['noise']['words'], 120)}; nothing is cut off at black or white")
    yield Step(
        "Drawn",
        f"with seed {config['seed']}, for training and test images apart; the same for every candidate and fold",
    )
    times = "once" if test["openings"] == 1 else f"{test['openings']} times"
    yield Step("Set apart", f"{test['rows']:,} images for the test ({shown(test['how'], 120)}), opened {times}")
    sample = "" if judged == rows else f", a sample drawn from {rows:,}; each was restored by a model of all the others"
    yield Step("Judged on", f"{judged:,} training images{sample}; {content.folds} folds, equal images in one fold")
    yield Step("Ranked by", "mean absolute error; the candidates above say why the chosen one was chosen")
    versions = ", ".join(f"{shown(name, 30)} {shown(one, 20)}" for name, one in manifest["versions"].items())
    yield Step("Versions", versions)
    machine = manifest["machine"]
    cores = f"{machine['cores']} cores, {shown(machine['processor'], 20)}"
    yield Step("Machine", f"{shown(machine['system'], 80)}, {cores}")
    yield Step("Finished", shown(manifest["finished"], 40).replace("T", " "))
