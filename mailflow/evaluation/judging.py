"""Has labelled messages judged, each as `mailflow explain` judges it: on its own, as if it arrived now."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mailflow.deciding import House, consider
from mailflow.domain import Kind, MessageState, Plan, Reason, TrainingDetails
from mailflow.domain.decisions import StoryReading
from mailflow.errors import TemporaryError
from mailflow.evaluation.label import Label
from mailflow.evaluation.labels import Labelled

# Who judges a message: the house that is shipped, or one that has not learnt from it.
HouseFor = Callable[[Labelled], House]


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message, and what mailflow would do with it. `failure` says why there is no plan.

    What cannot be read is, as for `explain`, of kind other and no confidence, and waits for a person.
    """

    labelled: Labelled
    plan: Plan | None
    failure: str | None = None

    @property
    def name(self) -> str:
        """The message's name in its set."""
        return self.labelled.name

    @property
    def label(self) -> Label:
        """What people say of it."""
        return self.labelled.label

    @property
    def kind(self) -> Kind:
        """What mailflow takes it for."""
        return self.plan.verdict.kind if self.plan else Kind.OTHER

    @property
    def also(self) -> Kind | None:
        """The second thing that mailflow thinks it does."""
        return self.plan.verdict.also if self.plan else None

    @property
    def confidence(self) -> float:
        """How sure mailflow is of the kind, from 0 to 1."""
        return self.plan.verdict.confidence if self.plan else 0.0

    @property
    def sensitive(self) -> bool:
        """Whether mailflow gives the alarm."""
        return self.plan is not None and self.plan.verdict.sensitive

    @property
    def rightly(self) -> bool:
        """Whether what is done with it without a person is right: its kind is, and it is not sensitive."""
        return self.kind is self.label.kind and not self.label.sensitive

    @property
    def answered(self) -> bool:
        """Whether it is answered by itself."""
        return self.settled and self.plan is not None and self.plan.template is not None

    @property
    def settled(self) -> bool:
        """Whether it is answered, filed or ignored without a person."""
        return self.plan is not None and self.plan.state is not MessageState.HELD

    @property
    def ignored(self) -> bool:
        """Whether it is put away as a machine's, and nobody looks."""
        return self.plan is not None and self.plan.state is MessageState.IGNORED

    @property
    def new_text(self) -> str:
        """What mailflow takes for the sender's new words."""
        return self.plan.email.new_text if self.plan else ""

    @property
    def text(self) -> str:
        """The whole readable text."""
        return self.plan.email.text if self.plan else ""

    @property
    def details(self) -> TrainingDetails | None:
        """The details that were read; None where mailflow takes it for no training mail."""
        found = self.plan.understanding if self.plan else None
        return found if isinstance(found, TrainingDetails) else None

    @property
    def story(self) -> StoryReading | None:
        """What was marked; None where mailflow takes it for no story."""
        found = self.plan.understanding if self.plan else None
        return found if isinstance(found, StoryReading) else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, by name; where it could not be read, why not."""
        return self.plan.verdict.reasons if self.plan else (Reason("unreadable", self.failure or ""),)


def judge(messages: Iterable[Labelled], house_for: HouseFor, now: datetime) -> Iterator[Judged]:
    """Judges each message. Raises TemporaryError where the fault is this machine's, which says nothing of mailflow."""
    for labelled in messages:
        plan = consider(labelled.read_raw(), house_for(labelled), now)
        if isinstance(plan, TemporaryError):
            raise plan
        yield Judged(labelled, plan) if isinstance(plan, Plan) else Judged(labelled, None, str(plan))
