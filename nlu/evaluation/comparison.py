"""`python -m bot nlu compare`: what clerks taught since, tried beside the model that serves. It writes nothing into the
package, so that it can be asked for wherever the bot runs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nlu.evaluation import effect
from nlu.evaluation.cases import sets
from nlu.evaluation.metrics import Case, Outcome
from nlu.evaluation.report import column
from nlu.evaluation.served import ours
from nlu.train import model_path


async def compare(new: Path, say: Callable[[str], None], sentences: Mapping[str, Sequence[Case]] | None = None) -> None:
    """Read all sentences (or these) with both models, one after the other, and tell what the new one would change. Both
    are trained."""
    serving = model_path(new.parent)
    if new == serving:
        say(f"{new.name} serves with all that is accepted now: there is nothing to compare")
        return
    cases = {**(sentences or sets())} | effect.taught(new.parent.parent / "nlu", serving)
    say(f"reading {sum(map(len, cases.values()))} sentences with each of both models, some minutes ...")
    before, _ = await measured(serving, cases)
    after, _ = await measured(new, cases)
    for line in effect.lines(before, after):
        say(line)


async def measured(model: Path, cases: Mapping[str, Sequence[Case]]) -> tuple[effect.Model, dict[str, list[Outcome]]]:
    """A model's figures, and what it makes of each sentence that no model was trained on."""
    outcomes, cost = await ours(model, cases)
    taught = outcomes.pop(effect.TAUGHT, [])
    return effect.Model(name=model.name, column=column(outcomes, cost), taught=taught), outcomes
