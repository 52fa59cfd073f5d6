"""A real Postfix on loopback: takes mail for university.example only, and hands it to Dovecot by LMTP."""

import os
import shutil
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from servers.dovecot import Dovecot
from servers.starting import DOMAIN, HOST, PASSWORD, free_port, need, own_folder, running

DAEMONS = Path("/usr/lib/postfix/sbin")

MAIN = """
compatibility_level = 3.6
config_directory = {folder}
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = {host}
inet_protocols = ipv4
myhostname = mx.{domain}
mydestination =
mynetworks =
local_recipient_maps =
alias_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = static:anybody
virtual_transport = lmtp:inet:{host}:{lmtp_port}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_peername_lookup = no
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
disable_dns_lookups = yes
default_transport = error:no mail leaves this machine
in_flow_delay = 0
minimal_backoff_time = 1s
maximal_backoff_time = 5s
queue_run_delay = 1s
biff = no
"""

# Who is Dovecot's user may send, from his own address only; refused at MAIL already.
SIGNED_IN_ONLY = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{host}:{sasl_port}
smtpd_delay_reject = no
smtpd_sender_login_maps = regexp:{{ {{/^(.*)$$/ $$1}} }}
smtpd_sender_restrictions = reject_sender_login_mismatch permit_sasl_authenticated reject
"""

MASTER = """
{host}:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

OURS = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")


class Postfix:
    """A running Postfix in front of `dovecot`, where its mail is to be found."""

    host = HOST
    password = PASSWORD

    def __init__(self, folder: Path, port: int, dovecot: Dovecot) -> None:
        self.port = port
        self.dovecot = dovecot
        self.log = folder / "log"

    def user(self) -> str:
        """A member of staff with an empty mailbox."""
        return self.dovecot.user()

    def deliver(self, raw: bytes, to: str | Sequence[str], sender: str = f"staff@{DOMAIN}") -> None:
        """Somebody sends a mail; `sender` is the envelope's, where a bounce goes ("" is the null sender)."""
        with smtplib.SMTP(self.host, self.port, local_hostname="localhost", timeout=10) as smtp:
            smtp.sendmail(sender, to, raw)


@contextmanager
def started(dovecot: Dovecot, *, signed_in_only: bool = False) -> Iterator[Postfix]:
    """A Postfix that runs until the block ends."""
    need(DAEMONS / "master", package="postfix", as_root=True)
    with own_folder("postfix") as folder:
        server = Postfix(folder, free_port(), dovecot)
        values = {"folder": folder, "host": HOST, "domain": DOMAIN, "daemons": DAEMONS}
        main = MAIN + (SIGNED_IN_ONLY if signed_in_only else "")
        (folder / "main.cf").write_text(main.format(lmtp_port=dovecot.lmtp_port, sasl_port=dovecot.sasl_port, **values))
        (folder / "master.cf").write_text(MASTER.format(port=server.port, **values))
        # Postfix waits two seconds before it believes a file that was just written.
        os.utime(folder / "main.cf", (0, 0))
        _lay_out_queue(folder)
        with running([DAEMONS / "master", "-c", folder, "-d"], server.log, server.port):
            yield server


def _lay_out_queue(folder: Path) -> None:
    """The folders that `postfix check` would make, slowly."""
    for name in ("data", *(f"queue/{sub}" for sub in (*OURS, "pid", "public", "maildrop"))):
        (folder / name).mkdir(mode=0o700, parents=True)
        shutil.chown(folder / name, user="root" if name == "queue/pid" else "postfix")
    for name, mode in (("public", 0o2710), ("maildrop", 0o1730)):
        shutil.chown(folder / "queue" / name, group="postdrop")
        (folder / "queue" / name).chmod(mode)
    (folder / "queue/pid").chmod(0o755)
