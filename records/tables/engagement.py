"""Rounds, the framework editions they use, and the doors by which people come in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.tables.base import Base, new_id, one_of
from records.types import Audience, ChannelName


class FrameworkEdition(Base):
    """A set of statements for one audience, as it stood when it was first used. Never changed, only superseded."""

    __tablename__ = "framework_editions"
    __table_args__ = (UniqueConstraint("audience", "edition"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    edition: Mapped[str]
    digest: Mapped[str]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Round(Base):
    """One inspection's engagement: programme, area, care group, dates."""

    __tablename__ = "rounds"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)  # a short name, for commands and links
    name: Mapped[str]
    programme: Mapped[str]
    bodies: Mapped[str]  # who inspects, as the notice names them
    area: Mapped[str]
    care_group: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    delete_until: Mapped[date]
    contact: Mapped[str]  # where a person of ours is reached
    is_open: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    ratings: Mapped[bool] = mapped_column(default=True)
    under_18_by_bot: Mapped[bool] = mapped_column(default=True)  # False: under-18s are offered a person instead
    created_at: Mapped[datetime]

    frameworks: Mapped[list["RoundFramework"]] = relationship(back_populates="round")


class RoundFramework(Base):
    """Which edition a round uses for an audience."""

    __tablename__ = "round_frameworks"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("framework_editions.id"))

    round: Mapped[Round] = relationship(back_populates="frameworks")
    edition: Mapped[FrameworkEdition] = relationship()


class Door(Base):
    """An end of ours that people write to: a number, a bot, the chat page. It leads to one round."""

    __tablename__ = "doors"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[ChannelName] = mapped_column(one_of(ChannelName))
    address: Mapped[str]
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)


class Invitation(Base):
    """A code in a deep link (`/start CODE`, `/chat/CODE`) that leads to a round. A poster's code serves many."""

    __tablename__ = "invitations"

    code: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    reusable: Mapped[bool] = mapped_column(default=False)
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
