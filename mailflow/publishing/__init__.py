"""Published stories for the website: a page, a JSON Feed and an Atom feed.

In comes what the store says is published now; out go three documents, served by the desk at /stories, and written to a folder
where one is set. A story that is taken down is gone from all of them at once, because they are always made whole. Nothing in
them leads back to a case, to the time a mail came, or to who reviewed it.
"""

from mailflow.publishing.documents import PAGE, Website, documents
from mailflow.publishing.folder import Folder, why_behind, why_not_written, write_out

__all__ = ["PAGE", "Folder", "Website", "documents", "why_behind", "why_not_written", "write_out"]
