"""The team's rules: rules.toml comes in, typed and checked values go out, or one plain sentence for each mistake in it."""

from mailflow.rules.reading import load, parse
from mailflow.rules.values import (
    Alarms,
    Department,
    DigestRules,
    FrequentQuestion,
    KindRules,
    OpenSession,
    Programme,
    ReplyPolicy,
    ReplyRules,
    Rule,
    Rules,
    SensitiveRules,
    Where,
)

__all__ = [
    "Alarms",
    "Department",
    "DigestRules",
    "FrequentQuestion",
    "KindRules",
    "OpenSession",
    "Programme",
    "ReplyPolicy",
    "ReplyRules",
    "Rule",
    "Rules",
    "SensitiveRules",
    "Where",
    "load",
    "parse",
]
