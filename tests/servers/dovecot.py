"""A real Dovecot: IMAP (plain, STARTTLS and TLS) and LMTP on loopback, with files of its own.

Every address @university.example has a mailbox, except those that begin with "gone.". Folders are parted by ".", as on
many servers, so that nothing may count on "/".
"""

import getpass
import grp
import os
import shutil
import signal
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from servers.imap import ImapServer
from servers.starting import DOMAIN, HOST, PASSWORD, free_port, need, own_folder, running

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = {host}
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = sdbox:~/mail
mail_fsync = never
mail_max_userip_connections = 200
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_username_format = %Lu
{signing_in}
passdb {{
  driver = static
  args = password={password}
  username_filter = !gone.*
}}
passdb {{
  driver = passwd-file
  args = {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/homes/%n
}}
namespace inbox {{
  inbox = yes
  separator = .
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Otherwise a wrong password makes everybody on this machine wait.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
"""


# Tokens beside passwords, and rights (RFC 4314) that one may give up; Postfix asks at `sasl_port` who may send.
BY_TOKEN = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2
}}
service auth {{
  inet_listener sasl {{
    port = {sasl_port}
  }}
}}
mail_plugins = acl
protocol imap {{
  mail_plugins = acl imap_acl
}}
plugin {{
  acl = vfile
}}
"""
WHOSE_TOKEN = """
tokeninfo_url = {url}
username_attribute = username
"""


class Dovecot(ImapServer):
    """A running Dovecot. `ca_file` is the certificate that signs its own name, localhost."""

    def __init__(self, folder: Path, port: int, tls_port: int, lmtp_port: int) -> None:
        super().__init__(port)
        self.tls_port = tls_port
        self.lmtp_port = lmtp_port
        self.sasl_port = free_port()
        self.ca_file = folder / "certificate.pem"
        self.log = folder / "log"
        self._homes = folder / "homes"
        self._command: list[str | Path] = ["/usr/sbin/dovecot", "-F", "-c", folder / "dovecot.conf"]
        self._process = ExitStack()

    def start(self) -> None:
        """Begins, and takes connections when this returns."""
        master = self._process.enter_context(running(self._command, self.log, self.port, self.tls_port, self.lmtp_port))
        # What serves a connection outlives its master, and would go on serving it; the group is this server's own.
        self._process.callback(_end_group, master.pid)

    def stop(self) -> None:
        """Ends, with every connection, as when a server is restarted: the mailboxes stay, and `start` takes the same ports."""
        self._process.close()

    def deliver(self, raw: bytes, to: str) -> None:
        """A mail arrives by LMTP, as from the mail server in front."""
        with smtplib.LMTP(self.host, self.lmtp_port, local_hostname="localhost", timeout=10) as lmtp:
            lmtp.sendmail(f"sender@{DOMAIN}", [to], raw)

    def give_mailbox(self, user: str) -> None:
        """Somebody whose name begins with "gone." has a mailbox from now on."""
        with (self._homes.parent / "passwords").open("a") as file:
            file.write(f"{user}:{{PLAIN}}{PASSWORD}\n")

    def empty(self) -> None:
        """Forgets every mailbox. Nobody may be signed in."""
        for home in self._homes.iterdir():
            shutil.rmtree(home, ignore_errors=True)


def _end_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGTERM)


@contextmanager
def started(token_url: str | None = None, also: str = "") -> Iterator[Dovecot]:
    """A Dovecot that runs until the block ends; it takes tokens where it is told where to ask about them.

    `also`: what is to stand in its configuration besides.
    """
    need("/usr/sbin/dovecot", package="dovecot-imapd")
    need("/usr/lib/dovecot/lmtp", package="dovecot-lmtpd")
    with own_folder("dovecot") as folder:
        server = Dovecot(folder, free_port(), free_port(), free_port())
        certify(folder)
        (folder / "homes").mkdir()
        (folder / "passwords").touch()
        us = getpass.getuser()
        ours = grp.getgrgid(os.getegid()).gr_name
        users = {"internal": us, "group": ours, "login": us, "owner": us, "owner_group": ours}
        if os.geteuid() == 0:
            # Dovecot serves no mail as root.
            users = {"internal": "dovecot", "group": "dovecot", "login": "dovenull", "owner": "nobody", "owner_group": "nogroup"}
            shutil.chown(folder / "homes", "nobody", "nogroup")
        values = {"folder": folder, "host": HOST, "password": PASSWORD, **users}
        ports = {"port": server.port, "tls_port": server.tls_port, "lmtp_port": server.lmtp_port}
        signing_in = ""
        if token_url:
            (folder / "oauth2").write_text(WHOSE_TOKEN.format(url=token_url))
            signing_in = BY_TOKEN.format(folder=folder, sasl_port=server.sasl_port)
        (folder / "dovecot.conf").write_text(CONFIGURATION.format(signing_in=signing_in, **values, **ports) + also)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def certify(folder: Path) -> None:
    """Writes key.pem and certificate.pem: self-signed, for localhost only."""
    certificate = ["-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    key: list[str | Path] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", folder / "key.pem"]
    command: list[str | Path] = ["openssl", "req", *certificate, *key, "-out", folder / "certificate.pem"]
    subprocess.run(command, check=True, capture_output=True)


def expire(folder: Path) -> None:
    """Signs certificate.pem anew, so that it is out of date since yesterday."""
    signed: list[str | Path] = [
        "-in",
        folder / "certificate.pem",
        "-signkey",
        folder / "key.pem",
        "-out",
        folder / "certificate.pem",
    ]
    subprocess.run(["openssl", "x509", *signed, "-days", "-1"], check=True, capture_output=True)
