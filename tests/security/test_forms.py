"""Attacks through what people send: forged forms, methods, identifiers and fields that were not offered, texts that would run."""

# ruff: noqa: E501  attacks read better whole

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage.access.agreements.vocabulary import LegalBasis
from bocage.access.models import Agreement, DataRule, Grant, Group
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.console.forms.metadata import MetadataForm
from bocage.kernel.clock import now
from bocage.kernel.ids import new_uid
from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.rules import DEFAULT_THEME
from bocage.pipeline.models import Draft, Run, Source
from bocage.portal.markdown import TAGS, excerpt, safe_html
from bocage.store.models import Version
from tests.project.test_addresses import documented, example
from tests.security.conftest import PASSWORD, Territory, consumed, record_of, request_of, things_of_checks
from tests.security.test_answers import inline
from tests.security.test_rights_matrix import READ, WRITE

UNKEPT = {"sessions.Session", "check.VersionProfile", "access.JournalEntry", "access.JournalHead"}
"""The profile of a version is computed by whoever asks first; reading is told in the journal."""
COMPUTED = {"changes"}
"""What a first visit computes and keeps: what changed since the version before."""


def world() -> dict[str, list[tuple]]:
    """Every row of every table but sessions: what an attack must leave as it was."""
    return {
        model._meta.label: sorted(
            repr(row)
            for row in model._base_manager.values_list(
                *(field.attname for field in model._meta.concrete_fields if field.name not in COMPUTED)
            )
        )
        for model in apps.get_models()
        if model._meta.label not in UNKEPT and model._meta.managed
    }


