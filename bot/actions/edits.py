"""What happens when somebody changes a message they had sent: their answer changes only if they say so."""

from bot import memory
from bot.actions.base import Step
from bot.turn.effects import ReplaceMessage
from bot.turn.turn import Turn
from bot.understand import Intent
from records.types import Rating


class AskAboutEdit(Step):
    """They changed a message that belongs to an answer: ask whether the new words shall stand."""

    step = "action_ask_about_edit"

    def act(self, turn: Turn) -> None:
        """If it belongs to no answer, there is nothing to ask."""
        old = memory.standing(turn, turn.said.replaces or "")
        found = memory.answered_by(turn, old)
        if found is None:
            return
        statement, held = found
        rating = turn.parsed.rating if held in ("rating", "both") and turn.parsed.intent in _RATES else None
        turn.memory[memory.EDIT] = {
            "old": old,
            "new": turn.said.message_ids[-1],
            "statement": statement,
            "rating": rating.value if rating else None,
        }
        turn.ask(turn.word("edit_question"))


class UseEdit(Step):
    """The new words shall stand."""

    step = "action_use_edit"

    def act(self, turn: Turn) -> None:
        """They take the place of the old ones, and of the rating in them."""
        edit = turn.memory.pop(memory.EDIT, None)
        if edit is None:
            return
        rating = Rating(edit["rating"]) if edit["rating"] else None
        turn.do(ReplaceMessage(edit["old"], edit["new"], edit["statement"], rating))
        if rating is not None:
            turn.note_answer(int(edit["statement"]), rating=rating)
        memory.replace_said(turn, edit["old"], edit["new"])
        memory.remember_said(turn, (edit["new"],), int(edit["statement"]), "rating" if rating else "story")
        turn.courtesy = turn.word("edit_used")


class KeepEdit(Step):
    """The old words shall stand."""

    step = "action_keep_edit"

    def act(self, turn: Turn) -> None:
        """Nothing changes."""
        turn.memory.pop(memory.EDIT, None)
        turn.courtesy = turn.word("edit_kept")


_RATES = (Intent.RATE, Intent.RATE_AND_STORY)
