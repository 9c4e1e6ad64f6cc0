"""The language of pages: the visitor's choice, else what their browser asks for, else that of the portal."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from bocage.portal.context import current_portal


class PortalLanguage(LocaleMiddleware):
    """Django's, and the language of the portal for those who ask for none that the platform speaks: search engines, readers of
    feeds, strangers. Only for public pages: machines that watch the platform ask nothing of its database."""

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        match = request.resolver_match
        if match is None or match.app_name != "portal" or asks_for_a_language(request):
            return
        door = current_portal(request)
        if door.language != translation.get_language():
            translation.activate(door.language)
            request.LANGUAGE_CODE = translation.get_language()


def asks_for_a_language(request: HttpRequest) -> bool:
    """By the cookie of a choice, or by the header of a browser; in a language that the platform speaks."""
    codes = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    codes += [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return any(_is_spoken(code) for code in codes if code and code != "*")


def _is_spoken(code: str) -> bool:
    try:
        get_supported_language_variant(code)
    except LookupError:
        return False
    return True