def posts(names: dict[str, str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Every address that takes a form, with a form that would be accepted."""
    for template, data, _expectation in WRITE.values():
        yield template.format(**names), dict(data)
    details = {"title": "X", "visibility": "open", "update_frequency": "UNKNOWN", "licence": "lov2", "comment": "x"}
    file = SimpleUploadedFile("a.csv", b"a;b\n1;2\n")
    yield "/console/publish/", {"file": file, "organization": "ici"}
    yield f"/console/publish/{names['draft']}/", {"encoding": "utf-8", "continue": "1"}
    yield f"/console/publish/{names['draft']}/details/", details
    yield "/language/", {"language": "en"}
    new = {"oldpassword": PASSWORD, "password1": "a new long password", "password2": "a new long password"}
    yield "/accounts/password/change/", new
    yield "/accounts/logout/", {}
    yield "/accounts/identity/with/house/link/", {}
    yield "/accounts/identity/unlink/1/", {}
    yield "/accounts/login/", {"login": "member.here@example.org", "password": PASSWORD}
    yield "/accounts/password/reset/", {"email": "member.here@example.org"}


# Forged forms ----------------------------------------------------------------------------------------------------------


def strict(client: Client) -> Client:
    """The same person, in a browser that really asks the server to check its forms."""
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return checked


def test_no_form_of_another_site_is_accepted(territory: Territory, names: dict[str, str]) -> None:
    """Without the token, with one that was guessed, with that of somebody else, in the address, or sent from another origin."""
    stranger = Client()
    stranger.get("/accounts/login/")
    theirs = stranger.cookies["csrftoken"].value
    for person in ("operator", "contributor here"):
        client = strict(territory.viewers[person])
        client.get("/accounts/password/change/")
        mine = client.cookies["csrftoken"].value
        before = world()
        for address, data in posts(names):
            if address.startswith("/api/push/"):  # what its key opens, no cookie does
                continue
            forged = (
                {"data": data},
                {"data": data | {"csrfmiddlewaretoken": "a" * 64}},
                {"data": data | {"csrfmiddlewaretoken": theirs}},
                {"data": data, "query_params": {"csrfmiddlewaretoken": mine}},
                {"data": data | {"csrfmiddlewaretoken": mine}, "headers": {"origin": "https://evil.example"}},
                {"data": data | {"csrfmiddlewaretoken": mine}, "headers": {"origin": "null"}},
                {"data": data, "headers": {"x-requested-with": "XMLHttpRequest", "accept": "application/json"}},
            )
            for request in forged:
                answer = client.post(address, **request)
                if address.startswith("/arcgis/rest/"):
                    assert "error" in answer.json(), (person, address, request.get("headers"))
                else:
                    assert answer.status_code == 403, (person, address, request.get("headers"))
        assert world() == before


def test_the_form_of_our_own_page_is_accepted(territory: Territory) -> None:
    """Otherwise the test above would prove nothing."""
    client = strict(territory.viewers["coordinator here"])
    page = client.get("/console/organization/ici/members/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    given = {"email": "new@example.org", "role": "member", "csrfmiddlewaretoken": token[1]}
    assert client.post("/console/organization/ici/members/", given).status_code == 200
    assert User.objects.filter(email="new@example.org").exists()


FOR_ANYBODY = ("/api/check/v1/validate", "/check/")
READ_BY_POST = ("/arcgis/rest/", "/csw", "/wfs", "/wms", "/wmts")
"""Where a form asks and changes nothing, and where a refusal is told in the answer, as their clients want it."""
BY_KEY = ("/ogc/",)
"""Where other methods write: what a key opens, no cookie does."""


def test_every_address_refuses_a_form_without_token(territory: Territory, names: dict[str, str]) -> None:
    """All of the map, those that take no form too: an address added tomorrow is tried. Checks on request depend on nobody's
    account and change nothing: they refuse this form because it is empty."""
    client = strict(territory.viewers["operator"])
    before = world()
    for route in documented():
        address = example(route)
        answer = client.post(address, {"x": "1"})
        refusals = (
            (400,) if route in FOR_ANYBODY else (401, 403, 404, 405) if address.startswith(BY_KEY) else (403, 404, 405)
        )
        assert answer.status_code in refusals or address.startswith(READ_BY_POST), route
    assert world() == before


# Methods ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X" * 50])
def test_no_other_method_does_anything(territory: Territory, names: dict[str, str], method: str) -> None:
    client = territory.viewers["operator"]
    before = world()
    templates = [line[0] for line in (*READ.values(), *WRITE.values())]
    for template in dict.fromkeys(templates):
        address = template.format(**names)
        if address.startswith(("/healthz", "/explore/feed")):
            continue
        by_key = method in ("PUT", "PATCH", "DELETE") and address.startswith(BY_KEY)
        assert client.generic(method, address).status_code in ((401, 403, 405) if by_key else (405,)), address
    assert world() == before


def test_a_visit_changes_nothing_and_is_not_disguised(territory: Territory, names: dict[str, str]) -> None:
    """GET with the fields of a form, with a method in a header or in the address."""
    client = territory.viewers["operator"]
    before = world()
    for address, data in posts(names):
        given = {name: value for name, value in data.items() if isinstance(value, str)} | {"_method": "POST"}
        headers = {"x-http-method-override": "POST", "x-http-method": "DELETE", "x-method-override": "PUT"}
        consumed(client.get(address, given, headers=headers))
        client.head(address, given, headers=headers)
        client.options(address, headers=headers)
    for template, _expectation in READ.values():
        consumed(client.get(template.format(**names)))
    assert world() == before


OF_ONESELF = {
    "/console/digest/", "/console/notices/read/", "/console/notices/unread/", "/console/keys/", "/console/groups/", "/console/agreements/new/", "/console/schemas/new/", "/console/code-lists/new/", "/console/schemas/ici/velos/1.0.0/remarks/",
}  # fmt: skip
"""What a person decides for themselves or their own organisation, and words on what everybody reads."""

# Identifiers -----------------------------------------------------------------------------------------------------------


def test_the_things_of_here_are_not_touched_from_elsewhere(territory: Territory, names: dict[str, str]) -> None:
    """Every address of the console, with every identifier of here, by people who may do the same at home."""
    before = world()
    for person in ("coordinator elsewhere", "coordinator above", "member elsewhere", "nobody"):
        client = territory.viewers[person]
        for address, data in posts(names):
            if person == "coordinator above" and ("identity" in data or address.startswith("/console/help/")):
                continue  # what an organisation is, is kept above it; help is asked of those above
            if address.startswith("/console/") and address not in OF_ONESELF:
                answer = client.post(address, data)
                assert answer.status_code in (403, 404), (person, address)
                assert b"secret" not in answer.content.replace(b"/secret/", b"").replace("« secret »".encode(), b"")
    assert world() == before


def test_identifiers_hidden_in_a_form_are_checked_too(territory: Territory, names: dict[str, str], publish) -> None:
    """An own draft, dataset or organisation in the address; somebody else's in the body."""
    publish(territory.elsewhere, "theirs", Visibility.PRIVATE)
    client = territory.viewers["coordinator elsewhere"]
    before = world()

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.csv", b"a;b\n1;2\n")

    for data, status in (
        ({"dataset": "secret"}, 404), ({"organization": "ici"}, 403), ({"organization": "metropole"}, 403),
        ({"organization": "absent"}, 403), ({}, 403), ({"dataset": "secret", "organization": "ailleurs"}, 404),
    ):  # fmt: skip
        assert client.post("/console/publish/", data | {"file": file()}).status_code == status, data
    assert client.get("/console/publish/?dataset=secret").status_code == 404
    assert world() == before
    page = client.get("/console/?organization=ici&q=secret").content.decode()
    assert "Titre de secret" not in page
    assert client.get("/console/runs/?organization=ici").content.decode().count(names["run"]) == 0


def test_identifiers_are_not_guessed() -> None:
    """Of drafts, runs, portals: 64 bits of chance at least, and nothing of the one before in the next."""
    some = {new_uid("run") for _ in range(1000)}
    assert len(some) == 1000
    body = [uid.partition("_")[2] or uid[3:] for uid in some]
    assert min(map(len, body)) * 4 >= 64
    assert len({text[:6] for text in body}) > 900


def test_a_draft_of_somebody_else_is_not_finished_by_a_colleague(territory: Territory, names: dict[str, str]) -> None:
    for person in ("coordinator here", "administrator above", "operator"):
        for step in ("", "details/", "discard/"):
            assert territory.viewers[person].post(f"/console/publish/{names['draft']}/{step}").status_code == 404
    assert Draft.objects.count() == 1


# Fields that were not offered ------------------------------------------------------------------------------------------


def columns(row, *allowed: str) -> dict[str, object]:
    fresh = type(row).objects.get(pk=row.pk)
    return {f.attname: getattr(fresh, f.attname) for f in row._meta.concrete_fields if f.attname not in allowed}


def every_field(model: type, value: str) -> dict[str, str]:
    """The whole row, under the names that forms of frameworks would read."""
    return {name: value for f in model._meta.concrete_fields for name in (f.name, f.attname)} | {
        "pk": value,
        "id": value,
    }


OFFERED = (*MetadataForm.Meta.fields, "metadata_updated_at")
NEVER_OFFERED = {
    "id",
    "uid",
    "slug",
    "organization",
    "schema",
    "version_number",
    "row_count",
    "geometry_types",
    "bbox",
    "created_at",
}


def test_a_form_of_metadata_writes_its_own_fields_only(territory: Territory, names: dict[str, str]) -> None:
    assert not NEVER_OFFERED & set(OFFERED)
    dataset = Dataset.objects.get(slug="secret")
    before = columns(dataset, *OFFERED)
    good = {"title": "Nouveau", "visibility": "private", "update_frequency": "UNKNOWN", "licence": "lov2"}
    extra = every_field(Dataset, str(territory.elsewhere.pk)) | {
        "organization": "ailleurs",
        "schema": "[]",
        "is_superuser": "1",
    }
    forged = {name: value for name, value in extra.items() if name not in OFFERED} | good
    answer = territory.viewers["steward here"].post("/console/datasets/secret/", forged)
    assert answer.status_code == 302, answer.context["form"].errors
    assert columns(dataset, *OFFERED) == before
    dataset.refresh_from_db()
    assert dataset.title == "Nouveau"


def test_labels_change_nothing_else_of_a_field(territory: Territory, names: dict[str, str]) -> None:
    dataset = Dataset.objects.get(slug="secret")
    before = [{k: v for k, v in field.items() if k not in ("label", "description")} for field in dataset.schema]
    forged = {
        "label.nom": "Nom",
        "type.nom": "integer",
        "name.nom": "other",
        "label.absent": "x",
        "description.nom": "d" * 5000,
    }
    territory.viewers["steward here"].post("/console/datasets/secret/fields/", forged)
    dataset.refresh_from_db()
    assert [{k: v for k, v in field.items() if k not in ("label", "description")} for field in dataset.schema] == before
    assert len(dataset.schema[0]["description"]) == 1000


def test_an_invitation_makes_no_operator(territory: Territory) -> None:
    forged = (
        every_field(User, "1")
        | every_field(Membership, "1")
        | {"email": "new@example.org", "role": "member", "organization": "ailleurs"}
    )
    territory.viewers["coordinator here"].post("/console/organization/ici/members/", forged)
    user = User.objects.get(email="new@example.org")
    assert (user.is_superuser, user.is_active, user.has_usable_password()) == (False, True, False)
    assert [(m.organization.slug, m.role) for m in user.memberships.all()] == [("ici", "member")]


@pytest.mark.parametrize("role", ["operator", "superuser", "", "MEMBER", "member\x00", "5", "administrator"])
def test_a_role_is_one_of_the_list_and_not_above(territory: Territory, names: dict[str, str], role: str) -> None:
    client = territory.viewers["coordinator here"]
    for address, data in (
        ("/console/organization/ici/members/", {"email": "x@example.org", "role": role}),
        (f"/console/organization/ici/members/{names['member']}/role/", {"role": role}),
    ):
        assert client.post(address, data).status_code in (200, 302, 403)
    assert not User.objects.filter(email="x@example.org").exists()
    assert Membership.objects.get(pk=names["member"]).role == "member"


def test_a_theme_form_moves_no_portal(territory: Territory, names: dict[str, str]) -> None:
    portal = Portal.objects.get(uid=names["portal"])
    before = columns(portal, "name", "tagline", "theme")
    forged = (
        every_field(Portal, "evil")
        | DEFAULT_THEME
        | {"name": "N", "tagline": "T", "color-evil": "#000000", "theme": "{}"}
    )
    answer = territory.viewers["coordinator here"].post(f"/console/portal/{portal.uid}/theme/", forged)
    assert answer.status_code == 302
    assert columns(portal, "name", "tagline", "theme") == before
    portal.refresh_from_db()
    assert portal.theme == {}


def test_a_source_form_forges_no_state(territory: Territory, names: dict[str, str]) -> None:
    forged = every_field(Source, "1") | {
        "url": "https://example.org/b.csv",
        "rhythm": "1d",
        "seen": '{"etag": "x"}',
        "kind": "file",
    }
    territory.viewers["contributor here"].post("/console/datasets/secret/source/", forged)
    source = Source.objects.get()
    assert (source.kind, source.seen, source.paused, source.dataset.slug) == ("url", {}, False, "secret")
    assert source.url == "https://example.org/b.csv"


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/a", "gopher://127.0.0.1/", "https://user:pw@/", "javascript:alert(1)", "//evil",
     "http://", "https://exa mple.org/", "https://example.org/\r\nX: 1", "data:text/csv,a", "s3://bucket/a", "jar:file:///a", "\x00"],
)  # fmt: skip
def test_an_address_to_follow_is_a_web_address(territory: Territory, names: dict[str, str], url: str) -> None:
    before = Source.objects.get().url
    answer = territory.viewers["contributor here"].post(
        "/console/datasets/secret/source/", {"url": url, "rhythm": "1d"}
    )
    assert answer.status_code == 200
    assert Source.objects.get().url == before


