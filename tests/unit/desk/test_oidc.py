"""Signing in with a university account: a provider that tells the truth, and one that lies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc import jwk
from sqlalchemy import select

from filed import NOW
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.people.provider import BACK
from mailflow.domain import Role
from mailflow.errors import UserError
from mailflow.store import people, sessions
from mailflow.store.database import Store
from mailflow.store.tables import desk_sessions, events
from mailflow.store.tables import people as people_table
from servers import provider as providers
from servers.provider import CLIENT, SECRET, ProviderServer
from servers.starting import HOST, free_port
from visiting import Clock, Visitor

DESK = "http://127.0.0.1:8080"
CANNOT_BE_BELIEVED = "cannot be believed"


@pytest.fixture
def provider(clock: Clock) -> Iterator[ProviderServer]:
    with providers.started(clock) as server:
        yield server


@pytest.fixture
def zoe(store: Store, provider: ProviderServer, clock: Clock) -> Iterator[Visitor]:
    """The browser of somebody with a university account, signed in nowhere."""
    with visitor_of(store, clock, **provider.settings) as visitor:
        yield visitor


@contextmanager
def visitor_of(store: Store, clock: Clock, desk_url: str = DESK, **others: Any) -> Iterator[Visitor]:
    """A browser at a desk with these settings."""
    app = build(store, settings.load(desk_url=desk_url, mode="drafts", **others), clock=clock)
    with TestClient(app, base_url=desk_url, follow_redirects=False) as browser:
        yield Visitor(browser)


def go(visitor: Visitor, provider: ProviderServer, way: str = "/cases") -> Response:
    """There and back, with a sign-in at the provider between."""
    there = visitor.open(f"/sign-in/university?next={way}")
    assert there.status_code == 303
    assert there.headers["location"].startswith(f"{provider.issuer}/authorize?tenant=university&")
    return visitor.browser.get(BACK, params=provider.authorize(there.headers["location"]))


def everybody(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        columns = people_table.c.name, people_table.c.role, people_table.c.subject
        return [tuple(row) for row in db.execute(select(*columns).order_by(people_table.c.name))]


def assert_nobody_came_in(store: Store, visitor: Visitor) -> None:
    assert "mailflow" not in visitor.browser.cookies
    with store.reading() as db:
        assert db.execute(select(desk_sessions)).all() == []
        assert db.execute(select(people_table.c.name)).scalars().all() == ["ada"]


def test_a_university_account_with_a_role_comes_in_under_a_name_of_its_own(
    store: Store, zoe: Visitor, provider: ProviderServer, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "Sign in with your university account" in zoe.open("/sign-in?next=/cases").text
    back = go(zoe, provider)
    assert (back.status_code, back.headers["location"]) == (303, "/cases")
    assert zoe.open("/cases").status_code == 200
    subject = f"{provider.issuer} 0b6e1f2a"
    assert everybody(store) == [("ada", Role.ADMINISTRATOR, None), ("zoe.ode", Role.REVIEWER, subject)]
    with store.reading() as db:
        told = db.execute(select(events.c.who, events.c.what, events.c.detail).where(events.c.who != "root")).all()
    assert [tuple(row) for row in told] == [
        ("mailflow", "added user", "zoe.ode as reviewer, by the university's sign-in"),
        ("zoe.ode", "signed in", "by the university's sign-in"),
    ]
    provider.assert_unseen(*capfd.readouterr())


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "x" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "for another client": {"claims": {"aud": "another"}},
    "for another and us, and nobody says which": {"claims": {"aud": [CLIENT, "another"]}},
    "for us, and given to another": {"claims": {"azp": "another"}},
    "for nobody": {"claims": {"aud": None}},
    "of another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "expired": {"claims": {"exp": int(NOW.timestamp()) - 121}},
    "without an end": {"claims": {"exp": None}},
    "of tomorrow": {"claims": {"iat": int(NOW.timestamp()) + 86400}},
    "not yet good": {"claims": {"nbf": int(NOW.timestamp()) + 3600}},
    "about nobody": {"claims": {"sub": None}},
    "about an empty somebody": {"claims": {"sub": ""}},
    "about a number": {"claims": {"sub": 7}},
    "signed by nobody": {"header": {"alg": "none"}},
    "signed with the secret that we share": {"header": {"alg": "HS256"}},
    "signed with a key that only looks like theirs": {"key": jwk.RSAKey.generate_key(2048, {"kid": "one"})},
    "signed with a key that nobody knows": {"key": jwk.RSAKey.generate_key(2048, {"kid": "two"})},
    "with a header that must be understood": {"header": {"crit": ["x"], "x": 1}},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_answer_that_may_be_a_lie_lets_nobody_in(
    store: Store, zoe: Visitor, provider: ProviderServer, lie: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in lie.items():
        setattr(provider, name, value)
    back = go(zoe, provider)
    assert (back.status_code, CANNOT_BE_BELIEVED in back.text) == (403, True)
    assert_nobody_came_in(store, zoe)
    said = capfd.readouterr()
    assert "sign-in refused" in said.out + said.err
    provider.assert_unseen(*said, back.text)


@pytest.mark.parametrize(
    "token",
    ["", "x", "x.y.z", "....", "x" * 200_000, "eyJhbGciOiJSUzI1NiJ9.W10.c2ln", 7, None],
    ids=lambda token: repr(token)[:12],
)
def test_what_is_no_token_lets_nobody_in(store: Store, zoe: Visitor, provider: ProviderServer, token: object) -> None:
    provider.answers.append((200, {"id_token": token}))
    assert go(zoe, provider).status_code in {403, 503}
    assert_nobody_came_in(store, zoe)


@pytest.mark.parametrize(
    "truth",
    [
        {"claims": {"aud": [CLIENT]}},
        {"claims": {"aud": [CLIENT, "another"], "azp": CLIENT}},
        {"claims": {"exp": int(NOW.timestamp()) - 60}},
        {"claims": {"iat": int(NOW.timestamp()) + 60}},
        {"header": {"x-new": 1}},
        {"said": {"token_endpoint_auth_methods_supported": ["client_secret_post"]}},
    ],
)
def test_what_the_standard_allows_comes_in(zoe: Visitor, provider: ProviderServer, truth: dict[str, Any]) -> None:
    for name, value in truth.items():
        setattr(provider, name, value)
    assert go(zoe, provider).headers["location"] == "/cases"


def test_new_keys_are_asked_for_at_once_and_others_are_not(zoe: Visitor, provider: ProviderServer) -> None:
    go(zoe, provider)
    go(zoe, provider)
    assert provider.asked.count("/keys") == 1
    provider.key = jwk.ECKey.generate_key("P-256", {"kid": "two"})
    provider.published.append(provider.key)
    assert go(zoe, provider).headers["location"] == "/cases"
    assert provider.asked.count("/keys") == 2


def test_the_way_back_is_good_once_and_in_one_browser(store: Store, zoe: Visitor, provider: ProviderServer, clock: Clock) -> None:
    there = zoe.open("/sign-in/university")
    brought = provider.authorize(there.headers["location"])
    with visitor_of(store, clock, **provider.settings) as another:
        assert another.browser.get(BACK, params=brought).status_code == 400
        another.open("/sign-in/university")
        answer = another.browser.get(BACK, params=brought)
        assert (answer.status_code, "was not begun in this browser" in answer.text) == (400, True)
        assert_nobody_came_in(store, another)
    assert zoe.browser.get(BACK, params={**brought, "state": "x"}).status_code == 400
    there = zoe.open("/sign-in/university")
    brought = provider.authorize(there.headers["location"])
    assert zoe.browser.get(BACK, params=brought).status_code == 303
    zoe.browser.cookies.delete("mailflow")
    assert zoe.browser.get(BACK, params=brought).status_code == 400


def test_a_code_that_another_began_is_refused_by_its_proof(store: Store, zoe: Visitor, provider: ProviderServer) -> None:
    stolen = provider.authorize(zoe.open("/sign-in/university").headers["location"])["code"]
    state = provider.authorize(zoe.open("/sign-in/university").headers["location"])["state"]
    answer = zoe.browser.get(BACK, params={"code": stolen, "state": state})
    assert (answer.status_code, "took too long, or was used already" in answer.text) == (403, True)
    assert_nobody_came_in(store, zoe)


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ("adviser", Role.ADVISER),
        (["reader", "administrator", "adviser"], Role.ADMINISTRATOR),
        (["Reviewer", "something else", 7, None], Role.REVIEWER),
        ([], None),
        ("something else", None),
        ({"reviewer": True}, None),
        (None, None),
    ],
)
def test_the_highest_role_that_we_know_counts_and_nobody_comes_in_without(
    store: Store, zoe: Visitor, provider: ProviderServer, given: object, role: Role | None
) -> None:
    provider.claims["roles"] = given
    back = go(zoe, provider)
    if role is None:
        assert (back.status_code, "has no role at this desk" in back.text) == (403, True)
        assert_nobody_came_in(store, zoe)
    else:
        assert everybody(store)[1][:2] == ("zoe.ode", role)


def test_the_claim_of_the_roles_may_have_another_name(store: Store, provider: ProviderServer, clock: Clock) -> None:
    provider.claims |= {"roles": None, "groups": ["adviser"]}
    with visitor_of(store, clock, **provider.settings, oidc_roles_claim="groups") as visitor:
        assert go(visitor, provider).headers["location"] == "/cases"


def test_a_role_given_or_taken_there_counts_from_the_next_sign_in(store: Store, zoe: Visitor, provider: ProviderServer) -> None:
    go(zoe, provider)
    provider.claims["roles"] = "reader"
    go(zoe, provider)
    assert everybody(store)[1][:2] == ("zoe.ode", Role.READER)
    provider.claims["roles"] = None
    assert go(zoe, provider).status_code == 403
    with store.reading() as db:
        assert db.execute(select(desk_sessions)).all() == []
    assert zoe.open("/").status_code == 303


def test_an_account_is_known_by_its_subject_and_never_by_its_name(store: Store, zoe: Visitor, provider: ProviderServer) -> None:
    with store.reading() as db:
        before = db.execute(select(people_table).where(people_table.c.name == "ada")).one()
    provider.claims["preferred_username"] = "ADA@university.example"
    go(zoe, provider)
    provider.claims["sub"] = "another"
    go(zoe, provider)
    provider.claims = {"preferred_username": "married.name@university.example"}
    go(zoe, provider)
    assert [name for name, *_ in everybody(store)] == ["ada", "ada-2", "ada-3"]
    with store.reading() as db:
        assert db.execute(select(people_table).where(people_table.c.name == "ada")).one() == before
        assert db.execute(select(events.c.who).where(events.c.what == "signed in")).scalars().all() == ["ada-2", "ada-3", "ada-2"]


def test_a_university_account_has_no_password(store: Store, zoe: Visitor, provider: ProviderServer) -> None:
    go(zoe, provider)
    with store.writing() as db:
        for word in ("", "nobody's password"):
            assert people.verify(db, "zoe.ode", word) is None
        with pytest.raises(UserError, match="has no password here"):
            people.set_password(db, "zoe.ode", "correct horse battery", "root", NOW)
        with pytest.raises(UserError, match="comes with their university account"):
            people.set_role(db, "zoe.ode", Role.ADMINISTRATOR, "root", NOW)


TENANT = "https://login.microsoftonline.com/0b6e1f2a-1111-2222-3333-444455556666/v2.0"


def test_microsofts_place_for_the_tenant_is_ours_alone(store: Store, provider: ProviderServer, clock: Clock) -> None:
    ours = {**provider.settings, "oidc_issuer": f"{provider.issuer}/0b6e"}
    provider.said = {"issuer": f"{provider.issuer}/{{tenantid}}"}
    with visitor_of(store, clock, **ours) as visitor:
        for tenant, status in (("0b6e", 303), ("another", 403)):
            provider.claims = {"iss": f"{provider.issuer}/{tenant}"}
            assert go(visitor, provider).status_code == status


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers"])
def test_an_issuer_that_lets_everybody_in_is_refused(tenant: str) -> None:
    with pytest.raises(UserError, match="people of every organisation could come in"):
        settings.load(oidc_issuer=f"https://login.microsoftonline.com/{tenant}/v2.0", desk_url=DESK)
    assert settings.load(oidc_issuer=TENANT, oidc_client_id="x", oidc_client_secret="x", desk_url=DESK).oidc_issuer == TENANT


def test_the_settings_of_a_sign_in_are_whole_or_none() -> None:
    with pytest.raises(UserError) as raised:
        settings.load(oidc_issuer=TENANT, desk_url=None)
    named = [problem.partition(":")[0] for problem in raised.value.problems]
    assert named == ["MAILFLOW_OIDC_CLIENT_ID", "MAILFLOW_OIDC_CLIENT_SECRET", "MAILFLOW_DESK_URL"]
    with pytest.raises(UserError, match="MAILFLOW_OIDC_ISSUER: is empty"):
        settings.load(oidc_client_secret=SECRET, desk_url=DESK)


def test_a_provider_that_is_away_or_another_is_said_to_the_person_and_in_the_log(
    store: Store, provider: ProviderServer, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    away = f"http://{HOST}:{free_port()}"
    for issuer, said, why in (
        (away, {}, "cannot be reached"),
        (provider.issuer, {"issuer": "https://elsewhere.example"}, "goes by another name"),
        (provider.issuer, {"token_endpoint": "http://elsewhere.example/token"}, "names no token_endpoint"),
        (provider.issuer, {"authorization_endpoint": "javascript:alert(1)"}, "names no authorization_endpoint"),
        (provider.issuer, {"jwks_uri": f"{provider.issuer}/nowhere"}, "nobody signs in at"),
    ):
        provider.said = said
        with visitor_of(store, clock, **{**provider.settings, "oidc_issuer": issuer}) as visitor:
            answer = visitor.open("/sign-in/university")
        assert (answer.status_code, "cannot be used just now" in answer.text) == (503, True)
        assert why in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("status", "error", "shown", "why"),
    [
        (401, "invalid_client", 503, "MAILFLOW_OIDC_CLIENT_SECRET"),
        (400, "invalid_grant", 403, "the code is refused"),
        (500, "server_error", 503, "no answer to be used (500)"),
        (302, "", 503, "no answer to be used (302)"),
    ],
)
def test_a_refusal_of_the_provider_is_told_in_our_words(
    store: Store,
    zoe: Visitor,
    provider: ProviderServer,
    status: int,
    error: str,
    shown: int,
    why: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    provider.answers.append((status, {"error": error, "error_description": f"{SECRET} Zoë Ode"}))
    answer = go(zoe, provider)
    assert answer.status_code == shown
    said = capfd.readouterr()
    assert why in said.out + said.err
    provider.assert_unseen(*said, answer.text)
    assert_nobody_came_in(store, zoe)


def test_who_breaks_off_there_is_told_so_here(zoe: Visitor, provider: ProviderServer) -> None:
    state = provider.authorize(zoe.open("/sign-in/university").headers["location"])["state"]
    answer = zoe.browser.get(BACK, params={"state": state, "error": "access_denied", "error_description": "<b>Zoë</b>"})
    assert (answer.status_code, "broken off there" in answer.text, "Zoë" in answer.text) == (403, True, False)


def test_the_proof_of_the_journey_stays_in_its_browser(store: Store, provider: ProviderServer, clock: Clock) -> None:
    with visitor_of(store, clock, "https://desk.university.example", **provider.settings) as visitor:
        there = visitor.open("/sign-in/university")
    cookie = there.headers["set-cookie"]
    assert cookie.startswith("__Host-mailflow_way=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure", "Max-Age=600"} <= set(cookie.split("; "))
    asked = parse_qs(urlsplit(there.headers["location"]).query)
    assert asked["redirect_uri"] == [f"https://desk.university.example{BACK}"]
    secret = cookie.partition("=")[2].partition("/")[0]
    assert len(secret) >= 43
    assert secret not in there.headers["location"]


def test_signing_in_never_leads_elsewhere(zoe: Visitor, provider: ProviderServer) -> None:
    assert go(zoe, provider, "//elsewhere.example").headers["location"] == "/"


def test_signing_out_of_the_desk_offers_to_sign_out_there(store: Store, zoe: Visitor, provider: ProviderServer) -> None:
    go(zoe, provider)
    zoe.open("/")
    token = zoe.browser.cookies["mailflow"]
    zoe.open(zoe.send("/sign-out").headers["location"])
    assert "You are signed out of the desk." in zoe.page
    assert f'href="{provider.issuer}/out?client_id={CLIENT}' in zoe.page
    with store.reading() as db:
        assert sessions.find(db, token, NOW) is None


def test_without_a_provider_there_is_no_such_way(ada: Visitor) -> None:
    assert ada.open("/sign-in/university").status_code == 404
    assert ada.open(f"{BACK}?code=x&state=x").status_code == 404
    ada.send("/sign-out")
    assert "university" not in ada.open("/sign-in").text


def test_a_provider_that_others_wrote_lets_us_in(store: Store, clock: Clock) -> None:
    person = {"sub": "zoe", "preferred_username": "zoe@university.example", "roles": ["adviser"]}
    clock.now = datetime.now(UTC)
    with (
        providers.independent(person) as issuer,
        visitor_of(store, clock, oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET) as visitor,
    ):
        there = visitor.open("/sign-in/university?next=/cases").headers["location"]
        assert there.startswith(f"{issuer}/")
        back = httpx2.post(there, data={"sub": "zoe"}).headers["location"]
        assert visitor.open(back.removeprefix(DESK)).headers["location"] == "/cases"
    assert everybody(store)[1] == ("zoe", Role.ADVISER, f"{issuer} zoe")
