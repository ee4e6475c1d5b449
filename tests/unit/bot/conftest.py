"""A conversation in memory: the real rules, actions, words, notices and statements. Only the trained reader is not.

The dialogue is trained once a session, from the project's rules and stories and so few examples that it takes seconds.
"""

# ruff: noqa: E402

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.runtime import standin

standin.prepare()

from anonymise.anonymiser import Masked
from bot.actions import all_actions
from bot.runtime.loading import Dialogue
from bot.runtime.training import ROOT, train
from bot.take_turn import take_turn
from bot.turn import effects
from bot.turn.heard import Answer, Heard, RoundFacts, Said
from bot.turn.turn import Tools, Turn
from bot.understand import Context, Parsed
from bot.understand.parse import parse
from bot.words import Words
from engagement.framework import load_all
from records.types import AgeBand, Asked, Audience, Capabilities, ChannelName, Kind, Rating, Stage, Tier

NOW = datetime(2026, 4, 15, 10, 0, tzinfo=UTC)
A_ROUND = RoundFacts(
    id="round",
    name="Demo",
    bodies="the Care Inspectorate",
    area="Strathmore",
    ratings=True,
    under_18_by_bot=True,
    delete_until=date(2026, 9, 30),
    contact="0345 600 9527",
    is_open=True,
    is_demo=True,
)
CAPABILITIES = {
    ChannelName.SMS: Capabilities(buttons=False, max_length=1600, push=True, alphabet_gsm7=True),
    ChannelName.TELEGRAM: Capabilities(buttons=True, max_length=4096, push=True),
    ChannelName.WEB: Capabilities(buttons=True, max_length=4000, push=False),
}


def masked_by_a_fake(text: str, placeholders: Any, *, always: Any = ()) -> Masked:
    """Takes "Agnes" for the only name there is."""
    return Masked(text.replace("Agnes", "«name 1»"), (), False, "")


def read_plainly(text: str, context: Context) -> Parsed:
    """The plain readers alone: no trained classifier."""
    return parse(text, context)


@dataclass
class Talk:
    """One conversation, turn after turn, as the tables would carry it from one to the next."""

    dialogue: Dialogue
    heard: Heard
    tools: Tools
    turns: list[Turn] = field(default_factory=list)
    count: int = 0

    def says(self, *texts: str | Said, after: timedelta = timedelta(minutes=1), **facts: Any) -> Turn:
        """What they send in one breath, and the turn it makes."""
        now = self.heard.now + after
        said = tuple(one if isinstance(one, Said) else self.said(one, **facts) for one in texts)
        return self._take(replace(self.heard, said=said, now=now))

    def presses(self, payload: str) -> Turn:
        """They press a button."""
        return self.says(self.said("a button", kind=Kind.BUTTON, payload=payload))

    def discloses(self, text: str, *more: str, tier: Tier = Tier.CONCERN, **facts: Any) -> Turn:
        """They say something that worries us: intake has answered and has stopped the questions."""
        at = self.heard
        if at.stage is not Stage.SAFETY:
            resume = at.resume_stage if at.stage is Stage.PAUSED else at.stage
            self.heard = replace(at, stage=Stage.SAFETY, resume_stage=resume, asked_last=False)
        return self.says(self.said(text, tier=tier, **facts), *more)

    def said(self, text: str, kind: Kind = Kind.TEXT, tier: Tier = Tier.NONE, **facts: Any) -> Said:
        """One message, numbered on from the last: m1, m2 ..."""
        self.count += 1
        return Said((f"m{self.count}",), (text,), kind, tier, NOW, **facts)

    def _take(self, heard: Heard) -> Turn:
        turn = take_turn(heard, self.tools, self.dialogue, read_plainly)
        self.carry_on(turn)
        return turn

    def carry_on(self, turn: Turn) -> None:
        """Carry what the turn changed to the next, as the commit does."""
        self.turns.append(turn)
        self.heard = replace(
            turn.heard,
            last_heard_at=turn.heard.now,
            stage=turn.stage,
            resume_stage=turn.resume_stage,
            statement=turn.statement,
            plan=tuple(turn.plan),
            progress=dict(turn.progress),
            answers=dict(turn.answers),
            age_band=turn.age_band,
            audience=turn.audience,
            agreed=turn.agreed,
            asked_last=turn.prompt is not None or (turn.heard.asked_last and not turn.replies),
            memory=dict(turn.memory),
            placeholders=dict(turn.placeholders.state()),
            tracker=json.loads(json.dumps(turn.tracker)),
        )

    @property
    def effects(self) -> list[Any]:
        """Everything the turns so far asked for."""
        return [effect for turn in self.turns for effect in turn.effects]

    def ratings(self) -> dict[int, Rating]:
        """The ratings that stand."""
        return {one.statement: one.rating for one in self.effects if isinstance(one, effects.RecordRating)}

    def stories(self) -> dict[int, list[str]]:
        """The stories that stand, message by message."""
        told: dict[int, list[str]] = {}
        for one in self.effects:
            if isinstance(one, effects.RecordStory):
                kept = [] if one.anew else told.get(one.statement, [])
                told[one.statement] = [*kept, *(masked.text for _, masked in one.parts)]
        return told


