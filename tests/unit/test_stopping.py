"""A signal is heard whatever the main thread is doing: each in a process of its own, which would otherwise hang."""

import signal
import subprocess
import sys

import pytest

BEGIN = """
import signal, sys, threading, time
from mailflow.stopping import signals_setting
number, stop = int(sys.argv[1]), threading.Event()
"""

ANOTHER_THREAD_GETS_IT = """
def get_it():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), number)
    time.sleep(60)

with signals_setting(stop):
    threading.Thread(target=get_it, daemon=True).start()
    stop.wait()
"""

IN_THE_MIDDLE_OF_STOP = """
with signals_setting(stop):
    with stop._cond:
        signal.raise_signal(number)
    stop.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("moment", [ANOTHER_THREAD_GETS_IT, IN_THE_MIDDLE_OF_STOP], ids=["another thread", "in stop itself"])
def test_a_signal_is_heard_while_the_main_thread_cannot_hear_it(moment: str, number: signal.Signals) -> None:
    done = subprocess.run([sys.executable, "-c", BEGIN + moment, str(int(number))], check=False, timeout=10)
    assert done.returncode == 0
