"""JSON answers, plain or as the argument of a function of the page that asked (JSONP)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

from bocage.publish.first_version.refusals import Malformed

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry

JSON, JAVASCRIPT = "application/json; charset=utf-8", "application/javascript; charset=utf-8"
LONGEST_CALLBACK = 100
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d{1,9}\])*", re.ASCII)


def callback_of(inquiry: Inquiry) -> str:
    """The function that receives the answer; empty when none does. Raises Malformed: it is code of the page that asks."""
    name = inquiry.text("callback") or ("callback" if inquiry.text("format").endswith("jsonp") else "")
    if name and (len(name) > LONGEST_CALLBACK or not _CALLBACK.fullmatch(name)):
        raise Malformed("callback", "the name of a JavaScript function is expected")
    return name


def json_answer(inquiry: Inquiry, payload: Any, *, open_data: bool, **headers: str) -> HttpResponse:
    """`payload`: what JSON can write."""
    callback = callback_of(inquiry)
    indent = 4 if inquiry.flag("pretty_print") else None
    written = json.dumps(payload, cls=DjangoJSONEncoder, ensure_ascii=bool(callback), indent=indent)
    body = wrapped(callback, written) if callback else written
    response = HttpResponse(body, content_type=JAVASCRIPT if callback else JSON, headers=headers)
    return kept_by(inquiry, response, open_data=open_data)


def kept_by(inquiry: Inquiry, response: HttpResponse, *, open_data: bool) -> HttpResponse:
    """Who may keep the answer: what depends on who asks is kept by nobody."""
    response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
    if not open_data:
        response["Vary"] = "Accept-Language, Cookie"
    return response


def wrapped(callback: str, written: str) -> str:
    """The comment keeps the name from being the first bytes of the answer, where it could pass for another kind of file."""
    return f"/**/{callback}({written});"
