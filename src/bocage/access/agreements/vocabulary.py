"""What an agreement may be, on what ground, and what is done with it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """What was done. Whether it opens anything today also depends on its dates: see `Standing`."""

    DRAFTED = "drafted", _("Draft")
    PROPOSED = "proposed", _("To be signed")
    SIGNED = "signed", _("Signed")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


class Standing(TextChoices):
    """What a reader of the page needs to know: the state, told with the dates."""

    DRAFTED = "drafted", _("Draft")
    PROPOSED = "proposed", _("To be signed")
    TO_COME = "to-come", _("Signed, begins later")
    IN_FORCE = "in-force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    OVER = "over", _("Past its end")
    ENDED = "ended", _("Ended")


class Step(TextChoices):
    PROPOSE = "propose", _("Propose for signature")
    SIGN = "sign", _("Sign")
    CORRECT = "correct", _("Send back to draft")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Put back in force")
    END = "end", _("End")

    @property
    def told(self) -> str:
        """Once it is done."""
        return str(_DONE[self])


_DONE = {
    Step.PROPOSE: _("Proposed for signature"),
    Step.SIGN: _("Signed"),
    Step.CORRECT: _("Sent back to draft"),
    Step.SUSPEND: _("Suspended"),
    Step.RESUME: _("Back in force"),
    Step.END: _("Ended"),
}


class Side(TextChoices):
    PRODUCER = "producer", _("holds the data")
    CONSUMER = "consumer", _("uses the data")


class LegalBasis(TextChoices):
    """The six of article 6(1) of the GDPR, and what lies outside of it."""

    NOT_PERSONAL = "not-personal", _("No personal data")
    CONSENT = "consent", _("Consent of the people concerned (GDPR, article 6(1)(a))")
    CONTRACT = "contract", _("Performance of a contract (GDPR, article 6(1)(b))")
    LEGAL_OBLIGATION = "legal-obligation", _("Legal obligation (GDPR, article 6(1)(c))")
    VITAL_INTERESTS = "vital-interests", _("Vital interests of a person (GDPR, article 6(1)(d))")
    PUBLIC_TASK = "public-task", _("Task carried out in the public interest (GDPR, article 6(1)(e))")
    LEGITIMATE_INTERESTS = "legitimate-interests", _("Legitimate interests (GDPR, article 6(1)(f))")
    OTHER = "other", _("Other, told in the purpose")
