"""From an export to an HTTP answer: validators, cache, ranges, streaming.

The first bytes are made before the answer is, so every fault of the request is a plain error answer. A fault after that
cuts the connection: a well-formed but truncated file is never sent.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date

from bocage.kernel.etags import is_known
from bocage.publish.files.cache import EntryWriter, FinishedFile, export_cache
from bocage.publish.files.errors import ExportIncomplete
from bocage.publish.files.ranges import ByteRange, FilePieces, Unsatisfiable, parse_range

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.audit.readings import Telling
    from bocage.publish.files.formats import ExportFormat, Options
    from bocage.query.services import Stream

GZIP_LEVEL = 4
MOST_HELD = 64 * 1024
"""A first piece this long is enough to know that the engine runs."""


@dataclass(frozen=True)
class Export:
    """A file that can be made. `key`: SHA-256 of all that decides its bytes, or of the file itself; it is the ETag.

    `lasting` is False when the same request may give other bytes later (`now()`): no validator then, no cache.
    `finished`: opens the file that already exists (the version's own Parquet), and tells the journal that it is given.
    `telling`: what the journal is told when a file made before, for somebody else perhaps, is given again.
    """

    key: str
    format: ExportFormat
    options: Options
    open_stream: Callable[[], AbstractContextManager[Stream]]
    filename: str
    version: str
    modified_at: datetime | None
    open_data: bool
    telling: Telling
    compressed: bool = False
    lasting: bool = True
    finished: Callable[[], FinishedFile] | None = None

    @property
    def etag(self) -> str:
        return f'"{self.key}"'

    @property
    def entry(self) -> str:
        """Key of the file among those that are kept."""
        return f"{self.version}.{self.key}"


def deliver(request: HttpRequest, export: Export) -> HttpResponseBase:
    """The answer to GET or HEAD."""
    if export.lasting and is_known(request, export.etag):
        return with_headers(HttpResponse(status=304), export)
    finished = _made_before(export)
    if finished is None and request.method != "HEAD" and asks_a_part(request, export):
        finished = finish(export)
    if finished is not None:
        return serve(request, export, finished)
    return announce(export) if request.method == "HEAD" else send(export)


def _made_before(export: Export) -> FinishedFile | None:
    """The journal is told of whoever is given it."""
    if export.finished is not None:
        return export.finished()
    found = export_cache().find(export.entry) if export.lasting else None
    if found is not None:
        export.telling.rows = found.facts.row_count
        export.telling.tell()
    return found


def announce(export: Export) -> HttpResponseBase:
    """The answer to HEAD for a file not made yet: the query is checked and counted, nothing is written."""
    with export.open_stream() as stream:
        response = HttpResponse()
        response["X-Bocage-Row-Count"] = str(stream.row_count)
    return with_headers(response, export)


def send(export: Export) -> HttpResponseBase:
    body = ExportBody(export)
    response = StreamingHttpResponse(body)
    response["X-Bocage-Row-Count"] = str(body.row_count)
    return with_headers(response, export)


def asks_a_part(request: HttpRequest, export: Export) -> bool:
    """A range of a lasting file; under `If-Range`, only if the client's copy is of this very file."""
    condition = request.headers.get("If-Range", export.etag)
    return export.lasting and "Range" in request.headers and condition == export.etag


def finish(export: Export) -> FinishedFile | None:
    """Make the whole file first. None when it does not fit in the cache: it is then streamed."""
    body = ExportBody(export)
    try:
        for _piece in body:
            pass
    finally:
        body.close()
    return body.finished


def serve(request: HttpRequest, export: Export, finished: FinishedFile) -> HttpResponseBase:
    """A file that exists: length and digest are known, parts may be asked."""
    size = finished.facts.size_bytes
    wanted: ByteRange | None = None
    try:
        if asks_a_part(request, export):
            wanted = parse_range(request.headers["Range"], size)
    except Unsatisfiable:
        refusal = HttpResponse(status=416)
        refusal["Content-Range"] = f"bytes */{size}"
        return with_headers(refusal, export)
    part = wanted or ByteRange(0, size - 1)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(FilePieces(finished.path, part), status=206 if wanted else 200)
    if wanted and request.method != "HEAD":
        response["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{size}"
    response["Content-Length"] = str(part.length if request.method != "HEAD" else size)
    digest = base64.b64encode(bytes.fromhex(finished.facts.sha256)).decode()
    response["Repr-Digest"] = f"sha-256=:{digest}:"
    response["X-Bocage-Row-Count"] = str(finished.facts.row_count)
    return with_headers(response, export)


def with_headers(response: HttpResponseBase, export: Export) -> HttpResponseBase:
    if response.status_code in (200, 206):
        response["Content-Type"] = "application/gzip" if export.compressed else export.format.media_type
        response["Content-Disposition"] = content_disposition_header(True, export.filename) or ""
    elif "Content-Type" in response:
        del response["Content-Type"]
    response["X-Bocage-Version"] = export.version
    if export.modified_at is not None:
        response["Last-Modified"] = http_date(export.modified_at.timestamp())
    if export.lasting:
        response["ETag"] = export.etag
        response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-cache" if export.open_data else "private, no-store"
    if not export.open_data:
        response["Vary"] = "Accept-Language, Cookie"
    return response


def gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """One gzip member, without a date: same rows, same bytes."""
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    for piece in pieces:
        if squeezed := compressor.compress(piece):
            yield squeezed
    yield compressor.flush()


def counted(stream: Stream) -> Iterator[pa.RecordBatch]:
    """The batches, or a fault at the end when rows are missing or too many."""
    rows = 0
    for batch in stream.batches:
        rows += batch.num_rows
        yield batch
    if rows != stream.row_count:
        raise ExportIncomplete(rows=rows, expected=stream.row_count)


class ExportBody:
    """The bytes of an export on their way, kept aside in the cache at the same time.

    Made only once the first bytes exist. `close` frees the engine whenever the answer ends, complete or not.
    """

    def __init__(self, export: Export) -> None:
        self.finished: FinishedFile | None = None
        self._resources = ExitStack()
        self._writer: EntryWriter | None = None
        try:
            stream = self._resources.enter_context(export.open_stream())
            self.row_count = stream.row_count
            whole = replace(stream, batches=counted(stream))
            pieces = export.format.chunks(whole, export.options)
            self._pieces = gzipped(pieces) if export.compressed else pieces
            self._held = self._first_pieces()
            if export.lasting:
                self._writer = export_cache().writer(export.entry)
        except BaseException:
            self._resources.close()
            raise

    def _first_pieces(self) -> list[bytes]:
        """What comes before the first row proves nothing: hold pieces until the engine has given some."""
        held: list[bytes] = []
        for piece in self._pieces:
            held.append(piece)
            if len(held) > 1 or len(piece) > MOST_HELD:
                break
        return held

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._held.pop(0) if self._held else next(self._pieces, None)
        if piece is None:
            if self._writer is not None:
                self.finished = self._writer.commit(self.row_count)
                self._writer = None
            self.close()
            raise StopIteration
        if self._writer is not None:
            self._writer.write(piece)
        return piece

    def close(self) -> None:
        if self._writer is not None:
            self._writer.discard()
            self._writer = None
        self._resources.close()
