"""Names of portals, their logos, the words that they fill, and what parents propose to those below."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.organizations.models import Notice, Organization, Portal, User
from bocage.organizations.portals import errors
from bocage.organizations.portals.blocks import MOST_BLOCKS, USUAL, changed, moved, new_block, read_blocks, written
from bocage.organizations.portals.domains import read_domain, refuse_domain
from bocage.organizations.portals.doors import portal_at
from bocage.organizations.portals.parameters import in_markdown, in_query, in_words, refuse_unknown
from bocage.organizations.portals.pictures import MOST_BYTES, PNG_START, read_logo
from bocage.organizations.portals.proposals import (
    accept,
    decline,
    keep_former,
    offered_one,
    offered_to,
    portals_below,
    proposals_of,
    propose,
    remove_block,
    rewrite,
    withdraw,
)
from bocage.organizations.portals.services import (
    add_chosen,
    arrange,
    back_to_usual,
    close_portal,
    create_portal,
    name_portal,
    reopen_portal,
    set_logo,
)
from bocage.organizations.portals.vocabulary import BlockKind
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ASKED = "plateforme.example:8000"


@pytest.fixture
def tree(db: None, settings: Any) -> dict[str, Organization]:
    settings.ALLOWED_HOSTS = ["*"]
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": "https://plateforme.example"})
    metropole = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    return {
        "metropole": metropole,
        "reze": create_organization(
            slug="reze",
            name="Rezé",
            kind=OrganizationKind.COMMUNE,
            parent=metropole,
            insee_code="44143",
            population=43_000,
        ),
        "bouaye": create_organization(slug="bouaye", name="Bouaye", kind=OrganizationKind.COMMUNE, parent=metropole),
        "delegue": create_organization(slug="delegue", name="Délégué", kind=OrganizationKind.DELEGATE),
    }


def make(organization: Organization, domain: str, **said) -> Portal:
    return create_portal(organization=organization, domain=domain, name=organization.name, asked=ASKED, **said)


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (" Donnees.Ville.FR ", "donnees.ville.fr"),
        ("donnees.ville.fr.", "donnees.ville.fr"),
        ("données.ville.fr", "xn--donnes-eva.ville.fr"),
        ("reze.localhost", "reze.localhost"),
    ],
)
def test_a_name_is_kept_as_browsers_send_it(given_: str, expected: str) -> None:
    assert read_domain(given_) == expected


@pytest.mark.parametrize(
    "given_",
    [
        "", "localhost", "https://a.fr", "a.fr/b", "a.fr:80", "a@b.fr", "a..fr", "-a.fr", "a-.fr", "10.0.0.1", "[::1]", "*.a.fr",
        "a_b.fr", "a b.fr", "a.fr\n", f"{'a' * 64}.fr", ".".join(["abcdefgh"] * 40), "a.fr?x", "a.fr#x", "a.fr%00",
        "é" * 70 + ".fr",
    ],
)  # fmt: skip
def test_what_is_not_the_name_of_a_site_is_refused(given_: str) -> None:
    if given_ == "a.fr\n":
        assert read_domain(given_) == "a.fr"  # white space around is nobody's name
        return
    with pytest.raises(errors.InvalidDomain):
        read_domain(given_)


@PATIENT
@given(st.text(max_size=60))
def test_a_name_read_is_a_host_and_reads_as_itself(text: str) -> None:
    try:
        name = read_domain(text)
    except errors.InvalidDomain:
        return
    assert name == "*" or set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert read_domain(name) == name


def test_a_name_belongs_to_one_portal_open_or_closed(tree) -> None:
    kept = make(tree["reze"], "data.reze.fr")
    for closed in (False, True):
        if closed:
            close_portal(portal=kept)
        with pytest.raises(errors.DomainTaken):
            make(tree["bouaye"], "DATA.reze.fr.")
    assert portal_at("data.reze.fr") is None
    reopen_portal(portal=kept)
    assert portal_at("data.reze.fr:8443") == kept


@pytest.mark.parametrize("name", ["a.data.reze.fr", "reze.fr"])
def test_a_name_below_or_above_somebody_elses_is_refused(tree, name: str) -> None:
    make(tree["reze"], "data.reze.fr")
    with pytest.raises(errors.DomainOfOthers):
        make(tree["delegue"], name)


def test_a_name_below_that_of_a_parent_is_for_its_children(tree) -> None:
    make(tree["metropole"], "data.metropole.fr")
    assert make(tree["reze"], "reze.data.metropole.fr").domain == "reze.data.metropole.fr"
    with pytest.raises(errors.DomainOfOthers):
        make(tree["delegue"], "delegue.data.metropole.fr")


def test_the_name_of_the_platform_is_nobodys(tree, settings) -> None:
    for name in ("plateforme.example", "a.plateforme.example"):
        with pytest.raises(errors.DomainOfPlatform):
            make(tree["delegue"], name)
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": "https://data.metropole.fr"})
    make(tree["metropole"], "*", operator=True)
    with pytest.raises(errors.DomainOfPlatform):
        make(tree["metropole"], "data.metropole.fr", operator=True)
    with pytest.raises(errors.DomainOfPlatform):
        make(tree["delegue"], "delegue.data.metropole.fr")
    make(tree["reze"], "reze.data.metropole.fr")


def test_a_platform_that_does_not_know_its_name_gives_away_none(tree, settings) -> None:
    """Whoever asks says by which host: without BOCAGE_PUBLIC_URL, any name could be that of the platform."""
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": ""})
    with pytest.raises(errors.PlatformNameless):
        make(tree["reze"], "donnees.metropole.fr")
    with pytest.raises(errors.DomainOfPlatform):
        make(tree["reze"], "plateforme.example")
    make(tree["reze"], "reze.localhost")
    make(tree["metropole"], "donnees.metropole.fr", operator=True)


def test_every_host_is_for_the_operator(tree) -> None:
    with pytest.raises(errors.EveryHost):
        make(tree["metropole"], "*")
    kept = make(tree["metropole"], "*", operator=True)
    with pytest.raises(errors.EveryHost):
        name_portal(portal=kept, domain="a.fr", name="N", tagline="", language="fr", asked=ASKED)
    said = {"name": "Autre nom", "tagline": "", "language": "en", "asked": ASKED}
    assert name_portal(portal=kept, domain="*", **said).name == "Autre nom"


def test_a_name_that_the_platform_does_not_answer_is_told(tree, settings) -> None:
    settings.ALLOWED_HOSTS = [".metropole.fr"]
    with pytest.raises(errors.DomainNotAnswered):
        make(tree["reze"], "data.reze.fr")
    make(tree["reze"], "reze.metropole.fr")


def test_the_portal_of_a_host_is_found_in_one_query(tree, django_assert_num_queries) -> None:
    kept = make(tree["reze"], "data.reze.fr")
    common = make(tree["metropole"], "*", operator=True)
    for host, expected in (
        ("data.reze.fr", kept), ("DATA.Reze.fr:8000", kept), ("data.reze.fr.", kept), ("evil.example", common),
        ("[::1]:80", common), ("", common), ("data.reze.fr.evil.example", common),
    ):  # fmt: skip
        with django_assert_num_queries(1):
            found = portal_at(host)
            assert found is not None
            assert (found, found.organization.slug) == (expected, expected.organization.slug)


def test_the_name_of_a_portal_may_change_to_its_own_only(tree) -> None:
    mine, other = make(tree["reze"], "data.reze.fr"), make(tree["bouaye"], "data.bouaye.fr")
    said = {"name": "N", "tagline": "", "language": "fr", "asked": ASKED}
    with pytest.raises(errors.DomainTaken):
        name_portal(portal=mine, domain=other.domain, **said)
    name_portal(portal=mine, domain="ouvert.reze.fr", **said)
    refuse_domain("ouvert.reze.fr", tree["reze"], portal=Portal.objects.get(pk=mine.pk), asked=ASKED)


# Logos ----------------------------------------------------------------------------------------------------------------


def png(width: int = 4, height: int = 3, *more: tuple[bytes, bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x10\x20\x30" * width) * height) if width * height < 10_000 else b"\0"
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), *more, (b"IDAT", rows), (b"IEND", b"")]
    return PNG_START + b"".join(chunk(kind, data) for kind, data in parts)


def webp(width: int = 5, height: int = 6, *more: tuple[bytes, bytes], flags: int | None = None) -> bytes:
    drawn = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0" * 5
    parts = [(b"VP8L", drawn), *more]
    if flags is not None:
        canvas = bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        parts.insert(0, (b"VP8X", canvas))
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for k, d in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_what_draws_is_kept_and_nothing_else() -> None:
    given_ = png(4, 3, (b"tEXt", b"Author\0Jeanne"), (b"eXIf", b"GPS")) + b"<script>alert(1)</script>"
    picture = read_logo(given_)
    assert (picture.width, picture.height, picture.media_type) == (4, 3, "image/png")
    assert picture.content == png(4, 3)
    drawn = read_logo(webp(5, 6, (b"EXIF", b"GPS"), (b"XMP ", b"<x/>"), flags=0x1C) + b"tail")
    assert (drawn.width, drawn.height, drawn.media_type) == (5, 6, "image/webp")
    assert drawn.content == webp(5, 6, flags=0x10)
    assert picture.name == read_logo(png(4, 3)).name != drawn.name


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a", b"\xff\xd8\xff", PNG_START, png()[:-6],
        png(4, 3, (b"acTL", b"\0" * 8)), png().replace(b"IHDR", b"IDAT"), png()[:40] + b"x" + png()[41:],
        b"RIFF\xff\xff\xff\xffWEBP",
        webp(5, 6, flags=0x02), webp(5, 6, (b"ANMF", b"\0" * 16)), webp()[:-4], b"RIFF\4\0\0\0WEBP",
        webp(5, 6).replace(b"\x2f", b"\0", 1),
        b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8 " + struct.pack("<I", 0),
    ],
)  # fmt: skip
def test_what_is_not_a_still_picture_is_refused(content: bytes) -> None:
    with pytest.raises(errors.LogoRefused):
        read_logo(content)


@pytest.mark.parametrize(
    "content", [png(2001, 3), png(3, 60_000), png(0, 3), b"\x89" * (MOST_BYTES + 1), webp(3000, 3)]
)
def test_what_is_too_large_is_refused(content: bytes) -> None:
    with pytest.raises(errors.LogoTooLarge):
        read_logo(content)


@PATIENT
@given(st.binary(max_size=200), st.sampled_from([png(), webp(), webp(5, 6, flags=0)]), st.integers(0, 80))
def test_no_file_breaks_the_reading(noise: bytes, good: bytes, place: int) -> None:
    for content in (noise, good[:place] + noise, good[:place] + noise[:4] + good[place + 4 :]):
        try:
            picture = read_logo(content)
        except (errors.LogoRefused, errors.LogoTooLarge):
            continue
        assert read_logo(picture.content) == picture


def test_the_logo_of_a_portal_is_replaced_and_taken_away(tree) -> None:
    portal = make(tree["reze"], "data.reze.fr")
    first = set_logo(portal=portal, picture=read_logo(png())).logo
    second = set_logo(portal=portal, picture=read_logo(webp())).logo
    assert (first[-4:], second[-5:]) == (".png", ".webp")
    assert bytes(Portal.objects.get(pk=portal.pk).picture.content) == webp()
    assert set_logo(portal=portal, picture=None).logo == ""
    assert not hasattr(Portal.objects.get(pk=portal.pk), "picture")


# Words ----------------------------------------------------------------------------------------------------------------


def test_a_name_fills_words_and_never_writes_markdown(tree) -> None:
    portal = make(tree["reze"], "data.reze.fr")
    portal.organization.name = "[Rezé](https://evil.example) <b> `{insee}` **x**"
    filled = in_markdown("Bienvenue à {commune} ({insee}), {autre}", portal)
    assert filled.endswith("\\*\\*x\\*\\* (44143), {autre}")
    assert "\\[Rezé\\]\\(https\\:" in filled
    assert "\\{insee\\}" in filled, "what was put in is never read again"
    assert in_words("{commune}", portal) == portal.organization.name


def test_codes_are_texts_in_a_question(tree) -> None:
    portal = make(tree["reze"], "data.reze.fr")
    portal.organization.siren = '1" or "1'
    asked = "territory = {insee} or organization = {organization} or title = {siren} or title = {commune}"
    where, siren = in_query(asked, portal), json.dumps(portal.organization.siren)
    assert where == f'territory = "44143" or organization = "reze" or title = {siren} or title = {{commune}}'


def test_a_word_that_nothing_fills_is_told() -> None:
    refuse_unknown("{commune} {insee} { x } {}")
    with pytest.raises(errors.UnknownParameter):
        refuse_unknown("{mot_de_passe}")


# Blocks ---------------------------------------------------------------------------------------------------------------

KEPT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
)


@PATIENT
@given(KEPT | st.lists(st.dictionaries(st.sampled_from(["id", "kind", "title", "datasets"]), KEPT | st.just("text"))))
def test_whatever_is_kept_a_page_is_read(kept: object) -> None:
    blocks = read_blocks(kept)
    assert read_blocks(written(blocks)) == blocks


@PATIENT
@given(st.lists(st.sampled_from(BlockKind), max_size=6), st.integers(0, 6), st.sampled_from([-1, 1]))
def test_moving_loses_no_block(kinds: list[BlockKind], rank: int, step: int) -> None:
    blocks = [new_block(kind) for kind in kinds]
    some = blocks[rank].id if rank < len(blocks) else "gone"
    after = moved(blocks, some, step)
    assert sorted(one.id for one in after) == sorted(one.id for one in blocks)
    if 0 <= rank + step < len(blocks) and rank < len(blocks):
        assert after[rank + step].id == some


def test_a_page_has_an_end(tree) -> None:
    portal = make(tree["reze"], "data.reze.fr")
    assert read_blocks(portal.blocks) == USUAL
    with pytest.raises(errors.TooManyBlocks):
        arrange(portal=portal, change=lambda _: [new_block(BlockKind.TEXT)] * (MOST_BLOCKS + 1))
    arrange(portal=portal, change=lambda blocks: changed(blocks, USUAL[0].id, title="Chercher"))
    portal.refresh_from_db()
    assert read_blocks(portal.blocks)[0].title == "Chercher"
    assert read_blocks(back_to_usual(portal=portal).blocks) == USUAL


def test_chosen_datasets_have_an_end(tree, monkeypatch) -> None:
    monkeypatch.setattr("bocage.organizations.portals.services.MOST_CHOSEN", 2)
    portal = make(tree["reze"], "data.reze.fr")
    for uid in ("da_1", "da_1", "da_2"):
        add_chosen(portal=portal, uid=uid)
    with pytest.raises(errors.TooManyChosen):
        add_chosen(portal=portal, uid="da_3")


# Texts proposed ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def doors(tree) -> dict[str, Portal]:
    return {name: make(tree[name], f"data.{name}.fr") for name in ("metropole", "reze", "bouaye", "delegue")}


def texts_of(portal: Portal) -> list[tuple[str, str]]:
    return [(one.title, one.body) for one in read_blocks(Portal.objects.get(pk=portal.pk).blocks) if one.proposal]


def test_a_text_is_proposed_below_and_nowhere_else(doors) -> None:
    propose(portal=doors["metropole"], title="À {commune}", body="Code {insee}", about_territory=True)
    assert set(portals_below(doors["metropole"])) == {doors["reze"], doors["bouaye"]}
    for name, expected in (("metropole", 0), ("reze", 1), ("bouaye", 1), ("delegue", 0)):
        offered = offered_to(doors[name])
        assert len(offered) == expected
        assert all(one.is_new for one in offered)
        assert texts_of(doors[name]) == [], "nothing is written in somebody else's page"


def test_words_taken_stay_until_new_ones_are_taken(doors) -> None:
    proposal = propose(portal=doors["metropole"], title="Titre", body="Un", about_territory=False)
    reze, bouaye = doors["reze"], doors["bouaye"]
    for portal in (reze, bouaye):
        accept(portal=portal, offered=offered_one(portal, proposal.uid))
    rewrite(proposal=proposal, title="Titre", body="Deux", about_territory=False)
    reze, bouaye = Portal.objects.get(pk=reze.pk), Portal.objects.get(pk=bouaye.pk)
    assert texts_of(reze) == texts_of(bouaye) == [("Titre", "Un")]
    assert offered_one(reze, proposal.uid).is_changed
    accept(portal=reze, offered=offered_one(reze, proposal.uid))
    keep_former(portal=bouaye, offered=offered_one(bouaye, proposal.uid))
    assert (texts_of(reze), texts_of(bouaye)) == ([("Titre", "Deux")], [("Titre", "Un")])
    for portal in (reze, bouaye):
        found = offered_one(Portal.objects.get(pk=portal.pk), proposal.uid)
        assert not found.is_changed
        assert found.answer is not None
        assert found.answer.accepted
    rewrite(proposal=proposal, title="Titre", body="Deux", about_territory=False)
    assert not offered_one(reze, proposal.uid).is_changed, "the same words are no change"


def test_what_is_declined_leaves_the_page(doors) -> None:
    proposal = propose(portal=doors["metropole"], title="Titre", body="Un", about_territory=False)
    reze, bouaye = doors["reze"], doors["bouaye"]
    accept(portal=reze, offered=offered_one(reze, proposal.uid))
    decline(portal=bouaye, offered=offered_one(bouaye, proposal.uid))
    counted = proposals_of(doors["metropole"]).get()
    assert (counted.takers, counted.refusers) == (1, 1)
    reze = Portal.objects.get(pk=reze.pk)
    block = next(one for one in read_blocks(reze.blocks) if one.proposal)
    assert not block.may_be_edited
    remove_block(portal=reze, block_id=block.id)
    assert texts_of(reze) == []
    assert proposals_of(doors["metropole"]).get().takers == 0


def test_what_is_withdrawn_stays_with_those_who_took_it(doors) -> None:
    proposal = propose(portal=doors["metropole"], title="Titre", body="Un", about_territory=False)
    accept(portal=doors["reze"], offered=offered_one(doors["reze"], proposal.uid))
    withdraw(proposal=proposal)
    assert offered_to(doors["bouaye"]) == []
    assert texts_of(doors["reze"]) == [("Titre", "Un")]


def test_those_who_keep_the_portals_below_are_told(doors, tree) -> None:
    people = {}
    for name, role in (("reze", Role.COORDINATOR), ("bouaye", Role.MEMBER), ("delegue", Role.COORDINATOR)):
        people[name] = User.objects.create_user(f"{name}@example.fr")
        add_member(organization=tree[name], user=people[name], role=role)
    proposal = propose(portal=doors["metropole"], title="Titre", body="Un", about_territory=False)
    rewrite(proposal=proposal, title="Titre", body="Deux", about_territory=False)
    told = Notice.objects.order_by("pk").values_list("recipient__email", "code")
    assert set(told) == {("reze@example.fr", "portals.text-proposed"), ("reze@example.fr", "portals.text-changed")}


def test_a_text_with_an_unknown_word_is_not_proposed(doors) -> None:
    with pytest.raises(errors.UnknownParameter):
        propose(portal=doors["metropole"], title="Titre", body="{mot}", about_territory=False)
    assert not doors["metropole"].proposals.exists()
