"""Whatever is asked of the desk, by its own description of itself (OpenAPI): no page fails, whoever asks, whatever they send."""

import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from furnished import entered, way
from mailflow import settings
from mailflow.deciding import House
from mailflow.desk.app import build
from mailflow.store.database import Store
from visiting import Clock

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what other people's packages say when they are imported
    import schemathesis

# What a page may answer: found, led on, or refused for a reason that it says.
ANSWERS = {200, 303, 308, 400, 403, 404, 409, 413, 422, 429}
# It goes to another server; tests/unit/desk/test_oidc.py is about it.
ELSEWHERE = ("/sign-in/university",)


def ways_in(app: FastAPI) -> list[Any]:
    """Every page and form, as the desk describes itself."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    found = [result.ok() for result in schema.get_all_operations()]
    return [one for one in found if not one.path.startswith(ELSEWHERE)]


@pytest.mark.parametrize(("name", "examples"), [("rhea", 1), ("ada", 2)])  # of each way in; most of them refuse Rhea
def test_no_page_fails_whatever_is_sent(
    furnished: Path, tmp_path: Path, clock: Clock, house: House, name: str, examples: int
) -> None:
    store = Store(f"sqlite:///{shutil.copy(furnished, tmp_path)}")
    app = build(store, settings.load(desk_url="http://127.0.0.1:8080", mode="drafts", data=tmp_path), lambda: house, clock=clock)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as browser:
        for way_in in ways_in(app):
            _try(way_in, browser, store, name, examples)
    store.close()


def _try(way_in: Any, browser: TestClient, store: Store, name: str, examples: int) -> None:
    """Some requests as its description allows, and as somebody might bend it; half of them to a thing that is there."""

    @drawn(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=way_in.as_strategy(), there=st.booleans())
    def asked(case: Any, there: bool) -> None:
        path = way(way_in.path) if there else case.formatted_path
        form = {**case.body} if isinstance(case.body, dict) else {}
        if way_in.method.upper() == "POST":
            form["csrf"] = entered(browser, store, name)  # anew: the last request may have ended it
        elif not browser.cookies.get("mailflow") or browser.get("/settings").status_code == 303:
            entered(browser, store, name)
        fields = {key: value for key, value in form.items() if isinstance(value, str | int | float | bool | list)}
        answer = browser.request(way_in.method.upper(), path, params=_plain(case.query), data=fields or None)
        assert answer.status_code in ANSWERS, (way_in.label, path, answer.status_code)

    asked()


def _plain(query: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in dict(query or {}).items() if value is not None}
