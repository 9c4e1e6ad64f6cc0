"""The document of an agreement: changed while it is a draft; joined once afterwards if there is none, and kept as signed."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.agreements.vocabulary import State
from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import Agreement, AgreementDocument
from bocage.access.rules import decide_in
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.kernel.errors import NotFound, TerminalError

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

LARGEST_MB = 5
LONGEST_NAME = 150
KINDS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"PK\x03\x04", "application/vnd.oasis.opendocument.text", ".odt"),
    (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
"""How it begins, its media type, how its name ends: both must agree, whatever the sender says of it."""


class DocumentRefused(TerminalError):
    code = "access.agreement-document"
    message = gettext_lazy("This file is not a document that can be joined.")
    mend = gettext_lazy("PDF, ODT, DOCX, JPEG or PNG, %(most)s MB at most.")


class DocumentKept(TerminalError):
    code = "access.agreement-document-kept"
    message = gettext_lazy("The document of an agreement that was proposed is not changed any more.")
    mend = gettext_lazy("Send the agreement back to draft first, or end it and write another.")


@transaction.atomic
def attach_document(*, viewer: Viewer, agreement: Agreement, filename: str, content: bytes) -> AgreementDocument:
    """By a coordinator of the producer. Raises AccessDenied, DocumentRefused, DocumentKept."""
    held = _held(viewer, agreement)
    there = AgreementDocument.objects.filter(agreement=held).defer("content").first()
    if held.state == State.ENDED or (there is not None and held.state != State.DRAFTED):
        raise DocumentKept
    name = _name(filename)
    media_type = next((kind for start, kind, end in KINDS if content.startswith(start) and name.endswith(end)), "")
    if not media_type or len(content) > LARGEST_MB * 1024 * 1024:
        raise DocumentRefused(most=LARGEST_MB)
    said = {
        "filename": name, "media_type": media_type, "size_bytes": len(content), "content": content, "created_at": now(),
        "sha256": hashlib.sha256(content).hexdigest(), "created_by_id": viewer.user_id,
    }  # fmt: skip
    document, _created = AgreementDocument.objects.update_or_create(agreement=held, defaults=said)
    _tell(viewer, held, document, "joined")
    return document


@transaction.atomic
def remove_document(*, viewer: Viewer, agreement: Agreement) -> None:
    """Of a draft. Raises AccessDenied, DocumentKept."""
    held = _held(viewer, agreement)
    if held.state != State.DRAFTED:
        raise DocumentKept
    document = AgreementDocument.objects.filter(agreement=held).defer("content").first()
    if document is not None:
        _tell(viewer, held, document, "removed")
        document.delete()


def document_of(agreement: Agreement) -> AgreementDocument:
    """With its bytes, for a viewer who may know of the agreement. Raises NotFound."""
    found = AgreementDocument.objects.filter(agreement=agreement).first()
    if found is None:
        raise NotFound(kind=_("The document"), name=agreement.number)
    return found


def _held(viewer: Viewer, agreement: Agreement) -> Agreement:
    decide_in(viewer, Action.ADMINISTER, agreement.producer_id).require()
    held: Agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    return held


def _name(filename: str) -> str:
    """Letters, digits and a few marks; never a path."""
    plain = re.sub(r"[^\w .()’'-]", "_", filename.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, _dot, end = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - 10] or 'document'}.{end[:8].lower()}"


def _tell(viewer: Viewer, agreement: Agreement, document: AgreementDocument, how: str) -> None:
    record(
        Kind.AGREEMENT_DOCUMENT, viewer=viewer, organization=agreement.producer, subject=agreement.uid,
        number=agreement.number, name=document.filename, sha256=document.sha256, state=agreement.state, done=how,
    )  # fmt: skip
