"""The weekly message to coordinators: what changed in the quality of their data, and the three things most worth doing.

Everything is gathered for all of them at once; the message itself is rendered for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from bocage.access.models import Grant
from bocage.access.rules import decide
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action as Right
from bocage.access.vocabulary import Effect
from bocage.catalog.models import Dataset
from bocage.check.models import DigestSetting, Score
from bocage.check.quality.actions import Action, next_actions
from bocage.check.quality.facts import Facts
from bocage.check.quality.gathering import facts_of
from bocage.check.quality.words import action_sentence, points
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, User
from bocage.organizations.notices.mailing import Letter, take, token_of
from bocage.organizations.vocabulary import Role
from bocage.store.models import Version

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bocage.access.viewer import Viewer

WEEK = timedelta(days=7)
HOUR = 7
"""Local time on Monday from which messages leave."""

LISTED = 8


@dataclass(frozen=True)
class Change:
    """A dataset whose score moved: from 0 to 100."""

    dataset: Dataset
    before: int
    after: int


@dataclass(frozen=True)
class Advice:
    dataset: Dataset
    sentence: str
    gain: str


@dataclass(frozen=True)
class Digest:
    """What one person is told. `score`: mean of today; `before`: a week ago, None when it was not known."""

    user: User
    organizations: tuple[str, ...]
    score: int
    before: int | None
    better: tuple[Change, ...] = ()
    worse: tuple[Change, ...] = ()
    published: tuple[tuple[Dataset, int], ...] = ()
    waiting: tuple[tuple[Dataset, int], ...] = ()
    late: tuple[Dataset, ...] = ()
    advice: tuple[Advice, ...] = ()
    letter: Letter | None = None


@dataclass
class _Week:
    """What is known of the datasets of everybody concerned."""

    datasets: list[Dataset]
    facts: dict[int, Facts]
    today: dict[int, float]
    before: dict[int, float]
    published: dict[int, int] = field(default_factory=dict)


def recipients() -> QuerySet[User]:
    """Active coordinators and administrators who did not say that they want no message."""
    roles = [role.value for role in Role if role.rank >= Role.COORDINATOR.rank]
    found = User.objects.filter(is_active=True, memberships__role__in=roles).exclude(digest_setting__wanted=False)
    return found.distinct()


def due(instant: datetime) -> datetime | None:
    """The moment from which this week's messages leave, when it has come."""
    local = timezone.localtime(instant)
    monday = (local - timedelta(days=local.weekday())).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return monday if local >= monday else None


def send_due() -> int:
    """Send this week's messages to those who have not had theirs; how many. Each leaves once at most, whatever happens."""
    moment = due(now())
    if moment is None:
        return 0
    waiting = list(recipients().exclude(digest_setting__sent_at__gte=moment))
    return sum(_send(_with_notices(digest)) for digest in digests(waiting) if _take(digest.user, moment))


def digests(users: Sequence[User]) -> list[Digest]:
    """The messages of these people, for those who have something published. A handful of statements for all of them."""
    roles = [role.value for role in Role if role.rank >= Role.COORDINATOR.rank]
    rows = Membership.objects.filter(user__in=users, role__in=roles).select_related("organization")
    of_user: dict[int, dict[int, str]] = {}
    for row in rows:
        of_user.setdefault(row.user_id, {})[row.organization_id] = row.organization.name
    week = _week({pk for names in of_user.values() for pk in names})
    refused = Grant.objects.in_force().filter(effect=Effect.DENY).exists()
    made = (_digest(user, of_user.get(user.pk, {}), week, viewer_of(user) if refused else None) for user in users)
    return [digest for digest in made if digest is not None]


def message(digest: Digest) -> EmailMultiAlternatives:
    """The message, in text and HTML, in the language of the platform."""
    root = settings.BOCAGE.public_url.rstrip("/")
    stop = f"{root}/console/digest/stop/{token_of(digest.user)}/"
    with override(settings.LANGUAGE_CODE):
        context = {"digest": digest, "root": root, "stop": stop, "name": digest.user.first_name}
        made = EmailMultiAlternatives(
            gettext("Your data this week: %(score)s out of 100") % {"score": digest.score},
            render_to_string("check/digest.txt", context),
            to=[digest.user.email],
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )
        made.attach_alternative(render_to_string("check/digest.html", context), "text/html")
    return made


