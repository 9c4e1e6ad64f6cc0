"""Code lists, for people and in SKOS."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bocage.check.models import CodeList, CodeListEdition
from bocage.check.registry.addresses import code_list_path
from bocage.check.registry.skos import as_jsonld, as_turtle
from bocage.kernel.errors import NotFound
from bocage.kernel.public_address import public_address
from bocage.portal.views.schema_files import with_validator

PAGE_SIZE = 200


@require_safe
def code_lists(request: HttpRequest) -> HttpResponse:
    found = CodeList.objects.select_related("organization").annotate(edition_count=Count("editions"))
    return render(request, "portal/schemas/code_lists.html", {"code_lists": found})


@require_safe
def code_list(request: HttpRequest, name: str) -> HttpResponse:
    """The current edition, or `?edition=`."""
    edition = _edition(name, request.GET.get("edition", "")[:40])
    context = {
        "code_list": edition.code_list,
        "edition": edition,
        "editions": edition.code_list.editions.defer("codes"),
        "page": Paginator(edition.codes, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "portal/schemas/code_list.html", context)


@require_safe
def skos_turtle(request: HttpRequest, name: str, number: str) -> HttpResponse:
    edition = _edition(name, number)
    text = as_turtle(edition, address=public_address(request, code_list_path(name)))
    return with_validator(request, text.encode(), "text/turtle; charset=utf-8")


@require_safe
def skos_jsonld(request: HttpRequest, name: str, number: str) -> HttpResponse:
    edition = _edition(name, number)
    data = as_jsonld(edition, address=public_address(request, code_list_path(name)))
    content = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return with_validator(request, content, "application/ld+json; charset=utf-8")


def _edition(name: str, number: str) -> CodeListEdition:
    found = CodeListEdition.objects.select_related("code_list", "code_list__organization").filter(code_list__name=name)
    edition = (found.filter(number=number) if number else found).first()
    if edition is None:
        raise NotFound(kind=_("The code list"), name=f"{name} {number}".strip())
    return edition
