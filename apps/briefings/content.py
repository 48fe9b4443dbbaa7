"""What a briefing may say: the content model all four formats are rendered from.

Everything a reader sees is in here, and nothing in a renderer computes a finding. The model refuses
what must never be printed: a sentence without a source, a typed number, a quotation that is not the
span it says it is, a submission that is neither cited nor listed.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    model_validator,
)

from apps.briefings.consistency import check_claims, check_ledger, check_references
from apps.briefings.prose import PLACEHOLDER, fill_placeholders, typed_number

SCHEMA: Final = "plenary.briefing/1"
STANCES = ("support", "support with changes", "neutral", "oppose", "cannot say")
LEAST_SHOWN = 5  # a figure over fewer would be a statement about persons

State = Literal["own", "campaign", "attachment", "empty"]
STATES: tuple[State, ...] = ("own", "campaign", "attachment", "empty")
Shape = Literal[
    "square", "disc", "diamond", "triangle-down", "triangle-up", "plus", "ring", "cross"
]
Way = Literal["every", "own", "groups", "stated", "verified"]
Kind = Literal[
    "summary", "for", "against", "condition", "proposal", "context", "evidence", "finding"
]
Figure = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Stances = dict[str, Count]


def _require_web_address(url: str) -> str:
    """Return the address; raise ValueError unless it is empty or plain http(s)."""
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("an address must be empty, or http or https")
    if not url.isprintable() or any(character.isspace() for character in url):
        raise ValueError("an address must not hold white space or control characters")
    return url


WebAddress = Annotated[str, AfterValidator(_require_web_address)]


class Part(BaseModel):
    """A frozen part of a briefing; an unknown field is an error, not a surprise in print."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(Part):
    """A stakeholder group and its look, one shape and one colour on screen and on paper."""

    id: str = Field(min_length=1)
    name: str
    short: str
    shape: Shape
    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")


class Document(Part):
    """What stands on the cover. `date` is the only date a renderer may use as "now".

    moderated  what readers must know of words that were removed after publication
    """

    title: str = Field(min_length=1)
    subtitle: str
    lang: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    version: int = Field(ge=1)
    status: str
    notice: str
    moderated: str = ""
    date: tuple[int, int, int]
    cut_off: str
    consultation: str
    authority: str
    docket: str
    open: str
    source: str
    url: WebAddress

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        date(*self.date)
        return self

    @property
    def dated_at(self) -> datetime:
        """The date of the briefing as an instant: midnight UTC."""
        return datetime(*self.date, tzinfo=UTC)


class Number(Part):
    """A value that was computed, with the query that says how; a text value names a thing."""

    value: StrictInt | Figure | str
    query: str = Field(min_length=1)

    @property
    def is_figure(self) -> bool:
        """Whether the value counts something, and does not only name it."""
        return not isinstance(self.value, str) or any(map(str.isdigit, self.value))


