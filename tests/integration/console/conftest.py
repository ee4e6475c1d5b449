"""A console on a real database, people to read, and staff who sign in to it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from console.accounts import hasher
from console.house import ConsoleHouse
from console.pages import routes
from engagement.framework import load_framework
from engagement.rounds import use_edition
from records.clock import ManualClock
from records.database import Database, UnitOfWork
from records.sealed import SealedBox
from records.tables import (
    Alert,
    AlertEvent,
    AlertMessage,
    AlertOrigin,
    AlertState,
    Conversation,
    Hold,
    Look,
    Message,
    MessageState,
    Notification,
    Participant,
    Reading,
    Request,
    Response,
    Round,
    RoundFramework,
    SealedWords,
    Speaker,
    Staff,
    TranscriptTurn,
    new_id,
)
from records.types import (
    AgeBand,
    Audience,
    ChannelName,
    HoldKind,
    Kind,
    Rating,
    RequestKind,
    Role,
    Stage,
    Tier,
)

PASSWORD = "four-blue-boats-sail"
START = datetime(2026, 4, 13, 9, 30, tzinfo=UTC)


def remask(text: str, words: Sequence[str]) -> str:
    """What the anonymiser does with words that a person chose."""
    for word in words:
        text = re.sub(re.escape(word), "«masked»", text, flags=re.IGNORECASE)
    return text


@dataclass
class Seeds:
    """Puts rows straight into the tables, as the other rooms would."""

    unit: UnitOfWork
    at: datetime = START

    def round(self, key: str = "glen", audiences: Sequence[Audience] = (Audience.PERSON, Audience.CARER)) -> Round:
        made = Round(
            key=key,
            name=f"Round {key}",
            programme="Joint inspection of adult services",
            bodies="the inspectorates",
            area="Strathglen",
            care_group="Adults",
            contact="01632 960001",
            opens_on=date(2026, 4, 1),
            closes_on=date(2026, 6, 30),
            delete_until=date(2026, 7, 31),
            is_open=True,
            created_at=self.at,
        )
        self.unit.session.add(made)
        self.unit.session.flush()
        for audience in audiences:
            edition = use_edition(self.unit, load_framework(audience))
            self.unit.session.add(RoundFramework(round_id=made.id, audience=audience, edition_id=edition.id))
        self.unit.session.flush()
        return made

    def person(
        self,
        round_: Round,
        *,
        audience: Audience = Audience.PERSON,
        channel: ChannelName = ChannelName.SMS,
        agreed: bool = True,
        deleted: bool = False,
    ) -> Conversation:
        person = Participant(
            round_id=round_.id,
            age_band=AgeBand.AGE_26_PLUS,
            audience=audience,
            came_by="walk-in",
            agreed_at=self.at if agreed else None,
            deleted_at=self.at if deleted else None,
            created_at=self.at,
        )
        self.unit.session.add(person)
        self.unit.session.flush()
        conversation = Conversation(
            participant_id=person.id,
            round_id=round_.id,
            channel=channel,
            door="+447700900000",
            stage=Stage.RATING,
            created_at=self.at,
        )
        self.unit.session.add(conversation)
        self.unit.session.flush()
        return conversation

    def message(
        self, conversation: Conversation, words: str = "sealed", state: MessageState = MessageState.DONE
    ) -> Message:
        sealed = SealedWords(id=new_id(), words=b"", created_at=self.at)
        sealed.words = self.unit.box.seal("sealed_words", sealed.id, "words", words)
        self.unit.session.add(sealed)
        self.unit.session.flush()
        message = Message(
            dedupe=new_id(),
            number=1,
            conversation_id=conversation.id,
            kind=Kind.TEXT,
            words_id=sealed.id,
            tier=Tier.NONE,
            state=state,
            sent_at=self.at,
            received_at=self.at,
        )
        self.unit.session.add(message)
        self.unit.session.flush()
        return message

    def hold(self, message: Message, kind: HoldKind, subject: str) -> Hold:
        hold = Hold(words_id=message.words_id, kind=kind, subject_id=subject, created_at=self.at)
        self.unit.session.add(hold)
        self.unit.session.flush()
        return hold

    def says(
        self,
        conversation: Conversation,
        text: str | None,
        *,
        speaker: Speaker = Speaker.PARTICIPANT,
        statement: int | None = None,
        response: Response | None = None,
        after: timedelta = timedelta(),
        **given: object,
    ) -> TranscriptTurn:
        conversation.last_turn += 1
        message = self.message(conversation) if speaker is Speaker.PARTICIPANT else None
        turn = TranscriptTurn(
            conversation_id=conversation.id,
            number=conversation.last_turn,
            speaker=speaker,
            text=text,
            statement=statement,
            response_id=None if response is None else response.id,
            message_id=None if message is None else message.id,
            at=self.at + after,
            **given,
        )
        self.unit.session.add(turn)
        self.unit.session.flush()
        return turn

    def asks(self, conversation: Conversation, text: str, statement: int | None = None) -> TranscriptTurn:
        return self.says(conversation, text, speaker=Speaker.BOT, statement=statement)

    def answers(
        self,
        conversation: Conversation,
        statement: int,
        rating: Rating | None = Rating.AGREE,
        story: str | None = None,
        superseded: bool = False,
    ) -> Response:
        person = self.unit.session.get_one(Participant, conversation.participant_id)
        edition = self.unit.session.get_one(RoundFramework, (conversation.round_id, person.audience)).edition_id
        response = Response(
            round_id=conversation.round_id,
            participant_id=person.id,
            conversation_id=conversation.id,
            edition_id=edition,
            statement=statement,
            rating=rating,
            created_at=self.at,
            changed_at=self.at,
            superseded_at=self.at if superseded else None,
        )
        self.unit.session.add(response)
        self.unit.session.flush()
        if story is not None:
            self.says(conversation, story, statement=statement, response=response)
        return response

    def look(self, conversation: Conversation, words: str, due: datetime) -> Look:
        message = self.message(conversation, words)
        look = Look(
            conversation_id=conversation.id,
            message_id=message.id,
            words_id=message.words_id,
            categories=["neglect"],
            reason="near what the screen knows as neglect",
            score=0.4,
            created_at=self.at,
            due_at=due,
        )
        self.unit.session.add(look)
        self.unit.session.flush()
        self.hold(message, HoldKind.LOOK, look.id)
        self.unit.session.add(
            Notification(
                role="safeguarding", text="A message needs a look.", subject=f"look:{look.id}", created_at=self.at
            )
        )
        return look

    def alert(
        self, conversation: Conversation, words: Sequence[str], due: datetime, tier: Tier = Tier.CONCERN
    ) -> Alert:
        number = 1001 + self.unit.session.query(Alert).count()
        alert = Alert(
            number=number,
            conversation_id=conversation.id,
            origin=AlertOrigin.SCREEN,
            tier=tier,
            categories=["physical"],
            reason="near what the screen knows as physical harm",
            state=AlertState.OPEN,
            created_at=self.at,
            due_at=due,
        )
        self.unit.session.add(alert)
        self.unit.session.flush()
        for order, one in enumerate(words):
            message = self.message(conversation, one)
            self.unit.session.add(
                AlertMessage(
                    alert_id=alert.id,
                    message_id=message.id,
                    words_id=message.words_id,
                    tier=tier,
                    categories=["physical"],
                    reason="near what the screen knows as physical harm",
                    at=self.at + timedelta(minutes=order),
                )
            )
            self.hold(message, HoldKind.ALERT, alert.id)
        self.unit.session.add(AlertEvent(alert_id=alert.id, at=self.at, actor="screen", what="raised"))
        self.unit.session.add(
            Notification(
                role="safeguarding",
                text=f"An alert needs you: {alert.reference}",
                subject=f"alert:{alert.id}",
                created_at=self.at,
            )
        )
        return alert

    def request(self, conversation: Conversation, due: datetime, kind: RequestKind = RequestKind.PERSON) -> Request:
        request = Request(kind=kind, conversation_id=conversation.id, created_at=self.at, due_at=due)
        self.unit.session.add(request)
        self.unit.session.flush()
        self.unit.session.add(
            Notification(
                role="engagement",
                text="Somebody asks to speak to a person.",
                subject=f"request:{request.id}",
                created_at=self.at,
            )
        )
        return request

    def reading(self, conversation: Conversation, staff_id: str, number: int) -> None:
        self.unit.session.add(Reading(conversation_id=conversation.id, staff_id=staff_id, number=number, at=self.at))


class Browser:
    """A member of staff at the console: follows links and sends forms with the token of the page they are on."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, follow: bool = True):  # type: ignore[no-untyped-def]
        answer = self.client.get(f"/console{path}", follow_redirects=follow)
        return self._noted(answer)

    def post(self, path: str, follow: bool = True, origin: str | None = "https://testserver", **fields: str):  # type: ignore[no-untyped-def]
        headers = {} if origin is None else {"origin": origin}
        sent = {"csrf": self.token, **fields}
        answer = self.client.post(f"/console{path}", data=sent, headers=headers, follow_redirects=follow)
        return self._noted(answer)

    def sign_in(self, username: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
        return self.post("/sign-in", username=username, password=password)

    def _noted(self, answer):  # type: ignore[no-untyped-def]
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        self.token = found.group(1) if found else self.token
        return answer


@pytest.fixture
def house(database: Database, box: SealedBox, clock: ManualClock) -> ConsoleHouse:
    return ConsoleHouse(database, box, clock, remask)


@pytest.fixture
def new_browser(house: ConsoleHouse) -> Callable[..., Browser]:
    """Another browser at the console, or at one of another house: `new_browser(house=...) -> Browser`."""

    def open_browser(at: ConsoleHouse = house) -> Browser:
        app = Starlette(routes=[Mount("/console", routes=routes(at))])
        return Browser(TestClient(app, base_url="https://testserver", raise_server_exceptions=at is house))

    return open_browser


@pytest.fixture(scope="session")
def hashed() -> str:
    """PASSWORD, hashed once, because hashing is slow on purpose."""
    return hasher().hash(PASSWORD)


@pytest.fixture
def staff(database: Database, hashed: str, clock: ManualClock) -> dict[Role, str]:
    """One account per role; the username is the role's name. The value is the account's id."""
    with database.write() as unit:
        made = {
            role: Staff(username=role, name=f"A {role}", password=hashed, roles=[role], created_at=clock.now())
            for role in Role
        }
        unit.session.add_all(made.values())
    return {role: one.id for role, one in made.items()}


@pytest.fixture
def signed_in_as(new_browser: Callable[..., Browser], staff: dict[Role, str]) -> Callable[[Role], Browser]:
    """A browser in which somebody with this role has signed in: `signed_in_as(role) -> Browser`."""

    def sign_in(role: Role) -> Browser:
        browser = new_browser()
        assert browser.sign_in(role.value).status_code == 200
        return browser

    return sign_in


@pytest.fixture
def seeds() -> Callable[[UnitOfWork], Seeds]:
    """Rows for tests: `seeds(unit) -> Seeds`."""
    return Seeds


@pytest.fixture
def scene() -> Callable[[UnitOfWork, datetime], dict[str, str]]:
    """A small round with something in every queue: `scene(unit, now) -> ids by name`."""
    return set_scene


def set_scene(unit: UnitOfWork, now: datetime) -> dict[str, str]:
    """People who told us things, all of them invented."""
    seeds = Seeds(unit, now - timedelta(hours=5))
    glen = seeds.round()
    ids = {"round": glen.id} | _long_talk(seeds, glen)
    ratings = [Rating.STRONGLY_AGREE] * 7 + [Rating.AGREE] * 12 + [Rating.NEITHER] * 6 + [Rating.DISAGREE] * 5
    ratings += [Rating.STRONGLY_DISAGREE] * 2 + [Rating.DONT_KNOW]
    channels = [ChannelName.SMS, ChannelName.WEB, ChannelName.SMS, ChannelName.TELEGRAM]
    for order, rating in enumerate(ratings):
        seeds.at = now - timedelta(days=1 + order // 3)
        talk = seeds.person(glen, channel=channels[order % 4])
        seeds.asks(talk, "Think of letters, leaflets and what staff tell you.", 1)
        seeds.answers(talk, 1, rating, STORIES[order % len(STORIES)] if order % 2 else None)
        if order % 3:
            seeds.answers(talk, 2, ratings[-order])
        if order > 4:
            seeds.reading(talk, ids["reader"], 9)
    seeds.at = now - timedelta(hours=2)
    talk = seeds.person(glen, audience=Audience.CARER, channel=ChannelName.TELEGRAM)
    seeds.says(talk, "I look after my dad and nobody asks how I am.", statement=1)
    worried = seeds.person(glen, channel=ChannelName.WEB)
    seeds.says(worried, None, withheld_because="the anonymiser does not know this script")
    return ids | {
        "alert": seeds.alert(
            worried, ["He pushed me again last night.", "Please do not tell him."], now - timedelta(minutes=10)
        ).id,
        "urgent": seeds.alert(talk, ["I have taken them all."], now + timedelta(minutes=9), Tier.IMMEDIATE).id,
        "look": seeds.look(worried, "There is no food in the house again.", now + timedelta(hours=3)).id,
        "late_look": seeds.look(talk, "I just feel a bit lost.", now - timedelta(hours=26)).id,
        "request": seeds.request(talk, now + timedelta(hours=20), RequestKind.SUPPORTER).id,
        "late_request": seeds.request(worried, now - timedelta(hours=3)).id,
        "carer": talk.id,
        "worried": worried.id,
    }


STORIES = (
    "They told me about the tablets but the leaflet was in tiny print.",
    "«name 1» from the team phones me every Friday. I always know what is next.",
    "It took six weeks to get a letter, and then it was for my old address.",
    "I had to ask three times. Nobody could say who was meant to tell me.",
    "Good. They sent it in big letters.",
)


def _long_talk(seeds: Seeds, glen: Round) -> dict[str, str]:
    reader = Staff(username="reader", name="Morag Reader", password="-", roles=[], created_at=seeds.at)
    seeds.unit.session.add(reader)
    seeds.unit.session.flush()
    talk = seeds.person(glen)
    seeds.asks(talk, "Hello. This is Blether, a computer that asks what care is like. Text GO to start.")
    seeds.says(talk, "GO")
    seeds.asks(talk, 'Think of letters, leaflets and what staff tell you. "I get the right information."', 1)
    seeds.says(talk, "4", statement=1)
    seeds.asks(talk, "What happens when you need to find something out about your care or support?", 1)
    response = seeds.answers(talk, 1, Rating.AGREE)
    told = "Mostly I ask «name 1» at «care home 1». When she is off at the bowling in Kirkmartin nobody can tell me."
    turn = seeds.says(talk, told, statement=1, response=response)
    other = seeds.says(talk, "The kirkmartin folk all know me.", statement=1, response=response)
    seeds.asks(talk, 'This is about your views, big or small. "I can say what I think, and people listen."', 2)
    withheld = seeds.says(talk, None, statement=2, withheld_because="too many names")
    later = timedelta(days=2)
    seeds.says(talk, "You were on 2 of 12, being heard.", speaker=Speaker.BOT, statement=2, after=later)
    seeds.says(talk, "I said 2 but I meant 3", statement=2, after=later, superseded_at=seeds.at)
    seeds.says(talk, "3. They listen when the manager is in.", statement=2, after=later)
    return {"talk": talk.id, "turn": turn.id, "other": other.id, "withheld": withheld.id, "reader": reader.id}
