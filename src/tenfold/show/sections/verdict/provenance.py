"""How the run was made, and how it can be made again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.record.augmentation import growth_sentence
from tenfold.record.source import spoken_source
from tenfold.record.words.verdict import spoken_metric
from tenfold.show.commands import source_command
from tenfold.show.content import Content
from tenfold.show.words import amount
from tenfold.text import shown

__all__ = ["Provenance", "Step", "provenance_view"]


@dataclass(frozen=True)
class Step:
    """One fact about the making; `plain` is False where it is best read in monospace."""

    name: str
    text: str
    plain: bool = True


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from."""

    steps: tuple[Step, ...]
    findings: tuple[tuple[str, str], ...]
    seconds: tuple[tuple[str, str], ...]
    repeat: str
    commands: tuple[tuple[str, str], ...]


def provenance_view(content: Content) -> Provenance:
    """Tell where the figures come from."""
    manifest = content.manifest
    run = shlex.quote(content.run)
    with_model = (
        (f"Answer new {content.noun()} with this model", f"tenfold predict {run} INPUT"),
        (f"Judge it on new labelled {content.noun()}", f"tenfold evaluate {run} INPUT"),
    )
    return Provenance(
        steps=tuple(_steps(content, manifest)),
        findings=tuple(
            (shown(one["level"], 20), shown(one.get("sentence") or one["what"], 400)) for one in manifest["findings"]
        ),
        seconds=tuple((shown(stage, 40), amount(spent, "s")) for stage, spent in manifest["seconds"].items()),
        repeat=f"tenfold run {run}/config.toml",
        commands=(
            *(with_model if content.saved else ()),
            ("Look for faults in the data", source_command(manifest["config"], "check")),
        ),
    )


def _steps(content: Content, manifest: Mapping[str, Any]) -> Iterator[Step]:
    data, config, test = content.data, manifest["config"], manifest["test"]
    source = shown(spoken_source(data["source"]), 120)
    yield Step("Data", f"{shown(data['name'], 60)}: {data['rows']:,} {content.noun(data['rows'])} from {source}")
    if config.get("labels"):
        yield Step("Labels", shown(", ".join(config["labels"].splitlines()), 400), plain=False)
    yield Step("Fingerprint", f"SHA-256 {shown(data['fingerprint'], 80)}", plain=False)
    yield Step(
        "Set apart",
        f"{test['rows']:,} {content.noun(test['rows'])} for the test ({shown(test['how'], 120)}), {_opened(test)}",
    )
    yield Step("Judged on", f"{manifest['training_rows']:,} training {content.noun()}, {_folds(content, config)}")
    yield Step(
        "Ranked by",
        f"{spoken_metric(content.metrics, shown(config.get('metric') or content.metrics['metric'], 40))}; "
        f"{_asked(config['decide'])}",
    )
    if grown := growth_sentence(content.metrics):
        yield Step("Learnt from", grown)
    yield Step("Seed", str(config["seed"]))
    yield Step(
        "Versions", ", ".join(f"{shown(name, 30)} {shown(one, 20)}" for name, one in manifest["versions"].items())
    )
    machine = manifest["machine"]
    yield Step(
        "Machine", f"{shown(machine['system'], 80)}, {machine['cores']} cores, {shown(machine['processor'], 20)}"
    )
    if manifest.get("previous_decisions"):
        yield Step("Decided before", ", then ".join(shown(one["rule"], 60) for one in manifest["previous_decisions"]))
    if content.streamed:
        yield Step("Read", _streamed(manifest["streamed"]))
    if manifest.get("columns_unused"):
        yield Step("Columns not used", ", ".join(shown(name, 40) for name in manifest["columns_unused"]))
    yield Step("Finished", shown(manifest["finished"], 40).replace("T", " "))


def _streamed(told: Mapping[str, Any]) -> str:
    parts = "one file" if told["parts"] == 1 else f"{told['parts']:,} files"
    model = told["final_model"]
    sample = f"; the model learnt from a drawn {model['rows']:,} of them" if model["rows"] < model["of"] else ""
    passes = f"; the model went over the rows {model['passes']} times" if model["passes"] > 1 else ""
    return f"streamed from {parts} of {told['bytes'] / 1e6:,.0f} MB, a block of rows at a time{sample}{passes}"


def _asked(rule: str) -> str:
    return "no threshold asked for" if rule == "argmax" else f"decision asked for: {shown(rule, 60)}"


def _opened(test: Mapping[str, Any]) -> str:
    return "opened once" if test["openings"] == 1 else f"opened {test['openings']} times"


def _folds(content: Content, config: Mapping[str, Any]) -> str:
    order = "drawn at random" if config.get("shuffle") else "in the order of the rows"
    order = "drawn by what a row holds" if content.streamed else order
    equal = "; equal rows stay in one fold" if config.get("group_duplicates") else ""
    return f"{content.folds} folds {order}{equal}"
