"""What goes in and what comes out, as the OpenAPI file describes it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from lianxin.core.flow.page import Words as Pair
from lianxin.core.step.given import YEARS

LARGEST = 2**53  # beyond this JSON's numbers are not exact
DEEPEST = 6  # no answer is nested deeper


def plain(text: str) -> str:
    """Without NUL and lone surrogates, which no database keeps."""
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")


def clean(value: Any, depth: int = 0) -> Any:
    """The same answer, storable. ValueError for numbers and nestings that nothing here asks for."""
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int | float) and not abs(value) <= LARGEST:  # nor what is no number
        raise ValueError("a number that cannot be kept")
    if isinstance(value, list):
        return [clean(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {plain(str(k)): clean(v, depth + 1) for k, v in value.items()}
    return value


def known(at: datetime) -> datetime:
    """ValueError for years that no calendar here has."""
    if at.year not in YEARS:
        raise ValueError("a year that no calendar here has")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(known)]
Text = Annotated[str, AfterValidator(plain)]
Short = Annotated[str, Field(max_length=100), AfterValidator(plain)]
Key = Annotated[int, Field(ge=1, lt=2**63)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Answers = Annotated[dict[str, Any], Field(max_length=60), AfterValidator(clean)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]


class Words(Schema):
    """One text in both languages."""

    zh: str
    en: str


def words(pair: Pair) -> Words:
    return Words(zh=pair.zh, en=pair.en)


class Problem(Schema):
    """A no: `code` is stable, `detail` says what, why and what to do, `facts` are for programs."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any]


class ProblemRow(Schema):
    code: str
    status: int
    zh: str
    en: str


class Place(Schema):
    """A place, named one way: an area's `id`, `path` or `grid_code`, a `door` code, a `point`."""

    id: Key | None = None
    path: Short | None = None
    grid_code: Short | None = None
    door: Short | None = None
    point: tuple[Lon, Lat] | None = Field(None, description="longitude, latitude (WGS-84)")

    @model_validator(mode="after")
    def one_way(self) -> "Place":
        if len(self.model_fields_set & set(type(self).model_fields)) != 1 or not any(
            v is not None for v in self.model_dump().values()
        ):
            raise ValueError("name the place in exactly one way")
        return self


class Filing(Schema):
    flow: Short = "five-orders"
    door: Short = "file"
    answers: Answers = Field(default_factory=dict)
    place: Place | None = None
    subject: Short | None = Field(None, description="whom or what it is about, if the flow asks")
    at: Moment | None = Field(None, description="when it happened; staff only, never later")


class Press(Schema):
    answers: Answers = Field(default_factory=dict)
    visit: Count | None = Field(None, description="as the order showed it: refuses what came late")
    at: Moment | None = Field(None, description="when it happened; staff only, never later")
    name: Short = Field("", description="who answers; for the link of a unit, which needs it")
    phone: Short = Field("", description="where they can be asked back; for the link of a unit")
    offline: bool = Field(False, description="made without a network: kept as a note if too late")


class Done(Schema):
    """What a press came to. `again`: the same key had done it before."""

    number: str
    state: str
    nth: int
    again: bool
    link: str | None = Field(None, description="secret of the asker's link, shown this once")


class Given(Schema):
    """A link by which a unit without account answers; shown this once."""

    link: str = Field(description="its secret: `Authorization: Bearer …`")
    address: str = Field(description="the page for people")
    sheet: str = Field(description="the same on paper")
    unit: str
    until: datetime


class Row(Schema):
    """One line of a list. `text` begins the words."""

    number: str
    flow: str
    kind: Words
    state: str
    words: Words
    turn: str | None
    open: bool
    late: bool
    text: str
    place: str
    category: str | None
    severity: str | None
    outcome: str | None
    due: datetime | None
    filed: datetime
    at: datetime


class Rows(Schema):
    """`after` continues the list; null at its end."""

    items: list[Row]
    after: str | None


class Choice(Schema):
    value: str
    words: Words


class Ask(Schema):
    """One answer that a step asks for."""

    name: str
    words: Words
    type: str
    required: bool
    many: bool
    choices: list[Choice]


class Step(Schema):
    """A step with what it asks; `schema` describes `answers` as JSON Schema (2020-12)."""

    step: str
    words: Words
    moves: bool
    asks: list[Ask]
    answers: dict[str, Any]


class Button(Step):
    """A step this reader may take now; `main`: it moves the order and it is their turn."""

    main: bool


class Clock(Schema):
    """A limit that runs, or stands still (`due` null)."""

    limit: str
    words: Words
    start: datetime
    due: datetime | None
    late: bool
    extended: int


class Line(Schema):
    """One answer: `value` as text, words, photo ids or a list of these."""

    name: str
    words: Words
    type: str
    value: Any
    erased: bool


class Event(Schema):
    """What happened once. `actor` is null behind a veil and for the kernel's own hand."""

    nth: int
    step: str
    words: Words
    at: datetime
    recorded: datetime
    actor: str | None
    capacity: str
    unit: str | None
    behalf: str | None
    via: Literal["link", "paper"] | None = Field(
        None, description="how a unit without account answered: by its link, or on paper"
    )
    voice: str | None = Field(None, description="who answered for it, in their own word")
    into: Words | None
    over_s: dict[str, int]
    answers: list[Line]


class Order(Schema):
    """One order as this reader may see it; `fields` holds the newest answer of each name."""

    number: str
    flow: str
    since: date
    kind: Words
    state: str
    words: Words
    turn: str | None
    open: bool
    outcome: str | None
    place: str
    path: str
    desk: str
    visit: int
    round: int
    nth: int
    filed: datetime
    at: datetime
    phone: bool = Field(
        description="whether the caller may ask for the asker's phone; each look is kept"
    )
    clocks: list[Clock]
    fields: list[Line]
    steps: list[Button]


class Phone(Schema):
    """The phone left with an order. That it was given out is kept."""

    number: str
    phone: str


class State(Schema):
    state: str
    words: Words
    turn: str | None
    final: bool


class Flow(Schema):
    """A flow page in force: its states, and its steps with who may take them and what they ask."""

    flow: str
    since: date
    words: Words
    kind: Literal["case", "paper"]
    about: str


class FlowStep(Step):
    by: list[str]
    sources: list[str]
    to: list[str]


class FlowPage(Flow):
    states: list[State]
    steps: list[FlowStep]


class Category(Schema):
    code: str
    words: Words
    kind: str


class Categories(Schema):
    since: date
    kinds: dict[str, Words]
    categories: list[Category]


class Area(Schema):
    id: int
    path: str
    kind: Words
    name: str
    grid_code: str | None


class GrantOut(Schema):
    """A post; `as` names it in /orders?as=…"""

    as_: str = Field(alias="as")
    role: str
    words: Words
    path: str
    unit: str | None


class Hours(Schema):
    """One's own hours of service; nobody else's are told anywhere."""

    month: float
    year: float
    all: float


class Me(Schema):
    """Who the caller is: a person with posts, or (`party`) the bearer of a link to one order."""

    hours: Hours | None

    id: str | None
    name: str | None
    grants: list[GrantOut]
    order: str | None
    party: str | None


class PhotoOut(Schema):
    id: str
    width: int
    height: int
    size: int
