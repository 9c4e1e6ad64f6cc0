"""Load the demonstration: organisations, datasets, real files if any, the feed. Interrupted, it goes on where it stopped."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.references.selectors import layer_of
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.check.choosing import choose_reference
from bocage.check.conformities import follow_record
from bocage.demo import samples  # noqa: F401  registers the samples
from bocage.demo.exchanges import load_exchanges
from bocage.demo.feed import FEED_PATH, FEED_SLUG
from bocage.demo.organizations import METROPOLE, load_organizations
from bocage.demo.portals import load_portals
from bocage.demo.publishing import publish
from bocage.demo.registry import load_registry
from bocage.demo.reviews import load_reviews
from bocage.demo.sample import NOTE, SAMPLES, Sample
from bocage.demo.writing import EARLIER
from bocage.kernel.errors import TerminalError
from bocage.organizations.models import Organization, User
from bocage.pipeline.references.services import declare_link, mark_reference
from bocage.pipeline.services import follow_url
from bocage.pipeline.vocabulary import RunStatus
from bocage.store import process


class DemonstrationFailed(TerminalError):
    """A sample could not be published: a fault of ours."""

    code = "demo.failed"
    message = _("The demonstration dataset “%(dataset)s” could not be published: %(reason)s.")


Progress = Callable[[str], None]

FEED_EVERY = timedelta(minutes=5)
MARKED = (
    ("communes", ReferenceKind.BOUNDARIES, "code_insee", "nom"),
    ("base-adresse-locale", ReferenceKind.ADDRESSES, "cle_interop", "voie_nom"),
    ("voies", ReferenceKind.ROADS, "id_voie", "nom"),
)
"""Identifier, kind, key and names of the references."""

POINTING = (("parkings", "insee"), ("places-creches", "code_insee"), ("agenda-evenements", "code_insee"))
"""Datasets whose column holds codes of communes, as far as they have it."""


def accounts_path() -> Path:
    return Path(settings.DATA_DIR) / "demo.accounts.json"


def marker_path() -> Path:
    """Exists once everything is loaded; `/readyz` looks for it."""
    return Path(settings.DATA_DIR) / "demo.loaded"


def load(*, address: str, say: Progress) -> None:
    """Load what is missing. `address`: where this site will answer, for the feed."""
    if not accounts_path().exists():
        say("Organisations et comptes")
        _keep_accounts()
    load_registry()
    todo = [s for s in SAMPLES if not _is_complete(s)]
    for rank, sample in enumerate(todo, 1):
        say(f"Jeux de données {rank}/{len(todo)} : {sample.title}")
        load_sample(sample)
    _choose_references()
    say("Conventions, demandes d’accès, portails, relectures")
    load_exchanges()
    load_portals()
    load_reviews()
    _follow_feed(address)
    process.close()  # the tables it has made are on disk, for the site: this process only watches over it from now on
    marker_path().touch()


def _keep_accounts() -> None:
    Organization.objects.all().delete()  # only leftovers of a load interrupted before its accounts were written
    User.objects.all().delete()
    text = json.dumps([asdict(account) for account in load_organizations()], ensure_ascii=False, indent=1)
    handle = os.open(accounts_path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _is_complete(sample: Sample) -> bool:
    number = Dataset.objects.filter(slug=sample.slug).values_list("version_number", flat=True).first()
    return number is not None and number >= sample.updates


def load_sample(sample: Sample) -> Dataset:
    """Create the dataset and publish its versions, oldest first; only the ones that are missing."""
    organization = Organization.objects.get(slug=sample.organization)
    dataset = Dataset.objects.filter(slug=sample.slug).first() or create_dataset(
        viewer=OPERATOR,
        organization=organization,
        slug=sample.slug,
        title=sample.title,
        description=sample.description,
        visibility=sample.visibility,
        themes=[theme.value for theme in sample.themes],
        keywords=list(sample.keywords),
        licence=sample.licence,
        update_frequency=sample.frequency,
        territory=[organization.insee_code] if organization.insee_code else [],
        contact_name=f"Service données, {organization.name}",
        contact_email=f"donnees.{organization.slug}@demo.bocage.example",
        conforms_to=sample.conforms_to,
        primary_key=list(sample.key),
    )
    if sample.follows:
        record = {"schema": sample.follows.schema, "version": sample.follows.number, "policy": sample.follows.policy}
        follow_record(viewer=OPERATOR, dataset=dataset, record=record)
    done = dataset.version_number or 0
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        for number in range(done + 1, sample.updates + 1):
            EARLIER.set(sample.updates - number)
            file = sample.make(Random(sample.slug), Path(folder))
            run = publish(dataset, file, warm=number == sample.updates)
            if run.status not in (RunStatus.DONE, RunStatus.UNCHANGED):
                raise DemonstrationFailed(dataset=sample.slug, reason=run.error.get("code", run.status))
            dataset.refresh_from_db()
    return dataset


def _choose_references() -> None:
    """Names of communes are facts. Outlines are not chosen: they are drawn, and would refuse places that are right."""
    communes = Dataset.objects.get(slug="communes")
    choose_reference(viewer=OPERATOR, name="communes", dataset=communes, columns={"code": "code_insee", "nom": "nom"})
    for slug, kind, key, label in MARKED:
        dataset = Dataset.objects.get(slug=slug)
        if layer_of(dataset) is None:
            mark_reference(viewer=OPERATOR, dataset=dataset, kind=kind, key=key, label=label)
    known = layer_of(communes)
    for slug, field in POINTING:
        dataset = Dataset.objects.get(slug=slug)
        if known is not None and any(one.name == field for one in dataset.fields):
            declare_link(viewer=OPERATOR, dataset=dataset, field=field, reference=known)


def _follow_feed(address: str) -> None:
    """The dataset polled every five minutes from this very site."""
    dataset = Dataset.objects.filter(slug=FEED_SLUG).first() or create_dataset(
        viewer=OPERATOR,
        organization=Organization.objects.get(slug=METROPOLE),
        slug=FEED_SLUG,
        title="Places libres dans les parkings, en temps réel",
        description="Le nombre de places libres de chaque parc, relevé toutes les cinq minutes." + NOTE,
        visibility="open",
        themes=[Theme.MOBILITY.value],
        keywords=["stationnement", "temps réel", "parkings"],
        licence=Licence.LICENCE_OUVERTE,
        update_frequency=Frequency.UPDATE_CONT,
        primary_key=["id"],
        contact_email=f"donnees.{METROPOLE}@demo.bocage.example",
    )
    url = f"{address.rstrip('/')}/{FEED_PATH}"
    source = getattr(dataset, "capture_source", None)
    if source is None or source.url != url:
        follow_url(viewer=OPERATOR, dataset=dataset, url=url, every=FEED_EVERY)
