"""The review of a story: the text that may be shown, what must be checked in it, and which decision may be taken when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from mailflow.domain.states import Decision, Ruling, StoryState, Whose

# Who approves has ticked each of these for this very text.
CHECKLIST = (
    "A colleague could not tell who the contributor is.",
    "A colleague could not tell who anybody else in it is.",
    "No place, date, post or number gives somebody away.",
    "What the contributor asked to leave out is left out.",
    "It reads well without what was taken out.",
)
LONGEST_TITLE = 120
LONGEST_SHOWN = 50_000

_UNDECIDED = frozenset({StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.ASKED, StoryState.CONSENTED})
# From which states a decision may be taken, and where it leads. What was withdrawn is nobody's to decide any more.
_FROM: Mapping[Decision, frozenset[StoryState]] = {
    Decision.ASK: frozenset({StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.ASKED}),
    Decision.APPROVE: _UNDECIDED,
    Decision.PUBLISH: frozenset({StoryState.APPROVED}),
    Decision.TAKE_DOWN: frozenset({StoryState.PUBLISHED}),
    Decision.THEMES: _UNDECIDED | {StoryState.APPROVED, StoryState.DECLINED},
    Decision.HOLD: _UNDECIDED | {StoryState.APPROVED, StoryState.THEMES, StoryState.DECLINED},
    Decision.DECLINE: _UNDECIDED | {StoryState.APPROVED, StoryState.THEMES},
}
LEADS_TO: Mapping[Decision, StoryState] = {
    Decision.ASK: StoryState.ASKED,
    Decision.APPROVE: StoryState.APPROVED,
    Decision.PUBLISH: StoryState.PUBLISHED,
    Decision.TAKE_DOWN: StoryState.IN_REVIEW,
    Decision.THEMES: StoryState.THEMES,
    Decision.HOLD: StoryState.IN_REVIEW,
    Decision.DECLINE: StoryState.DECLINED,
}
TOWARDS_PUBLISHING = (Decision.ASK, Decision.APPROVE, Decision.PUBLISH)  # not to be decided against the contributor's no
EDITED_IN = _UNDECIDED | {StoryState.APPROVED}  # the states in which the text may be worked on


def may_follow(state: StoryState, decision: Decision) -> bool:
    """Whether a story in this state may be decided so."""
    return state in _FROM[decision]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a reviewer says of a stretch of a story: one that was found, or one that they marked themselves.

    `text` is `start` to `end` of the new text of message `message`; `sort` as of an Identifier. `wording` stands in its place
    where it was accepted or changed.
    """

    message: int
    start: int
    end: int
    text: str = field(repr=False)
    sort: str
    whose: Whose
    ruling: Ruling
    wording: str = field(repr=False)

    @property
    def shown_as(self) -> str:
        """What stands there in the text that may be shown."""
        return self.text if self.ruling is Ruling.DISMISSED else self.wording


@dataclass(frozen=True, slots=True)
class EditedText:
    """What may be shown of a story, as a reviewer left it: title and text, rulings, and the ticked lines of the checklist."""

    title: str = field(default="", repr=False)
    shown: str = field(default="", repr=False)
    rulings: tuple[Ruled, ...] = field(default=(), repr=False)
    checked: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Of title and text: what somebody approves, or agrees to, is this text and no other."""
        return sha256(f"{self.title}\0{self.shown}".encode()).hexdigest()

    @property
    def unticked(self) -> tuple[str, ...]:
        """The lines of the checklist that are left."""
        return tuple(line for line in CHECKLIST if line not in self.checked)

    def tidied(self) -> "EditedText":
        """As it is kept: the title one line, the text without NUL and with plain line ends (forms send others)."""
        return replace(
            self,
            title=" ".join(self.title.replace("\0", "").split()),
            shown=self.shown.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip(),
            checked=tuple(line for line in CHECKLIST if line in self.checked),
        )
