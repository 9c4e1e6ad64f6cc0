"""What the journal tells of."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    READ = "read", _("Data read")
    GRANT_GIVEN = "grant.given", _("Exception given")
    GRANT_ENDED = "grant.ended", _("Exception ended")
    RULE_GIVEN = "rule.given", _("Rule on what is seen, made")
    RULE_ENDED = "rule.ended", _("Rule on what is seen, ended")
    AGREEMENT_MOVED = "agreement.moved", _("Agreement moved on")
    AGREEMENT_DOCUMENT = "agreement.document", _("Document of an agreement")
    REQUEST_MADE = "request.made", _("Access asked")
    REQUEST_GRANTED = "request.granted", _("Access granted on request")
    REQUEST_REFUSED = "request.refused", _("Access refused on request")
    MEMBER_ADDED = "member.added", _("Role given")
    MEMBER_CHANGED = "member.changed", _("Role changed")
    MEMBER_REMOVED = "member.removed", _("Role taken away")
    IDENTITY_LINKED = "account.linked", _("Account linked to an identity")
    IDENTITY_UNLINKED = "account.unlinked", _("Identity unlinked from an account")
    FACTOR_ASKED = "account.factor-asked", _("Second factor asked of accounts")
    FACTOR_RESET = "account.factor-reset", _("Lost second factor taken away")
    ACCOUNT_SUSPENDED = "account.suspended", _("Account suspended")
    ACCOUNT_REINSTATED = "account.reinstated", _("Account put back in use")
    GROUP_MADE = "group.made", _("Working group made")
    GROUP_JOINED = "group.joined", _("Joined a working group")
    GROUP_LEFT = "group.left", _("Left a working group")
    GROUP_DISSOLVED = "group.dissolved", _("Working group dissolved")
    KEY_MADE = "key.made", _("Key made")
    KEY_REVOKED = "key.revoked", _("Key revoked")
    KEY_RESTORED = "key.restored", _("Key restored")
    DATASET_MADE = "dataset.made", _("Dataset created")
    DATASET_VISIBILITY = "dataset.visibility", _("Visibility changed")
    DATASET_MOVED = "dataset.moved", _("Dataset handed to another organisation")
    DATASET_DELETED = "dataset.deleted", _("Dataset deleted")
    VERSION_PUBLISHED = "version.published", _("Version published")
    VERSION_RESTORED = "version.restored", _("Version put back")
    VERSION_DELETED = "version.deleted", _("Version deleted")
    REVIEW_REQUIRED = "review.required", _("Review before publication, asked for")
    REVIEW_LIFTED = "review.lifted", _("Review before publication, lifted")
    REVIEW_ACCEPTED = "review.accepted", _("Proposed version accepted")
    REVIEW_RETURNED = "review.returned", _("Proposed version sent back")
    REVIEW_WITHDRAWN = "review.withdrawn", _("Proposed version withdrawn")
    ORGANIZATION_MADE = "organization.made", _("Organisation created")
    ORGANIZATION_CHANGED = "organization.changed", _("Organisation changed")
    ORGANIZATION_MERGED = "organization.merged", _("Organisation that joined another")
    PORTAL_MADE = "portal.made", _("Portal opened")
    PORTAL_CHANGED = "portal.changed", _("Portal changed")
    PORTAL_CLOSED = "portal.closed", _("Portal closed")
    OFFICER_NAMED = "officer.named", _("Data protection officer named")
    OFFICER_ENDED = "officer.ended", _("Data protection officer no longer")
    JOURNAL_EXPORTED = "journal.exported", _("Journal exported")
    JOURNAL_PRUNED = "journal.pruned", _("Oldest entries of the journal removed")


class Door(TextChoices):
    """By which way something was asked."""

    PAGE = "page", _("Page of the portal")
    EMBED = "embed", _("Embedded page")
    CONSOLE = "console", _("Console")
    API = "api", _("Programming interface")
    EXPORT = "export", _("Downloaded file")
    FILE = "file", _("Document")
    TILES = "tiles", _("Map tiles")
    MAP_SERVICE = "ogc", _("Geographic interface")
    FEED = "feed", _("Catalogue feed")
    PUSH = "push", _("Push of records")
    OTHER = "other", _("Another address")
    PLATFORM = "", _("The platform itself")
