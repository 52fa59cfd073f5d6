"""What rests: one table a thing. The states and what they mean are in mailflow.domain.states.

The classes stand in the modules below; everybody else uses the same tables as SQLAlchemy Core sees them.
"""

from sqlmodel import SQLModel

from mailflow.store.tables import casework, incoming, keeping, outgoing, teaching, telling  # noqa: F401  (fills the metadata)

_tables = SQLModel.metadata.tables
messages = _tables["message"]
raws = _tables["raw"]
message_texts = _tables["message_text"]
places = _tables["place"]
cursors = _tables["cursor"]
leases = _tables["lease"]
cases = _tables["cases"]
merged = _tables["merged"]
notes = _tables["note"]
trainings = _tables["training"]
training_sessions = _tables["training_session"]
stories = _tables["story"]
approvals = _tables["approval"]
askings = _tables["asking"]
linked_cases = _tables["linked_case"]
corrections = _tables["correction"]
outgoings = _tables["outgoing"]
bounced = _tables["bounced"]
troubles = _tables["trouble"]
attempts = _tables["attempt"]
events = _tables["event"]
digests = _tables["digest"]
people = _tables["person"]
desk_sessions = _tables["desk_session"]
