"""Addresses of documents and files as pages written for the first version of the standard hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.csrf import csrf_exempt

from bocage.publish.explore import dispatch

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@csrf_exempt
def attachment(request: HttpRequest, dataset_id: str, attachment_id: str) -> HttpResponseBase:
    """`/api/datasets/1.0/{id}/attachments/{attachment}/`: the document, where it is now."""
    return dispatch.explore(request, f"catalog/datasets/{dataset_id}/attachments/{attachment_id}")