class Passage(Part):
    """Exact words: `start` and `end` count characters of the text of `part` of the submission.

    `part` is "answer:<question key>", "point:<number>:<field>" or "attachment:<n>#page=<n>".
    """

    part: str = Field(min_length=1)
    start: Count
    end: Count
    text: str = Field(min_length=1)
    sha256: str
    check: Literal["exact", "repaired"] = "exact"

    @model_validator(mode="after")
    def _is_its_own_span(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError("a passage must be as long as its span")
        if hashlib.sha256(self.text.encode()).hexdigest() != self.sha256:
            raise ValueError("the sha256 of a passage must be that of its text")
        return self


class Citation(Part):
    """One submission a claim rests on; `url` leads to the words in their place."""

    ref: str
    stance: str = ""
    campaign: str | None = None
    passage: Passage | None = None
    url: WebAddress = ""


class Claim(Part):
    """One sentence: its figures are placeholders, its sources are submissions.

    A name that holds a digit (a provision, a theme) also goes in as a placeholder: the text of the
    claim itself stays free of digits and number words.

    contested  references of authors who said of the same in an earlier version: not what was meant
    """

    id: str = Field(min_length=1)
    kind: Kind = "finding"
    origin: Literal["editor", "extractive", "model"]
    text: str = Field(min_length=1)
    numbers: dict[str, Number] = {}
    citations: tuple[Citation, ...] = ()
    theme: str | None = None
    contested: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_supported(self) -> Self:
        asked, given = set(PLACEHOLDER.findall(self.text)), set(self.numbers)
        if asked != given:
            raise ValueError(f"claim {self.id}: placeholders without a pair: {asked ^ given}")
        if not self.citations and not any(number.is_figure for number in self.numbers.values()):
            raise ValueError(f"claim {self.id}: neither a citation nor a computed number")
        if not {citation.ref for citation in self.citations}.issuperset(self.contested):
            raise ValueError(f"claim {self.id}: contested by whom it does not cite")
        if typed := typed_number(self.text, "en"):
            raise ValueError(f"claim {self.id}: a number is typed, not computed: {typed}")
        return self


class Campaign(Part):
    """One text with n senders; `sample` is the submission shown as its specimen."""

    id: str = Field(min_length=1)
    title: str
    letters: Count
    sample: str
    with_own_words: Count
    first_on: str
    by_group: dict[str, Count]


class Registered(Part):
    """One text an organisation registered, and who had signed it by the cut-off.

    carrier         the submission its text is filed as; its author registered the campaign
    distinct_texts  the text of the campaign and those that signers wrote themselves
    """

    title: str
    carrier: str
    opened_on: str
    people: Count
    organisations: Count
    distinct_texts: Count


class Heard(Part):
    """Who was heard: `days` are (ISO date, submissions, of them campaign letters)."""

    total: Count
    states: dict[State, Count]
    days: tuple[tuple[str, Count, Count], ...]
    campaigns: tuple[Campaign, ...]
    registered: tuple[Registered, ...] = ()
    missing: tuple[Claim, ...]

    @model_validator(mode="after")
    def _days_are_dates(self) -> Self:
        days = [date.fromisoformat(day) for day, _, _ in self.days]
        if days != sorted(set(days)):
            raise ValueError("the days must be ordered and distinct")
        return self


class Theme(Part):
    """What people wrote about; `raised` counts texts without campaign letters.

    `stances` are of all `coded` submissions, also of groups whose cell is suppressed.
    """

    id: str = Field(min_length=1)
    number: int = Field(ge=1)
    title: str
    question: str
    rule: str
    raised: Count
    raised_all: Count
    coded: Count
    stances: Stances = {}
    summary: Claim
    claims: tuple[Claim, ...]

    def by_kind(self) -> dict[Kind, list[Claim]]:
        """Return the claims of each kind together, kinds in the order of their first claim."""
        kinds: dict[Kind, list[Claim]] = {}
        for claim in self.claims:
            kinds.setdefault(claim.kind, []).append(claim)
        return kinds


class Cell(Part):
    """One group on one theme; one that is suppressed holds no stances and shows "under 5"."""

    theme: str
    group: str
    raised: Count
    letters: Count
    suppressed: bool
    stances: Stances


class PositionCell(Part):
    """The stances one group stated on what was asked; one that is suppressed holds none."""

    group: str
    answers: Count
    suppressed: bool
    stances: Stances


class PositionRow(Part):
    """One provision or question that asked for a stance; `label` is short ("Art. 4")."""

    id: str
    label: str
    title: str
    url: WebAddress = ""
    cells: tuple[PositionCell, ...]


class LeaveOneOut(Part):
    """The organisation a theme rests on most: `n` of the `of` texts that raise the theme."""

    organisation: str
    n: Count
    of: Count
    share: Figure
    robust: bool


class Sensitivity(Part):
    """Per theme: share of texts in per cent and rank, for each way under which any text counts."""

    weights: dict[str, dict[Way, Figure]]
    rank: dict[Way, dict[str, int]]
    n_every: Count
    n_own: Count
    leave_one_out: dict[str, LeaveOneOut]


class Coverage(Part):
    """One group: what it filed, what was read, found in a theme and cited."""

    group: str
    submissions: Count
    own: Count
    campaign: Count
    attachment: Count
    empty: Count
    organisations: Count
    themed: Count
    cited: Count
    verified: Count | None = None


class Submission(Part):
    """One submission of the corpus; all of them are listed, also the uncited."""

    ref: str = Field(min_length=1)
    group: str
    who: str
    declared: str
    received_on: str
    state: State
    cited_in: tuple[str, ...]
    themes: tuple[str, ...]
    url: WebAddress


class Method(Part):
    """How it was done, what it cannot tell, and the facts of the run as (name, value)."""

    steps: tuple[str, ...]
    limits: tuple[str, ...]
    manifest: tuple[tuple[str, str], ...]


class BriefingContent(Part):
    """A whole briefing. `positions` are stated stances, `matrix` is about themes.

    `changes` says what is different from the version before; a first version has none.

    raises  pydantic.ValidationError (a ValueError) naming what may not be printed
    """

    schema_name: Literal["plenary.briefing/1"] = Field(default="plenary.briefing/1", alias="schema")
    document: Document
    groups: tuple[Group, ...]
    stances: tuple[str, ...] = STANCES
    note: tuple[Claim, ...]
    changes: tuple[Claim, ...] = ()
    heard: Heard
    positions: tuple[PositionRow, ...] = ()
    matrix: tuple[Cell, ...]
    agreement: tuple[Claim, ...]
    themes: tuple[Theme, ...]
    minority: tuple[Claim, ...]
    deliberation: str | None
    sensitivity: Sensitivity
    coverage: tuple[Coverage, ...]
    method: Method
    submissions: tuple[Submission, ...]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        check_claims(self)
        check_references(self)
        check_ledger(self)
        return self

    def claims(self) -> Iterator[Claim]:
        """Yield every claim that a submission can be cited in, in the order of the document."""
        yield from self.note
        yield from self.changes
        yield from self.heard.missing
        yield from self.agreement
        for theme in self.themes:
            yield theme.summary
            for claims in theme.by_kind().values():
                yield from claims
        yield from self.minority

    def quotations(self) -> Iterator[Citation]:
        """Yield the citations every format prints as quotations, in the order of the document.

        The one-page note and the theme summaries point at their sources and do not quote.
        """
        pointing = {claim.id for claim in self.note} | {theme.summary.id for theme in self.themes}
        for claim in self.claims():
            if claim.id not in pointing:
                yield from (citation for citation in claim.citations if citation.passage)


def render_text(claim: Claim) -> str:
    """Return the sentence of a claim with its figures in place."""
    return fill_placeholders(claim.text, {n: number.value for n, number in claim.numbers.items()})