# Texts that would run --------------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)", "</textarea><svg/onload=alert(1)>", "<!--<script>", "]]><script>alert(1)</script>",
    "{{ 970417|add:1 }}{% debug %}", "%(x)s %s %n 100 %", "javascript:alert(1)", "</script><script>alert(1)</script>",
    "&lt;img src=x onerror=alert(1)&gt;", "\u2028alert(1)", "${7*7}", "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>", "*/}body{background:url(//evil.example)}", "\x07\ufffe\u202e",
)  # fmt: skip
MIX = " ".join(HOSTILE)


@pytest.fixture
def hostile(territory: Territory, publish) -> dict[str, str]:
    """Everything that a person or a file may name, named badly. The names of one of each thing."""
    quoted = MIX.replace("'", "''")
    rows = f"""('{quoted}', '<b>x</b>', 1, 1.0, true, DATE '2026-01-02', NULL::TIMESTAMPTZ, ['<i>', '{quoted}'], '{{"a": "<script>"}}',
        ST_Point(0, 0), ST_GeomFromText('POINT (5 5)')), ('javascript:alert(1)', 'https://x.example/"onclick="a', 2, 2.0, true,
        NULL, NULL, [], 'data:text/html,x', NULL, NULL)"""
    text = MIX.replace("\x07", "")
    dataset = publish(
        territory.here, "mauvais", Visibility.OPEN, rows, title=MIX[:300], description=MIX, keywords=[*HOSTILE], source=text[:300],
        attributions=text[:300], contact_name=text[:200], conforms_to=text[:300],
    )  # fmt: skip
    Dataset.objects.filter(pk=dataset.pk).update(
        schema=[field | {"label": MIX[:200], "description": MIX} for field in dataset.schema]
    )
    Organization.objects.filter(pk=territory.here.pk).update(name=MIX[:200])
    User.objects.update(first_name=HOSTILE[0], last_name=HOSTILE[2])
    Version.objects.update(comment=text[:500], provenance={"filename": MIX, "format": MIX})
    source = Source.objects.create(dataset=dataset, kind="url", url="https://example.org/<script>?a=\"'><b>")
    run = Run.objects.create(
        dataset=dataset, source=source, status="failed", due_at=now(), filename=MIX[:255], comment=MIX[:500],
        error={"code": "capture.layer-not-found", "class": "LayerNotFound", "message": MIX, "mend": MIX, "fields": {"layer": MIX, "layers": MIX}},
        log=[{"at": now().isoformat(), "step": "read", "message": "Reading “%(filename)s” (%(bytes)s bytes).",
              "fields": {"filename": MIX, "bytes": 1}}, {"at": now().isoformat(), "step": MIX, "message": MIX, "fields": {}}],
    )  # fmt: skip
    portal = Portal.objects.create(
        organization=territory.here, domain="testserver", name=MIX[:200], tagline=text[:300],
        theme={"color-ink": "red;}</style><script>alert(1)</script>", "color-header": "url(//evil.example)", "x": "{}", "color-link": 7},
    )  # fmt: skip
    member = Membership.objects.get(user=territory.people["member here"])
    group = Group.objects.create(name=MIX[:120], purpose=text, organization=territory.here)
    Grant.objects.create(audience="group", group=group, dataset=dataset.uid, reason=MIX[:500])
    DataRule.objects.create(audience="members", dataset=dataset.uid, reason=MIX[:500], rows=text)
    agreements = [
        Agreement.objects.create(
            number=f"<b>{rank}</b>", title=MIX[:200], purpose=text, obligations=text, legal_basis=LegalBasis.values[0],
            producer=territory.here, starts_on=now().date(), document="javascript:alert(1)",
        )
        for rank in range(2)
    ]  # fmt: skip
    named = {
        "access_request": request_of(territory, dataset, text[:3_000]),
        "slug": "mauvais", "run": run.uid, "portal": portal.uid, "member": str(member.pk), "draft": "absent",
        "group": group.uid, "agreement": agreements[0].uid, "written": agreements[1].uid, "grant": "0", "rule": "0", "officer": "0", "key": "0", "address": "absent", "push_key": "0", "record": record_of(dataset),
    }  # fmt: skip
    return defaultdict(lambda: "absent", named | things_of_checks(territory, dataset, text))


