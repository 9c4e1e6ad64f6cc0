"""Unread notices by e-mail: every day or every Monday, as each person chose, or never.

A notice is mailed once at most, whatever happens: it is marked, with the day of the message, before the message leaves. What is
lost with a process that is killed in between is still in the page. Rights are asked again when the message is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext, override

from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.organizations.notices.models import Notice, NoticeSetting, Rhythm
from bocage.organizations.notices.selectors import waiting_for_mail
from bocage.organizations.notices.telling import Told, told

HOUR = 7
"""Local time from which messages leave."""

SALT = "bocage.digest"
PEOPLE_AT_ONCE = 200
"""Messages of one round; the worker comes back for the others."""

READ_AT_ONCE = 200
LISTED = 30


@dataclass(frozen=True)
class Letter:
    """What one person is told. `more`: not listed, to be read in the page."""

    user: User
    told: tuple[Told, ...]
    more: int = 0


def rhythm_of(user: User) -> Rhythm:
    """What this person chose; every day by default."""
    chosen = NoticeSetting.objects.filter(user=user).values_list("rhythm", flat=True).first()
    return Rhythm(chosen) if chosen is not None else Rhythm.DAILY


def choose(user: User, rhythm: Rhythm) -> None:
    NoticeSetting.objects.update_or_create(user=user, defaults={"rhythm": rhythm})


def token_of(user: User) -> str:
    """What proves, in a link, that a message was received."""
    return signing.dumps(user.pk, salt=SALT)


def user_of_token(token: str) -> User | None:
    try:
        return User.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None


def send_due() -> int:
    """Send the messages that are due; how many left. Bounded: call it again."""
    instant = now()
    letters = (take(user, instant) for user in _waiting(instant)[:PEOPLE_AT_ONCE])
    return sum(_send(letter) for letter in letters if letter is not None)


@transaction.atomic
def take(user: User, instant: datetime) -> Letter | None:
    """What to tell this person now, marked as told; None when nothing is due. The process that changes the row is the one
    that tells."""
    NoticeSetting.objects.get_or_create(user=user)
    rhythm = rhythm_of(user)
    moment = _moment(instant, rhythm)
    mine = NoticeSetting.objects.filter(user=user, rhythm=rhythm)
    if moment is None or not mine.exclude(sent_at__gte=moment).update(sent_at=instant):
        return None
    notices = waiting_for_mail(user, READ_AT_ONCE)
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=instant)
    with override(settings.LANGUAGE_CODE):
        sentences = told(user, notices)
    if not sentences:
        return None
    return Letter(user, tuple(sentences[:LISTED]), max(0, len(sentences) - LISTED))


def message(letter: Letter) -> EmailMessage:
    """Plain text, in the language of the platform."""
    root = settings.BOCAGE.public_url.rstrip("/")
    stop = f"{root}/console/digest/stop/{token_of(letter.user)}/"
    count = len(letter.told) + letter.more
    with override(settings.LANGUAGE_CODE):
        subject = ngettext("%(count)s thing concerns you", "%(count)s things concern you", count) % {"count": count}
        context = {"letter": letter, "root": root, "stop": stop, "name": letter.user.first_name}
        return EmailMessage(
            subject,
            render_to_string("organizations/notices.txt", context),
            to=[letter.user.email],
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def _waiting(instant: datetime) -> QuerySet[User]:
    """Active people who have something to read, and have not had the message of this day, or of this week."""
    due = Q(pk__in=[])
    for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY):
        if (moment := _moment(instant, rhythm)) is not None:
            chosen = Q(notice_setting__rhythm=rhythm)
            if rhythm == Rhythm.DAILY:
                chosen |= Q(notice_setting=None)
            due |= chosen & (Q(notice_setting__sent_at=None) | Q(notice_setting__sent_at__lt=moment))
    unread = Notice.objects.filter(read_at=None, mailed_at=None).values("recipient")
    return User.objects.filter(due, is_active=True, pk__in=unread).order_by("pk")


def _moment(instant: datetime, rhythm: Rhythm) -> datetime | None:
    """The moment from which the messages of this day, or of this week, leave; None when there is none, or not yet."""
    local = timezone.localtime(instant)
    day = local - timedelta(days=local.weekday()) if rhythm == Rhythm.WEEKLY else local
    moment = day.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return None if rhythm == Rhythm.NEVER or local < moment else moment


def _send(letter: Letter) -> int:
    return message(letter).send(fail_silently=True)
