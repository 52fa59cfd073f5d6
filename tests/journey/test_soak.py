"""Killed at random moments, again and again, mailflow loses nothing and doubles nothing: a short run of `make soak`."""

import random
from pathlib import Path

import pytest

from bench.soak import Soak
from servers.dovecot import Dovecot
from servers.sink import SmtpSink

pytestmark = pytest.mark.real


def test_200_letters_survive_20_kills(tmp_path: Path, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    assert Soak(tmp_path, dovecot, smtp_sink, seed, print).run(200, kills=20) == [], f"seed {seed}"
