"""Folder names: "/" between levels for us; for the server, whatever it uses. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FolderNames:
    """How the server writes names: before them its personal namespace (RFC 2342), between levels its delimiter."""

    prefix: str = ""
    delimiter: str = "/"

    def on_server(self, folder: str) -> str:
        """The server's name of a folder. INBOX is the same everywhere, and a name already in the server's form stays."""
        if folder.upper() == "INBOX" or (self.prefix and folder.startswith(self.prefix)):
            return folder
        return self.prefix + folder.replace("/", self.delimiter)
