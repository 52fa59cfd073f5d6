"""The log tells, and stops nobody."""

import subprocess
import sys
from pathlib import Path

TELLING = """
import structlog
from mailflow.commands.daemon import write_logs
write_logs("json")
structlog.get_logger("mailflow").info("started")
print("goes on")
"""


def test_a_log_on_a_full_disk_stops_nobody() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-c", TELLING], check=True, stdout=subprocess.PIPE, stderr=full)
    assert done.stdout == b"goes on\n"