RUNS = re.compile(
    rb"<script>|<img src=x|<svg/onload|<base|<meta http-equiv|onerror=alert\(1\)>|evil\.example[\"'>]", re.IGNORECASE
)
"""What would run, or leave, were it written as it is; escaped, none of it is there."""


def test_no_page_runs_what_a_person_wrote(territory: Territory, hostile: dict[str, str]) -> None:
    seen = 0
    more = (
        "/explore/dataset/mauvais/chart/?group=nom&kind=pie", "/explore/dataset/mauvais/chart/?category=nom", "/explore/?q=%3Cscript%3Ealert(1)",
        "/explore/?keyword=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "/explore/dataset/mauvais/table/?q=%22%3E%3Cscript%3E&sort=%3Cscript%3E",
        "/explore/dataset/%3Cscript%3E/", "/organizations/%3Cscript%3E/", "/console/?q=%22%3E%3Cscript%3E&attention=%3Cscript%3E",
        "/console/runs/?status=%22%3E%3Cscript%3E", "/accounts/login/?next=%22%3E%3Cscript%3E", "/console/publish/?organization=%22%3E%3Cscript%3E",
        f"/console/runs/{hostile['run']}/?part=progress", "/explore/dataset/mauvais/table/?nom=%22%3E%3Cscript%3E",
    )  # fmt: skip
    for person in ("stranger", "operator", "coordinator here"):
        for address in (*(template.format_map(hostile) for template, _expectation in READ.values()), *more):
            answer = territory.viewers[person].get(address)
            body = consumed(answer)
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            seen += 1
            assert answer.status_code in (200, 302, 400, 403, 404), address
            assert inline(body.decode()) == [], (person, address)
            assert not RUNS.search(body), (person, address, RUNS.search(body))
            assert b"970418" not in body, (person, address, "a template was carried out")
    assert seen > 80


