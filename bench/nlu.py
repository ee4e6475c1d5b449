"""Cross-validation of the intent classifier, with the real pipeline: leaving whole voices out, and in plain five folds.

Run: python bench/nlu.py [voices] [plain]. A fold by voice trains without two of the voices of bot/data/nlu/voices and
reads what they say, first by the classifier alone, then by the whole reader in every place where it could be said. The
voices are invented and share an author, so this says how well a new way of writing is met, not how strangers write.
"""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from bot.runtime.loading import ModelReader
from bot.runtime.training import ROOT, train
from bot.understand import Context, Intent, parse
from bot.understand.normal import plain, standard

FOLDS = 5
MANY = "many"  # the files by subject: many voices, none of them kept apart
ANYWHERE = (Context.ANY, Context.RATING, Context.STORY, Context.CONSENT)
IN_STATEMENTS = (Context.RATING, Context.STORY)
SAID_IN = {  # where an intent makes sense; what is not here makes sense anywhere
    **dict.fromkeys(("agree_to_take_part", "refuse"), (Context.CONSENT,)),
    **dict.fromkeys(("rate", "rate_and_story"), (Context.RATING,)),
    **dict.fromkeys(("tell_story", "skip", "go_back", "change_answer", "how_many_left"), IN_STATEMENTS),
    **dict.fromkeys(("explain_statement", "repeat", "pause"), IN_STATEMENTS),
    "resume": (Context.ANY,),
    # read by rules of their own, in one place only, or worth as much as their neighbour elsewhere
    **dict.fromkeys(("give_age", "give_audience", "safe_contact", "not_safe_contact", "choose_statements"), ()),
    **dict.fromkeys(("finish", "supporter", "ask_for_more"), ()),
}


@dataclass(frozen=True, slots=True)
class Example:
    """One line of the examples. Raises: nothing; it only carries."""

    text: str
    intent: str
    voice: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of one example: by the classifier (context None), or by the whole reader in a context."""

    example: Example
    context: Context | None
    intent: str

    @property
    def right(self) -> bool:
        """Was it what they meant?"""
        return self.intent == self.example.intent


def main(kinds: Sequence[str]) -> None:
    """Run the kinds of cross-validation asked for, and print what each found."""
    said = list(examples(ROOT / "bot" / "data" / "nlu"))
    print(f"{len(said)} examples, {len({one.voice for one in said}) - 1} voices")
    if "voices" in kinds:
        found = validate(said, by_voice(said), whole_reader=True)
        report("leaving voices out", [one for one in found if one.context is None])
        report_reader([one for one in found if one.context is not None])
    if "plain" in kinds:
        report("plain five folds", validate(said, by_chance(said), whole_reader=False))


def examples(folder: Path) -> Iterable[Example]:
    """Every example, with its intent and its voice."""
    for file in sorted(folder.rglob("*.yml")):
        voice = file.stem if file.parent.name == "voices" else MANY
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield Example(line.removeprefix("- "), block["intent"], voice)


def by_voice(said: Sequence[Example]) -> list[list[int]]:
    """Folds to test on: two voices each, one from either end of the alphabet."""
    voices = sorted({one.voice for one in said} - {MANY})
    pairs = [{voices[n], voices[-1 - n]} for n in range((len(voices) + 1) // 2)]
    return [[at for at, one in enumerate(said) if one.voice in pair] for pair in pairs]


def by_chance(said: Sequence[Example]) -> list[list[int]]:
    """Folds to test on: a fifth of every intent."""
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    return [list(test) for _, test in splitter.split(said, [one.intent for one in said])]


def validate(said: Sequence[Example], folds: list[list[int]], *, whole_reader: bool) -> list[Read]:
    """Train without each fold in turn, and read it."""
    found: list[Read] = []
    for number, test in enumerate(folds, start=1):
        held_out = set(test)
        with tempfile.TemporaryDirectory() as folder:
            reader = read_by([one for at, one in enumerate(said) if at not in held_out], Path(folder))
        found += [one for at in test for one in read(said[at], reader.classify, whole_reader)]
        print(f"fold {number} of {len(folds)} done", file=sys.stderr)
    return found


def read(example: Example, classify: Callable[[str], tuple[str, float]], whole_reader: bool) -> Iterable[Read]:
    """The classifier's reading, as the reader asks for it, and the whole reader's wherever the example may be said."""
    known = classify(standard(plain(example.text)) or example.text)
    yield Read(example, None, known[0])
    for context in SAID_IN.get(example.intent, ANYWHERE) if whole_reader else ():
        yield Read(example, context, parse(example.text, context, lambda _: known).intent.value)


def read_by(said: Iterable[Example], root: Path) -> ModelReader:
    """A reader trained from some of the examples, with the least domain and the one rule that training asks for."""
    (root / "bot/domain").mkdir(parents=True)
    (root / "bot/data").mkdir()
    shutil.copy(ROOT / "config.yml", root / "config.yml")
    texts: dict[str, str] = {}
    for one in said:
        texts[one.intent] = texts.get(one.intent, "") + f"- {one.text}\n"
    intents = sorted(texts)
    nlu = [{"intent": intent, "examples": texts[intent]} for intent in intents]
    rule = {"rule": "any", "steps": [{"intent": intents[0]}, {"action": "action_listen"}]}
    write(root / "bot/domain/domain.yml", {"intents": intents})
    write(root / "bot/data/data.yml", {"nlu": nlu, "rules": [rule]})
    return ModelReader(train(root / "home", lambda _step, _fraction: None, root))


def write(path: Path, content: dict[str, object]) -> None:
    """One YAML file of Rasa's."""
    path.write_text(yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True), encoding="utf-8")


def report(title: str, found: Sequence[Read]) -> None:
    """Macro F1, each voice's accuracy, each intent's F1, and the commonest confusions."""
    print(
        f"\n{title}: macro F1 {sum(scores(found).values()) / len(scores(found)):.3f}, accuracy {share_right(found):.3f}"
    )
    for voice in sorted({one.example.voice for one in found}):
        print(f"  {share_right([one for one in found if one.example.voice == voice]):.3f} {voice}")
    for name, score in sorted(scores(found).items(), key=lambda item: item[1]):
        print(f"  {score:.2f} {name}")
    wrong = Counter((one.example.intent, one.intent) for one in found if not one.right)
    for (said, intent), count in wrong.most_common(12):
        print(f"  {count:3d} x {said} read as {intent}")


def report_reader(found: Sequence[Read]) -> None:
    """The same of the whole reader, and its accuracy in each context."""
    for context in sorted({one.context for one in found if one.context}):
        of_context = [one for one in found if one.context is context]
        stories = [one for one in of_context if one.example.intent == Intent.TELL_STORY]
        recall = f", stories kept {share_right(stories):.3f}" if stories else ""
        print(f"  {share_right(of_context):.3f} of {len(of_context)} in {context}{recall}")
    report("the whole reader, on those voices", found)


def scores(found: Sequence[Read]) -> dict[str, float]:
    """F1 of every intent that was meant."""
    meant, intents = [one.example.intent for one in found], [one.intent for one in found]
    names = sorted(set(meant))
    return dict(zip(names, map(float, f1_score(meant, intents, average=None, labels=names)), strict=True))


def share_right(found: Sequence[Read]) -> float:
    """Accuracy."""
    return sum(one.right for one in found) / len(found)


if __name__ == "__main__":
    main(sys.argv[1:] or ["voices", "plain"])
