"""Who may open what: every route, every method, signed out and as each role. A route without an entry fails."""

import pytest

from console.access import ALL, ANYBODY, ENGAGEMENT, READERS, SAFEGUARDING, WHO, may_open
from console.pages import PAGES, routes
from records.types import Role

# Written out by hand once more, so that a slip in the console's own table shows here.
EXPECTED = {
    ("GET", "/static/{file}"): ANYBODY,
    ("GET", "/sign-in"): ANYBODY,
    ("POST", "/sign-in"): ANYBODY,
    ("POST", "/sign-out"): ALL,
    ("GET", "/"): ALL,
    ("POST", "/notifications/{id}/seen"): ALL,
    ("GET", "/transcripts"): ALL,
    ("GET", "/transcripts/{id}"): ALL,
    ("POST", "/transcripts/{id}/read"): ALL,
    ("POST", "/transcripts/{id}/turns/{turn}/mask"): ALL,
    ("POST", "/transcripts/{id}/turns/{turn}/concern"): ALL,
    ("GET", "/statements"): READERS,
    ("GET", "/statements/{number:int}"): READERS,
    ("GET", "/export"): READERS,
    ("POST", "/export/{kind}"): READERS,
    ("GET", "/alerts"): SAFEGUARDING,
    ("GET", "/alerts/{id}"): SAFEGUARDING,
    ("POST", "/alerts/{id}/open"): SAFEGUARDING,
    ("POST", "/alerts/{id}/acknowledge"): SAFEGUARDING,
    ("POST", "/alerts/{id}/close"): SAFEGUARDING,
    ("GET", "/looks"): SAFEGUARDING,
    ("GET", "/looks/{id}"): SAFEGUARDING,
    ("POST", "/looks/{id}/open"): SAFEGUARDING,
    ("POST", "/looks/{id}/clear"): SAFEGUARDING,
    ("POST", "/looks/{id}/alert"): SAFEGUARDING,
    ("GET", "/requests"): ENGAGEMENT,
    ("POST", "/requests/{id}/done"): ENGAGEMENT,
}
PROTECTED = [entry for entry, allowed in EXPECTED.items() if allowed is not ANYBODY]


def address(path: str) -> str:
    for part, value in {"{id}": "nothing", "{turn}": "nothing", "{number:int}": "1", "{kind}": "counts"}.items():
        path = path.replace(part, value)
    return path


def test_every_route_and_method_has_an_entry_in_the_table(house):
    served = {(method, route.path) for route in routes(house) for method in route.methods - {"HEAD"}}
    assert served == set(EXPECTED) == set(WHO) == set(PAGES)


def test_the_table_says_what_was_decided():
    assert dict(WHO) == EXPECTED


def test_a_route_that_is_not_in_the_table_opens_to_nobody():
    with pytest.raises(KeyError):
        may_open(frozenset(Role), "GET", "/something-new")


def test_signed_out_nothing_opens_but_the_sign_in_page(new_browser):
    for method, path in PROTECTED:
        browser = new_browser()
        answer = browser.get(address(path), False) if method == "GET" else browser.post(address(path), False)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"] == "/console/sign-in"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_pages_and_no_other(signed_in_as, role):
    browser = signed_in_as(role)
    for method, path in PROTECTED:
        if path == "/sign-out":
            continue
        answer = browser.get(address(path)) if method == "GET" else browser.post(address(path))
        refused = "Your role does not open this page." in answer.text
        assert refused is (role not in EXPECTED[method, path]), (role, method, path)
        assert (answer.status_code == 403) is refused


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_offers_only_what_opens(signed_in_as, role):
    text = signed_in_as(role).get("/").text
    for path in ("/alerts", "/looks", "/statements", "/requests", "/export"):
        assert (f'href="/console{path}"' in text) is (role in EXPECTED["GET", path])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_served(signed_in_as, method):
    answer = signed_in_as(Role.INSPECTOR).client.request(method, "/console/transcripts")
    assert answer.status_code == 405


def test_a_form_without_the_token_of_the_session_is_refused(signed_in_as):
    browser = signed_in_as(Role.ENGAGEMENT)
    for token in ("", "wrong", "\N{SNOWMAN}"):
        browser.token = token
        answer = browser.post("/sign-out", follow=False)
        assert answer.status_code == 403
    assert "What waits for you" in browser.get("/").text


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None, "https://testserver.elsewhere.example"])
def test_a_form_from_another_site_is_refused(signed_in_as, new_browser, origin):
    browser = signed_in_as(Role.ENGAGEMENT)
    assert browser.post("/sign-out", origin=origin).status_code == 403
    assert new_browser().post("/sign-in", origin=origin, username="engagement").status_code == 403


def test_a_form_that_is_too_large_is_refused(signed_in_as):
    assert signed_in_as(Role.ENGAGEMENT).post("/sign-out", reason="x" * 70_000).status_code == 403


@pytest.mark.parametrize("path", ["/", "/sign-in", "/transcripts", "/transcripts/nothing", "/alerts"])
def test_every_answer_is_kept_out_of_caches_frames_and_other_sites(signed_in_as, path):
    headers = signed_in_as(Role.INSPECTOR).get(path).headers
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_style_sheet_is_served_and_nothing_beside_it(new_browser):
    browser = new_browser()
    assert browser.get("/static/console.css").headers["content-type"].startswith("text/css")
    for path in ("/static/wording.yml", "/static/..%2Fwording.yml", "/static/%2e%2e/access.py"):
        assert browser.get(path, False).status_code in (303, 404)


def test_nothing_in_a_page_needs_a_style_or_script_that_the_policy_forbids(signed_in_as, database, scene, clock):
    with database.write() as unit:
        ids = scene(unit, clock.now())
    reader = signed_in_as(Role.INSPECTOR)
    for path in ("/", "/transcripts", f"/transcripts/{ids['talk']}", f"/statements?round={ids['round']}"):
        text = reader.get(path).text
        assert " style=" not in text
        assert "onclick" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text