def test_what_is_not_a_page_holds_it_as_text(territory: Territory, hostile: dict[str, str]) -> None:
    """JSON is never sniffed as a page; style sheets and pictures hold colours only."""
    client = territory.viewers["stranger"]
    for part in ("", "/records", "/facets?facet=nom", "/exports/json", "/exports/csv", "/exports/geojson"):
        answer = client.get(f"/api/explore/v2.1/catalog/datasets/mauvais{part}")
        consumed(answer)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not answer.headers["Content-Type"].startswith(("text/html", "image/", "application/xml"))
    style = client.get(f"/theme/{hostile['portal']}.css").content.decode()
    assert re.fullmatch(r"@layer theme\{:root\{(--color-[a-z-]+:#[0-9a-f]{6};)+\}\}\n", style)
    picture = client.get(f"/theme/{hostile['portal']}.svg").content.decode()
    assert {node.tag.rpartition("}")[2] for node in ET.fromstring(picture).iter()}.isdisjoint(
        {"script", "foreignObject", "a", "image", "use", "style"}
    )
    assert "evil" not in picture + style
    asked = dict.fromkeys(DEFAULT_THEME, "red}*{background:url(//evil.example)}") | {
        "color-ink": "#00000g",
        "evil": "#000000",
    }
    sample = territory.viewers["operator"].get(f"/console/portal/{hostile['portal']}/theme/sample.css", asked)
    assert "evil" not in sample.content.decode()
    assert "red" not in sample.content.decode()


