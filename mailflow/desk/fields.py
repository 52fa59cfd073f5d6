"""The numbers that forms and addresses carry, no greater than the database can count to."""

from typing import Annotated

from fastapi import Form, Path, Query

MOST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=MOST)]  # a message's or a mail's, in the path
Seen = Annotated[int, Form(ge=0, le=MOST)]  # the newest of what somebody had before them; 0 is none
Beside = Annotated[int | None, Query(ge=1, le=MOST)]  # a message's or a case's that a list goes on after, or that is chosen
