"""Five-fold cross-validation of the intent classifier: the real pipeline, trained on four fifths of the examples.

Run: python bench/nlu.py [folds]. Prints macro F1, the worst intents and the commonest confusions. The examples are our
own, so this measures how well they hang together, not how strangers write.
"""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import yaml
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from bot.runtime.loading import ModelReader
from bot.runtime.training import ROOT, train


def main(folds: int) -> None:
    """Train and read `folds` times, then print."""
    texts, intents = examples(ROOT / "bot" / "data" / "nlu")
    found = [""] * len(texts)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=7)
    for number, (learn, test) in enumerate(splitter.split(texts, intents), start=1):
        with tempfile.TemporaryDirectory() as folder:
            reader = read_by([(texts[i], intents[i]) for i in learn], Path(folder))
        for i in test:
            found[i] = reader.classify(texts[i])[0]
        print(f"fold {number} of {folds} done", file=sys.stderr)
    report(intents, found)


def examples(folder: Path) -> tuple[list[str], list[str]]:
    """Every example and its intent."""
    pairs = [
        (line.removeprefix("- "), block["intent"])
        for file in sorted(folder.glob("*.yml"))
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]
    return [text for text, _ in pairs], [intent for _, intent in pairs]


def read_by(pairs: list[tuple[str, str]], root: Path) -> ModelReader:
    """A reader trained from some of the examples, with the least domain and the one rule that training asks for."""
    (root / "bot/domain").mkdir(parents=True)
    (root / "bot/data").mkdir()
    shutil.copy(ROOT / "config.yml", root / "config.yml")
    intents = sorted({intent for _, intent in pairs})
    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text, its in pairs if its == intent)}
        for intent in intents
    ]
    rule = {"rule": "any", "steps": [{"intent": intents[0]}, {"action": "action_listen"}]}
    write(root / "bot/domain/domain.yml", {"intents": intents})
    write(root / "bot/data/data.yml", {"nlu": nlu, "rules": [rule]})
    return ModelReader(train(root / "home", lambda _step, _fraction: None, root))


def write(path: Path, content: dict[str, object]) -> None:
    """One YAML file of Rasa's."""
    path.write_text(yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True), encoding="utf-8")


def report(intents: list[str], found: list[str]) -> None:
    """Macro F1, the five worst intents, the ten commonest confusions."""
    names = sorted(set(intents))
    each = dict(zip(names, f1_score(intents, found, average=None, labels=names), strict=True))
    print(f"{len(intents)} examples, {len(names)} intents, macro F1 {f1_score(intents, found, average='macro'):.3f}")
    for name, score in sorted(each.items(), key=lambda item: item[1])[:8]:
        print(f"  {score:.2f} {name}")
    wrong = Counter((said, read) for said, read in zip(intents, found, strict=True) if said != read)
    for (said, read), count in wrong.most_common(10):
        print(f"  {count:3d} x {said} read as {read}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
