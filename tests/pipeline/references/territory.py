"""A métropole that keeps the communes, a commune below it whose schools point to them, and people in both."""

from __future__ import annotations

from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.references.services import declare_link, mark_reference
from bocage.store.services import publish_version
from tests.store.making import staged, table

COMMUNES = "('44109', 'Nantes'), ('44143', 'Rezé'), ('44162', 'Saint-Herblain')"
SCHOOLS = "('e1', '44109'), ('e2', '44143'), ('e3', '44143'), ('e4', '99999'), ('e5', NULL), ('e6', ' ')"


class Territory:
    """`communes` is a reference, `schools` points to it once `link` is called."""

    def __init__(self, folder):
        self.folder = folder / "staging"
        self.metropole = create_organization(slug="nantes", name="Nantes Métropole", kind=OrganizationKind.EPCI)
        self.commune = create_organization(
            slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, parent=self.metropole
        )
        self.people = {}
        self.join("chloe", Role.COORDINATOR, self.metropole)
        self.join("sam", Role.STEWARD, self.metropole)
        self.join("rose", Role.STEWARD, self.commune)
        self.join("member", Role.MEMBER, self.commune)
        self.communes = self.dataset("communes", self.metropole)
        self.publish(self.communes, COMMUNES, code=T.STRING, nom=T.STRING)
        self.schools = self.dataset("ecoles", self.commune)
        self.publish(self.schools, SCHOOLS, id=T.STRING, insee=T.STRING)

    def join(self, name, role, organization):
        self.people[name] = User.objects.create_user(f"{name}@example.org", None, first_name=name.title())
        add_member(organization=organization, user=self.people[name], role=role)

    def may(self, name):
        return viewer_of(User.objects.get(pk=self.people[name].pk))

    def dataset(self, slug, organization, visibility="open"):
        return create_dataset(
            viewer=OPERATOR, organization=organization, slug=slug, title=slug.title(), visibility=visibility
        )

    def publish(self, dataset, values, **types):
        dataset.refresh_from_db()
        file = table(self.folder, values, **types)
        return publish_version(viewer=OPERATOR, dataset=dataset, staged=file)

    def publish_sql(self, dataset, sql, fields, **described):
        dataset.refresh_from_db()
        return publish_version(viewer=OPERATOR, dataset=dataset, staged=staged(self.folder, sql, fields, **described))

    def mark(self, kind=ReferenceKind.BOUNDARIES, key="code", label="nom", who="chloe"):
        self.communes.refresh_from_db()
        return mark_reference(viewer=self.may(who), dataset=self.communes, kind=kind, key=key, label=label)

    def link(self, layer, field="insee", who="rose"):
        self.schools.refresh_from_db()
        return declare_link(viewer=self.may(who), dataset=self.schools, field=field, reference=layer)
