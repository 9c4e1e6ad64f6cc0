"""Words written once by a portal, and proposed to those of the organisations below: each takes them, or not, in one gesture.

What was taken is kept in the home page of whoever took it, as it was then: a change of the words is proposed again, and is
never made in somebody else's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from bocage.kernel.clock import now
from bocage.kernel.errors import NotFound
from bocage.organizations.models import Membership, Portal, Proposal, ProposalAnswer
from bocage.organizations.notices.kinds import NoticeKind
from bocage.organizations.notices.services import notify
from bocage.organizations.noticing import TEXT_CHANGED, TEXT_PROPOSED
from bocage.organizations.portals.blocks import Block, new_block, read_blocks, without
from bocage.organizations.portals.errors import TooManyProposals
from bocage.organizations.portals.parameters import refuse_unknown
from bocage.organizations.portals.services import arrange
from bocage.organizations.portals.vocabulary import BlockKind
from bocage.organizations.services import RESPONSIBLE

MOST_PROPOSALS = 50


@dataclass(frozen=True)
class Offered:
    """A proposal as a portal below finds it. `taken`: the words it shows already."""

    proposal: Proposal
    answer: ProposalAnswer | None
    taken: Block | None

    @property
    def is_new(self) -> bool:
        return self.answer is None

    @property
    def is_changed(self) -> bool:
        """Said yes or no to other words than those of today."""
        return self.answer is not None and self.answer.edition < self.proposal.edition


def portals_below(portal: Portal) -> QuerySet[Portal]:
    """The open portals to which this one proposes: of its organisation and of those below it, but itself."""
    path = portal.organization.path
    within = Q(organization__path__startswith=path) if path else Q(organization=portal.organization_id)
    return Portal.objects.filter(within, closed_at=None).exclude(pk=portal.pk)


def proposals_of(portal: Portal) -> QuerySet[Proposal]:
    """What it proposes, with the numbers of portals that took it, that did not, and that show former words."""
    return portal.proposals.filter(withdrawn_at=None).annotate(
        takers=Count("answers", filter=Q(answers__accepted=True)),
        refusers=Count("answers", filter=Q(answers__accepted=False)),
    )


def offered_to(portal: Portal) -> list[Offered]:
    """What the portals above propose to this one, the last changed first. Two queries."""
    above = [int(part) for part in portal.organization.path.split("/") if part] or [portal.organization_id]
    found = Proposal.objects.filter(
        withdrawn_at=None, portal__closed_at=None, portal__organization_id__in=above
    ).exclude(portal_id=portal.pk)
    proposals = list(found.select_related("portal", "portal__organization")[:MOST_PROPOSALS])
    answers = {one.proposal_id: one for one in portal.answers.filter(proposal__in=proposals)}
    taken = {block.proposal: block for block in read_blocks(portal.blocks) if block.proposal}
    return [Offered(one, answers.get(one.pk), taken.get(one.uid)) for one in proposals]


def offered_one(portal: Portal, uid: str) -> Offered:
    """Raises NotFound, for what is proposed to others as for what does not exist."""
    found = next((one for one in offered_to(portal) if one.proposal.uid == uid), None)
    if found is None:
        raise NotFound(kind=_("The proposed text"), name=uid)
    return found


@transaction.atomic
def propose(*, portal: Portal, title: str, body: str, about_territory: bool) -> Proposal:
    """Raises UnknownParameter, TooManyProposals, ValidationError."""
    if portal.proposals.filter(withdrawn_at=None).count() >= MOST_PROPOSALS:
        raise TooManyProposals(most=MOST_PROPOSALS)
    proposal = Proposal(portal=portal)
    _write(proposal, title, body, about_territory=about_territory)
    _tell(proposal, TEXT_PROPOSED)
    return proposal


@transaction.atomic
def rewrite(*, proposal: Proposal, title: str, body: str, about_territory: bool) -> Proposal:
    """Those who took the former words keep them until they take these. Raises UnknownParameter, ValidationError."""
    proposal = Proposal.objects.select_for_update().select_related("portal__organization").get(pk=proposal.pk)
    if (proposal.title, proposal.body, proposal.about_territory) == (title.strip(), body.strip(), about_territory):
        return proposal
    proposal.edition += 1
    _write(proposal, title, body, about_territory=about_territory)
    _tell(proposal, TEXT_CHANGED)
    return proposal


@transaction.atomic
def withdraw(*, proposal: Proposal) -> None:
    """It is proposed to nobody any more; what was taken stays where it is, as the words of whoever took it."""
    Proposal.objects.filter(pk=proposal.pk, withdrawn_at=None).update(withdrawn_at=now())


@transaction.atomic
def put_back(*, proposal: Proposal) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(withdrawn_at=None)


@transaction.atomic
def accept(*, portal: Portal, offered: Offered) -> None:
    """The words of today stand in the home page: where the former ones stood, or at its end. Raises TooManyBlocks."""
    proposal = offered.proposal
    said = {"title": proposal.title, "body": proposal.body, "territory": proposal.about_territory}

    def take(blocks: Sequence[Block]) -> Sequence[Block]:
        fresh = new_block(BlockKind.TEXT, proposal=proposal.uid, **said)
        shown = [fresh if one.proposal == proposal.uid else one for one in blocks]
        return shown if fresh in shown else [*shown, fresh]

    arrange(portal=portal, change=take)
    _answer(portal, proposal, accepted=True)


@transaction.atomic
def decline(*, portal: Portal, offered: Offered) -> None:
    """Its words leave the home page, if they stood there."""
    proposal = offered.proposal
    if offered.taken is not None:
        arrange(portal=portal, change=lambda blocks: [one for one in blocks if one.proposal != proposal.uid])
    _answer(portal, proposal, accepted=False)


@transaction.atomic
def remove_block(*, portal: Portal, block_id: str) -> None:
    """Take a block out of the home page; words that were accepted are then declined."""
    found = next((one for one in read_blocks(portal.blocks) if one.id == block_id), None)
    arrange(portal=portal, change=lambda blocks: without(blocks, block_id))
    if found is not None and found.proposal:
        portal.answers.filter(proposal__uid=found.proposal).update(accepted=False, answered_at=now())


@transaction.atomic
def keep_former(*, portal: Portal, offered: Offered) -> None:
    """The words of today were read, and the former ones are kept."""
    _answer(portal, offered.proposal, accepted=offered.taken is not None)


def _answer(portal: Portal, proposal: Proposal, *, accepted: bool) -> None:
    ProposalAnswer.objects.update_or_create(
        proposal=proposal,
        portal=portal,
        defaults={"accepted": accepted, "edition": proposal.edition, "answered_at": now()},
    )


def _write(proposal: Proposal, title: str, body: str, *, about_territory: bool) -> None:
    refuse_unknown(f"{title} {body}")
    proposal.title, proposal.body, proposal.about_territory = title.strip(), body.strip(), about_territory
    proposal.changed_at = now()
    proposal.full_clean()
    proposal.save()


def _tell(proposal: Proposal, kind: NoticeKind) -> None:
    """Those who keep the portals below, each with the address of the page where they answer."""
    below = portals_below(proposal.portal)
    keepers = Membership.objects.filter(role__in=RESPONSIBLE, organization__portals__in=below)
    notify(
        keepers.values_list("user_id", flat=True).distinct(),
        kind,
        address="/console/portals/",
        author=proposal.portal.name,
        title=proposal.title,
    )