@pytest.fixture(scope="session")
def dialogue_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the project's own domain, rules and stories, with an example or two for each intent."""
    root = tmp_path_factory.mktemp("dialogue")
    for part in ("domain", "data/rules", "data/stories"):
        shutil.copytree(ROOT / "bot" / part, root / "bot" / part)
    intents = yaml.safe_load((ROOT / "bot/domain/intents.yml").read_text())["intents"]
    examples = [{"intent": one, "examples": f"- {one} one\n- {one} two\n"} for one in intents]
    (root / "bot/data/nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": examples}))
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    names = ("WhitespaceTokenizer", "KeywordIntentClassifier")
    (root / "config.yml").write_text(yaml.safe_dump({**config, "pipeline": [{"name": name} for name in names]}))
    return train(root / "home", lambda step, done: None, root)


@pytest.fixture(scope="session")
def dialogue(dialogue_model: Path) -> Iterator[Dialogue]:
    """The project's dialogue, loaded with its actions."""
    loaded = Dialogue.load(dialogue_model, all_actions())
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools(mask=masked_by_a_fake, words=Words.load(), placeholder_key=b"k" * 32)


@pytest.fixture
def talk(dialogue: Dialogue, tools: Tools) -> Callable[..., Talk]:
    """`talk(stage=..., **facts)`: a conversation that stands where a test wants it to begin."""

    def begin(
        stage: Stage = Stage.WELCOME, channel: ChannelName = ChannelName.SMS, ratings: bool = True, **facts: Any
    ) -> Talk:
        return Talk(dialogue, standing(stage, channel, replace(A_ROUND, ratings=ratings), **facts), tools)

    return begin


def standing(stage: Stage, channel: ChannelName, round_: RoundFacts, **facts: Any) -> Heard:
    """A conversation at a stage, with what must be known by then."""
    knows = list(Stage).index(stage) > list(Stage).index(Stage.AUDIENCE) and stage is not Stage.DECLINED
    agreed = knows and stage is not Stage.AGREEMENT
    at = 2 if agreed and stage is not Stage.CHOOSE else None
    rated = stage is Stage.STORY and round_.ratings
    heard = Heard(
        conversation_id="conversation",
        participant_id="participant",
        channel=channel,
        capabilities=CAPABILITIES[channel],
        round=round_,
        frameworks={audience: (f"edition of {audience}", framework) for audience, framework in load_all().items()},
        age_band=AgeBand.AGE_26_PLUS if knows or stage is Stage.AUDIENCE else None,
        audience=Audience.PERSON if knows else None,
        agreed=agreed,
        stage=stage,
        resume_stage=Stage.RATING if stage in (Stage.PAUSED, Stage.SAFETY, Stage.STOPPED) else None,
        statement=at,
        plan=tuple(range(1, 13)) if agreed else (),
        progress={1: Asked.ANSWERED, 2: Asked.ANSWERED if rated else Asked.ASKED} if at else {},
        answers=_answers(rated) if at else {},
        memory={"last_left": 1} if at else {},
        placeholders={},
        display_name=None,
        tracker=None,
        last_heard_at=NOW,
        said=(),
        now=NOW,
        lease_token=1,
        interrupts=0,
    )
    return replace(heard, **facts)


def _answers(rated: bool) -> dict[int, Answer]:
    first = {1: Answer(Rating.AGREE, told=True, declined=False)}
    return first | ({2: Answer(Rating.DISAGREE, told=False, declined=False)} if rated else {})
