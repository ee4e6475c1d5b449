"""The fixed replies that intake sends by itself: approved texts, chosen by what happened, never by what was written."""

from dataclasses import dataclass
from datetime import datetime

from bot.words import Words
from protection import texts
from records.clock import spoken
from records.tables import Round
from records.types import AgeBand, Category, ChannelName, Kind, Outbound, Tier, Verdict


@dataclass(frozen=True, slots=True)
class FixedReplies:
    """Chooses among the approved texts. It has no say over whether they are sent."""

    words: Words

    def to_verdict(
        self,
        verdict: Verdict,
        *,
        kind: Kind,
        age_band: AgeBand | None,
        channel: ChannelName,
        now: datetime,
        times: int,
        safe_contact: bool | None,
        can_go_on: bool,
    ) -> tuple[Outbound, ...]:
        """What the screen's verdict calls for at once. Nothing for an ordinary look: the dialogue goes on."""
        if set(verdict.categories) == {Category.UNSCREENED}:
            return texts.unscreened_reply()
        if verdict.tier >= Tier.CONCERN:
            return texts.safety_reply(
                verdict,
                age_band=age_band,
                channel=channel,
                now=now,
                times=times,
                safe_contact=safe_contact,
                can_go_on=can_go_on,
            )
        if Category.HELP in verdict.categories:
            if safe_contact is False:
                return ()
            return texts.help_reply(age_band=age_band, now=now, times=times, can_go_on=can_go_on)
        if Category.UNREADABLE in verdict.categories:
            return texts.unreadable_reply(kind)
        return ()

    def to_contact(
        self, is_safe: bool, worry: Verdict, age_band: AgeBand | None, now: datetime, *, can_go_on: bool
    ) -> tuple[Outbound, ...]:
        """What follows SAFE or NOT SAFE."""
        if not is_safe:
            return texts.not_safe()
        return texts.after_safe(worry, age_band=age_band, now=now, can_go_on=can_go_on)

    def round_closed(self, channel: ChannelName, round_: Round) -> tuple[Outbound, ...]:
        """The round has come to its end."""
        return self._say("round_closed", channel, round_)

    def stopped(self, channel: ChannelName, round_: Round) -> tuple[Outbound, ...]:
        """The one confirmation of STOP."""
        return self._say("stopped_dialogue", channel, round_)

    def deleted(self, channel: ChannelName, round_: Round) -> tuple[Outbound, ...]:
        """The one confirmation of DELETE."""
        return self._say("delete_confirmed", channel, round_)

    def still_deleting(self, channel: ChannelName, round_: Round) -> tuple[Outbound, ...]:
        """They came back while a person is still busy with what they had told us."""
        return self._say("delete_confirmed", channel, round_, variant=1)

    def welcome_back(self, channel: ChannelName, round_: Round) -> tuple[Outbound, ...]:
        """They came back after STOP. Nothing is asked until they say so."""
        return self._say("welcome_back", channel, round_)

    def _say(self, key: str, channel: ChannelName, round_: Round, variant: int = 0) -> tuple[Outbound, ...]:
        said = self.words.say(
            key,
            channel=channel,
            variant=variant,
            area=round_.area,
            contact=round_.contact,
            delete_until=spoken(round_.delete_until),
        )
        return tuple(Outbound(text) for text in said)