def want(user: User, wanted: bool) -> None:
    """Receive the message every week, or no more."""
    DigestSetting.objects.update_or_create(user=user, defaults={"wanted": wanted})


def wants(user: User) -> bool:
    return not DigestSetting.objects.filter(user=user, wanted=False).exists()


def _with_notices(digest: Digest) -> Digest:
    """What the person was told otherwise goes in the same message, if they want it mailed."""
    return replace(digest, letter=take(digest.user, now()))


def _take(user: User, moment: datetime) -> bool:
    """The process that changes the row is the one that sends."""
    DigestSetting.objects.get_or_create(user=user)
    mine = DigestSetting.objects.filter(user=user, wanted=True)
    return bool(mine.exclude(sent_at__gte=moment).update(sent_at=now()))


def _send(digest: Digest) -> int:
    return message(digest).send(fail_silently=True)


def _week(organizations: Iterable[int]) -> _Week:
    instant = now()
    today = timezone.localtime(instant).date()
    datasets = list(Dataset.objects.filter(organization__in=set(organizations)).select_related("organization"))
    scores = Score.objects.filter(dataset__in=datasets)
    last = dict(scores.filter(day__lte=today, day__gt=today - WEEK).order_by("day").values_list("dataset", "total"))
    before = dict(
        scores.filter(day__lte=today - WEEK, day__gt=today - 2 * WEEK).order_by("day").values_list("dataset", "total")
    )
    versions = Version.objects.filter(dataset__in=datasets, created_at__gte=instant - WEEK)
    published = dict(
        versions.values_list("dataset").annotate(count=Count("pk")).order_by().values_list("dataset", "count")
    )
    return _Week(datasets, facts_of(datasets, instant), last, before, published)


def _digest(user: User, organizations: dict[int, str], week: _Week, viewer: Viewer | None = None) -> Digest | None:
    """`viewer`: asked when somebody is refused something, for a coordinator may be refused a dataset of their organisation."""
    mine = [dataset for dataset in week.datasets if dataset.organization_id in organizations]
    mine = [dataset for dataset in mine if viewer is None or decide(viewer, Right.MANAGE, dataset)]
    scored = [dataset for dataset in mine if dataset.pk in week.today]
    if not scored:
        return None
    known = [dataset for dataset in scored if dataset.pk in week.before]
    changes = [Change(one, _percent(week.before[one.pk]), _percent(week.today[one.pk])) for one in known]
    moved = sorted(changes, key=lambda change: change.after - change.before)
    return Digest(
        user=user,
        organizations=tuple(sorted(organizations.values())),
        score=_mean(week.today[one.pk] for one in scored),
        before=_mean(week.before[one.pk] for one in known) if known else None,
        better=tuple(change for change in reversed(moved) if change.after > change.before)[:LISTED],
        worse=tuple(change for change in moved if change.after < change.before)[:LISTED],
        published=tuple((one, week.published[one.pk]) for one in mine if one.pk in week.published)[:LISTED],
        waiting=tuple((one, waiting) for one in mine if (waiting := week.facts[one.pk].waiting_rows))[:LISTED],
        late=tuple(one for one in mine if week.facts[one.pk].published and not week.facts[one.pk].is_up_to_date)[
            :LISTED
        ],
        advice=_advice(scored, week.facts),
    )


def _advice(datasets: Sequence[Dataset], facts: dict[int, Facts]) -> tuple[Advice, ...]:
    """The three actions that gain most, on three datasets when there are as many."""
    best: list[tuple[Dataset, Action]] = [
        (dataset, action) for dataset in datasets for action in next_actions(facts[dataset.pk], most=1)
    ]
    best.sort(key=lambda one: -one[1].gain)
    return tuple(Advice(dataset, action_sentence(one.code, one.fields), points(one.gain)) for dataset, one in best[:3])


def _percent(value: float) -> int:
    return round(100 * value)


def _mean(values: Iterable[float]) -> int:
    known = list(values)
    return _percent(sum(known) / len(known))