HTML_IN_A_FEED = re.compile(r"<\s*(script|img|svg|base|meta|b|i|a)\b", re.IGNORECASE)


@pytest.mark.parametrize("address", ["/explore/feed.rss", "/explore/feed.atom", "/sitemap.xml"])
def test_feeds_are_whole_and_run_nothing(territory: Territory, hostile: dict[str, str], address: str) -> None:
    """Readers show what a feed holds as HTML, once its XML is undone: the text of a person is escaped for both."""
    tree = ET.fromstring(territory.viewers["stranger"].get(address).content)
    descriptions = [
        node.text or "" for node in tree.iter() if node.tag.rpartition("}")[2] in ("description", "summary", "content")
    ]
    if "feed" in address:
        assert any("alert(1)" in text for text in descriptions), "the hostile dataset is there"
    for text in descriptions:
        assert not HTML_IN_A_FEED.search(text), text[:200]
    for node in tree.iter():
        for name in ("link", "guid", "id", "loc", "href"):
            value = (node.text or "") if node.tag.endswith(name) else node.get(name) or ""
            assert not value.strip().lower().startswith(("javascript:", "data:"))


MARKDOWN = (
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))", "[x](\x01javascript:alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)", "<javascript:alert(1)>", "![x](https://evil.example/pixel.png)", "![x](x\"onerror=alert(1))",
    "[x]: javascript:alert(1)\n[x]", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "`<script>`", "```html\n<script>alert(1)</script>\n```",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |", "<details open ontoggle=alert(1)>",
    "<style>*{display:none}</style>", "[x](https://a.example 'x\" onclick=\"alert(1)')",
    "[<img src=x onerror=alert(1)>](https://a.example)", "\\<script>alert(1)\\</script>", "&lt;script&gt;",
    "[x](//evil.example)", "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<svg><style><img src=x onerror=alert(1)></style>", "# " * 5000, "[" * 5000, "*" * 20_000, "> " * 3000 + "x",
    "- " * 2000, "`" * 9999, "![" * 3000, "<" * 9000, "|" * 5000 + "\n" + "|-" * 5000, "&#x3c;script&#x3e;",
    "[a](<javascript:alert(1)>)",
)  # fmt: skip


