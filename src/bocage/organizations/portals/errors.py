"""Why a portal cannot be so."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class InvalidDomain(TerminalError):
    code = "portals.invalid-domain"
    message = _("“%(domain)s” is not the name of a site.")
    mend = _("Write the name alone, without https:// nor a final slash, for example: donnees.ville.fr.")


class DomainTaken(TerminalError):
    code = "portals.domain-taken"
    message = _("“%(domain)s” is already the name of a portal, open or closed.")
    mend = _("Choose another name, or reopen the portal that has it.")


class DomainOfPlatform(TerminalError):
    code = "portals.domain-of-platform"
    message = _("“%(domain)s” is the address of the platform itself.")
    mend = _("Choose another name, for example one below it.")


class PlatformNameless(TerminalError):
    code = "portals.platform-nameless"
    message = _("The platform does not know its own name: until then, “%(domain)s” could be it.")
    mend = _(
        "Ask those who run it to set BOCAGE_PUBLIC_URL. For a trial, choose a name in .localhost, as in ville.localhost."
    )


class DomainOfOthers(TerminalError):
    code = "portals.domain-of-others"
    message = _("“%(domain)s” belongs with “%(other)s”, which is kept by %(owner)s.")
    mend = _("Ask them to make the portal, or choose a name of your own.")


class DomainNotAnswered(TerminalError):
    code = "portals.domain-not-answered"
    message = _("The platform does not answer to the name “%(domain)s” yet.")
    mend = _("Ask those who run it to add the name to BOCAGE_ALLOWED_HOSTS.")


class EveryHost(TerminalError):
    code = "portals.every-host"
    message = _("The portal that answers every other name is kept by those who run the platform.")


class LogoRefused(TerminalError):
    code = "portals.logo-refused"
    message = _("This file cannot be the logo: a PNG or WebP picture is expected, that does not move.")
    mend = _("A drawing in SVG may hold programs: export it as PNG.")


class LogoTooLarge(TerminalError):
    code = "portals.logo-too-large"
    message = _("The logo is larger than %(kilobytes)s kB or %(side)s pixels a side.")
    mend = _("Reduce it: it is shown 40 pixels high.")


class TooManyBlocks(TerminalError):
    code = "portals.too-many-blocks"
    message = _("A home page has %(most)s blocks at most.")
    mend = _("Remove one first.")


class TooManyChosen(TerminalError):
    code = "portals.too-many-chosen"
    message = _("A portal shows %(most)s datasets chosen one by one at most.")
    mend = _("Describe them by a question instead.")


class UnknownParameter(TerminalError):
    code = "portals.unknown-parameter"
    message = _("“{%(name)s}” is not a word that is replaced.")
    mend = _("Those that are: %(known)s.")


class TooManyProposals(TerminalError):
    code = "portals.too-many-proposals"
    message = _("A portal proposes %(most)s texts at most.")
    mend = _("Withdraw one that serves no more.")
