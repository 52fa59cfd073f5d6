"""What a writer allows is read from how it is said: leave, denial, condition, question, and whose name is meant."""

import json
import time
from pathlib import Path

import pytest

from mailflow.domain import Consent
from mailflow.kinds.consent import read_consent

EXAMPLES = Path(__file__).parents[3] / "mailflow/classify/examples"
TOLD = "We were in a meeting and he laughed at her. I asked him to stop and he did.\n\n"

SAID = {
    Consent.NAMED: [
        "I'd be happy for you to use my name.",
        "You can print it with my first name.",
        "Sign it Gethin.",
        "No need to hide me.",
        "Tell them it was me.",
        "I've no problem with my name appearing.",
        "I don't mind being identified.",
        "You don't have to change the names, we've all agreed.",
        "Feel free to attribute it to me.",
        "By all means credit me, I could do with the kudos.",
        "I am not shy about it: put my name at the bottom.",
        "Name and photo both fine.",
        "My full name is OK to use.",
        "Go ahead and publish it under my own name.",
        "I'd like my name to be on it, actually.",
        "There's no need for it to be anonymous.",
        "I don't want to be anonymous, I'm done hiding.",
        "You have my consent to name me.",
        "I'd be proud to have my name next to it.",
        "Yes to publishing, and yes to my name.",
        "Use it with names, everybody in it has said yes.",
        "You're welcome to say it came from me.",
        "I'm fine with being quoted by name but please leave Dev out of it.",
        "No objection to your using my real name.",
        "My name can go at the top if you like.",
        "You've my blessing to use my name.",
        "I'm quite content to be identified as the person who did it.",
        "Print it as it stands, name included.",
        "Don't bother anonymising it.",
        "I stand by it, so put my name to it.",
        "Names are fine, we talked it over.",
        "Do use my real name, I've nothing to hide.",
        "Let people know it was me.",
        "You needn't disguise me.",
        "yes u can put my name on it lol",
        "If you publish, please mention me by name.",
    ],
    Consent.ANONYMOUS: [
        "If you take my name out you can use it.",
        "You can use it as long as nobody can tell it was me.",
        "Only if it's anonymous.",
        "I'd rather not be named.",
        "Keep me out of it, but the story you can have.",
        "Make something up for the names.",
        "Please change the details so that she isn't recognised.",
        "Leave out their names.",
        "Happy for it to go up provided I can't be identified.",
        "I'd prefer my name didn't appear.",
        "Could you take the names out before it goes anywhere?",
        "Put it up, but not with my name attached.",
        "Just say it was someone in Estates.",
        "You may use it so long as you don't say who we are.",
        "I don't want anyone knowing it was me.",
        "please keep my name private, the rest is yours to use",
        "Share it if it helps, minus the names.",
        "My name's not for publication.",
        "I wouldn't want my manager to recognise himself.",
        "Call me a lab technician if you need to call me something.",
        "I'd be mortified if my name was on it.",
        "Use whatever you like but I'm not to be named.",
        "Give us all false names please.",
        "Feel free to use the story without attribution.",
        "Don't mention the ward.",
        "Please don't put my name anywhere near it.",
        "Don't let on who I am.",
        "I'll only agree if I stay unnamed.",
        "You can have the story but not the names.",
        "Please disguise the department, there are only three of us.",
        "It can go up if none of us is recognisable.",
        "I wouldn't like to be identified.",
        "happy to share as long as its anon",
        "Use initials rather than names.",
        "Nobody needs to know which college it was.",
        "My name must not appear.",
        "my name can't be used but the rest is ok",
        "If it goes in the newsletter I'd want all of us disguised.",
        "Make sure it can't be traced back to me.",
        "I would ask that you withhold my name.",
        "Blur the details a bit before you print it.",
        "Use it by all means, though under no circumstances with my name.",
    ],
    Consent.NONE: [
        "Please don't publish.",
        "Just for you to know, not to go further.",
        "Not for the website.",
        "This stays between us.",
        "I'm not comfortable with this being shared.",
        "I'd rather this didn't go on the site.",
        "Please keep this to yourselves.",
        "I don't give permission for this to be used.",
        "I'm not giving you leave to print any of it.",
        "She has asked that it isn't shared.",
        "Don't put my story anywhere.",
        "No publication please, named or otherwise.",
        "I would prefer it if you didn't use this.",
        "It's for your ears only.",
        "I've changed my mind, please don't use my story.",
        "You can't use this, sorry.",
        "None of this is to go in the newsletter.",
        "I don't consent to publication.",
        "Please do not circulate.",
        "This one is private.",
        "Don't use it for anything.",
        "I'm telling only you.",
        "No, you can't put it on the page.",
        "Not for sharing.",
        "Please treat this as confidential.",
        "I'd be unhappy to see this in print.",
        "We'd both prefer it not to be published.",
        "I have to say no to publishing.",
    ],
    Consent.UNSTATED: [
        "Would it be anonymous?",
        "Do you need my name?",
        "Can I see it before you publish?",
        "Use it if you like.",
        "I'd be glad if it helps somebody.",
        "If you want to use my name, ask me first.",
        "He gave a false name to the guard.",
        "She took my name off the rota without asking.",
        "I reported it anonymously through the tool.",
        "Nobody knew who had done it.",
        "He wouldn't say who he was.",
        "I'm not sure whether I want my name on it, can we talk?",
        "They never use my name, they call me a temp.",
        "He said not to tell anyone, so I told everyone.",
        "Would my name have to be used?",
        "Happy for you to share this.",
        "I asked him to stop sharing it in the group chat.",
        "She kept quiet about it. We didn't publish the paper in the end.",
        "You can call me on the number below.",
        "What happens to stories, are they published with names?",
        "She didn't want to be named as a witness.",
        "Let me know how you'd want to use it.",
        "Is it anonymous?",
        "My name is Hannah and I work in the library.",
        "He refused to give his name.",
        "I'd like to think about whether to be named.",
        "Publish it if you want.",
        "She asked whether I'd be named in the report.",
        "They never published the minutes.",
        "I left my name with reception.",
        "Nobody told us who the speaker would be.",
        "You can reach me by name through the switchboard.",
        "He told me to keep it to myself and I didn't.",
        "I hope it's of use to you.",
        "We kept her out of the way until he had gone.",
        "Should I ask the others before you use it?",
        "It was an anonymous complaint that started it.",
    ],
}


@pytest.mark.parametrize(("consent", "words"), [(consent, words) for consent in SAID for words in SAID[consent]])
def test_what_is_allowed_is_what_was_said(consent: Consent, words: str) -> None:
    assert read_consent(f"{TOLD}{words}\n\nSam") is consent


def test_in_the_written_examples_no_refusal_is_taken_for_leave_and_nobody_is_named_without_theirs() -> None:
    labels = [
        json.loads(line) for file in sorted(EXAMPLES.glob("written_?.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    read = [(Consent(one["consent"]), read_consent(one["text"])) for one in labels if one.get("consent")]
    assert len(read) > 200
    assert [pair for pair in read if pair[1] is Consent.NAMED and pair[0] is not Consent.NAMED] == []
    assert [pair for pair in read if pair[0] is Consent.NONE and pair[1] in (Consent.NAMED, Consent.ANONYMOUS)] == []
    assert sum(wanted is found for wanted, found in read) / len(read) >= 0.94


@pytest.mark.parametrize("piece", ["keep the ", "don't ", "my name ", '" ', "[ ] ", "neither ", "not, ", "\n"])
def test_a_text_without_end_is_read_in_no_time(piece: str) -> None:
    started = time.process_time()
    read_consent(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 1