@pytest.mark.parametrize("text", MARKDOWN, ids=lambda text: text[:24])
def test_a_description_runs_nothing(text: str) -> None:
    html = safe_html(text)
    assert inline(html) == []
    assert {tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", html)} <= TAGS
    assert not re.search(r'href="(?!https?://|mailto:|[^":]*")', html)
    assert len(excerpt(text)) <= 221


def test_a_file_is_named_badly_and_only_shown(territory: Territory, settings) -> None:
    client = territory.viewers["contributor here"]
    for name in (
        *HOSTILE,
        "../../../etc/cron.d/x",
        "..\\..\\x.csv",
        "/etc/passwd",
        "CON",
        "a" * 400 + ".csv",
        ".htaccess",
        "a.csv\x00.html",
        ".",
        "..",
        "\n",
    ):
        header = f'form-data; name="file"; filename="{name.replace(chr(34), "%22").replace(chr(10), "%0A").replace(chr(13), "")}"'
        body = (f'--x\r\nContent-Disposition: form-data; name="organization"\r\n\r\nici\r\n--x\r\nContent-Disposition: {header}\r\n'
                "Content-Type: text/html\r\n\r\na;b\r\n1;2\r\n\r\n--x--\r\n").encode()  # fmt: skip
        answer = client.generic("POST", "/console/publish/", body, "multipart/form-data; boundary=x")
        assert answer.status_code in (302, 400), name
        if answer.status_code == 302:
            page = client.get(answer.headers["Location"])
            assert inline(page.content.decode()) == [], name
            assert not RUNS.search(page.content), name
            details = client.get(answer.headers["Location"] + "details/")
            assert inline(details.content.decode()) == [], name
    incoming = settings.DATA_DIR / "incoming"
    assert {path.name for path in incoming.rglob("*") if path.is_file()} <= {"content", "inspection.json"}
    assert Draft.objects.exists()
