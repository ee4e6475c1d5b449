"""Everything the dialogue's rules can do, as small actions on the turn. None touches a table, a channel or a log."""

from bot.actions import digressions, edits, notices, pauses, people, questions, responses, safety, statements
from bot.actions.base import Answer, Step
from records.types import RequestKind


def all_actions() -> list[Step]:
    """One of each, to be registered with the dialogue."""
    return [*_asking(), *_entering(), *_answering(), *_moving(), *_resting(), *_telling(), *_requesting()]


def _asking() -> list[Step]:
    return [
        questions.Ask(),
        questions.AskPlainly(),
        questions.AskWhichFirst(),
        questions.AskForRating(),
        questions.AskForStory(),
        questions.NotUnderstood(),
    ]


def _entering() -> list[Step]:
    return [
        notices.NoteAge(),
        notices.TurnAwayKindly(),
        notices.OfferPersonInstead(),
        notices.NoteAudience(),
        notices.ShowInformation(),
        notices.TellMore(),
        notices.AgreeToTakePart(),
        notices.Decline(),
        notices.StartAgain(),
        notices.BackToAge(),
        notices.BackToAudience(),
        Answer("action_say_not_asked_about", "audience_not_asked"),
    ]


def _answering() -> list[Step]:
    return [
        responses.RecordResponse(),
        responses.RecordMore(),
        responses.RateEarlier(),
        responses.DeclineToTell(),
        responses.ThankAtTheEnd(),
        edits.AskAboutEdit(),
        edits.UseEdit(),
        edits.KeepEdit(),
        Answer("action_say_old_button", "old_button"),
    ]


def _moving() -> list[Step]:
    return [
        statements.NextStatement(),
        statements.SkipStatement(),
        statements.KeepAnswer(),
        statements.GoBack(),
        statements.ChangeAnswer(),
        statements.OfferChoice(),
        statements.Choose(),
        statements.ChooseAll(),
        statements.Close(),
        statements.SayFinished(),
        statements.OpenOtherSet(),
        statements.LeaveOtherSet(),
    ]


def _resting() -> list[Step]:
    return [
        pauses.Pause(),
        pauses.Resume(),
        pauses.CarryOnAfterWorry(),
        pauses.StopWriting(),
        pauses.WrongNumber(),
        safety.RecordDisclosure(),
        safety.RecordQuietly(),
        safety.RecordUnreadable(),
        safety.Wait(),
        safety.NoteSafeContact(),
        safety.NoteUnsafeContact(),
        notices.SayDeclined(),
        Answer("action_say_paused", "paused_already"),
    ]


def _telling() -> list[Step]:
    return [
        digressions.Greet(),
        digressions.HowManyLeft(),
        digressions.HowLong(),
        digressions.Explain(),
        digressions.SeeAnswers(),
        digressions.SayWhatWorks("action_say_what_works", "what_you_can_say"),
        Answer("action_say_you_are_welcome", "you_are_welcome"),
        Answer("action_say_who_reads", "who_reads"),
        Answer("action_say_confidential", "confidential"),
        Answer("action_say_bot", "bot_challenge"),
        Answer("action_say_no_emergency", "not_emergency"),
        digressions.SayOutOfScope(),
        Answer("action_say_sorry", "abusive"),
        digressions.ExplainDelete(),
    ]


def _requesting() -> list[Step]:
    return [
        people.AskFor("action_ask_for_person", RequestKind.PERSON, "person_requested"),
        people.AskFor("action_ask_for_volunteer", RequestKind.YOUNG_VOLUNTEER, "volunteer_requested"),
        people.AskFor("action_ask_for_supporter", RequestKind.SUPPORTER, "supporter_requested"),
        people.AskFor("action_take_complaint", RequestKind.COMPLAINT, "complaint_received"),
        people.AskFor("action_ask_for_language", RequestKind.LANGUAGE, "language_requested"),
        people.GoOnMeanwhile(),
        Answer("action_say_volunteer_ages", "volunteer_ages"),
    ]
