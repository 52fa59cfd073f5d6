import pytest

from mailflow.inbox.names import FolderNames


@pytest.mark.parametrize(
    ("names", "folder", "on_server"),
    [
        (FolderNames(), "Programme/Queries", "Programme/Queries"),
        (FolderNames("", "."), "Programme/Queries", "Programme.Queries"),
        (FolderNames("INBOX.", "."), "Programme/Queries", "INBOX.Programme.Queries"),
        (FolderNames("INBOX.", "."), "INBOX.Programme", "INBOX.Programme"),
        (FolderNames("INBOX.", "."), "INBOX", "INBOX"),
        (FolderNames("INBOX.", "."), "inbox", "inbox"),
    ],
)
def test_a_folder_has_the_name_that_the_server_writes(names: FolderNames, folder: str, on_server: str) -> None:
    assert names.on_server(folder) == on_server
