"""Push addresses of a dataset: opened, watched, paused, closed. A key is shown once, in the answer to the form that made it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.restrictions import restriction_for
from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.console.forms.pushes import PushAddressForm
from bocage.console.guard import inside, managed_dataset, tell
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.models import PushAddress, PushKey, Source
from bocage.pipeline.overview import states_of, told_to
from bocage.pipeline.pushes import addresses, keys
from bocage.pipeline.pushes.addresses import PushState
from bocage.pipeline.pushes.examples import example_call, example_record
from bocage.query.facts import as_seen

DEFAULT_NAME = "realtime"


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def pushes(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """What comes in; POST opens an address, and shows its key."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE if request.method == "POST" else Action.PUBLISH)
    form = _form(dataset, request.POST if request.method == "POST" else None, name=DEFAULT_NAME)
    if request.method == "POST" and form.is_valid():
        try:
            address = addresses.open_address(
                viewer=viewer,
                dataset=dataset,
                name=form.cleaned_data["name"],
                key=form.names_of_key(),
                silence=form.time_of_silence(),
            )
            secret = keys.new_key(viewer=viewer, address=address)
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            return _page(request, viewer, dataset, made=address, secret=secret)
    return _page(request, viewer, dataset, form=form)


@require_POST
@inside
def new_key(request: HttpRequest, viewer: Viewer, slug: str, uid: str) -> HttpResponse:
    """One more key of an address; the others stay valid until they are revoked."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    address = addresses.address_of(dataset, uid)
    try:
        secret = keys.new_key(viewer=viewer, address=address)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect("console:dataset_pushes", dataset.slug)
    return _page(request, viewer, dataset, made=address, secret=secret)


@require_POST
@inside
def revoke_key(request: HttpRequest, viewer: Viewer, slug: str, uid: str, pk: int) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    found = PushKey.objects.select_related("address__dataset").filter(address__dataset=dataset, address__uid=uid, pk=pk)
    key = found.first()
    if key is None:
        raise NotFound(kind=_("The key"), name=str(pk))
    keys.revoke_key(viewer=viewer, key=key)
    messages.success(request, _("The key that ends with %(end)s opens nothing any more.") % {"end": key.end})
    return redirect("console:dataset_pushes", dataset.slug)


@require_POST
@inside
def pause(request: HttpRequest, viewer: Viewer, slug: str, uid: str) -> HttpResponse:
    """`paused=1` refuses what comes, anything else accepts it again."""
    dataset = managed_dataset(viewer, slug)
    paused = request.POST.get("paused") == "1"
    addresses.pause_address(viewer=viewer, address=addresses.address_of(dataset, uid), paused=paused)
    messages.success(request, _("The address is paused.") if paused else _("The address is open again."))
    return redirect("console:dataset_pushes", dataset.slug)


@require_POST
@inside
def close(request: HttpRequest, viewer: Viewer, slug: str, uid: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    addresses.close_address(viewer=viewer, address=addresses.address_of(dataset, uid))
    messages.success(request, _("The address is deleted; what it received is kept."))
    return redirect("console:dataset_pushes", dataset.slug)


@require_POST
@inside
def publish_now(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug)
    addresses.publish_now(viewer=viewer, dataset=dataset)
    messages.success(request, _("What waits is published now."))
    return redirect("console:dataset_pushes", dataset.slug)


@require_POST
@inside
def aside(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """`do=drop` gives up the pushes that no longer fit; anything else tries them again."""
    dataset = managed_dataset(viewer, slug)
    if request.POST.get("do") == "drop":
        addresses.drop_aside(viewer=viewer, dataset=dataset)
        messages.success(request, _("These records are given up."))
    else:
        addresses.try_aside_again(viewer=viewer, dataset=dataset)
        messages.success(request, _("These records are tried again."))
    return redirect("console:dataset_pushes", dataset.slug)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    dataset: Dataset,
    *,
    form: PushAddressForm | None = None,
    made: PushAddress | None = None,
    secret: str = "",
) -> HttpResponse:
    root = (settings.BOCAGE.public_url or request.build_absolute_uri("/")).rstrip("/")
    prefix = f"{root}/api/push/1.0/{dataset.slug}/"
    record, seen = example_record(dataset), as_seen(viewer, dataset)
    context = {
        "dataset": dataset,
        "state": states_of([dataset], viewer)[0],
        "pushed": _told(viewer, dataset),
        "form": form or _form(dataset),
        "may_manage": bool(decide(viewer, Action.MANAGE, dataset)),
        "prefix": prefix,
        "made": made,
        "secret": secret,
        "example": example_call(f"{prefix}{made.name}/push/", secret, record) if made else "",
        "key": [one.label or one.name for one in seen.fields if one.name in seen.primary_key] or seen.primary_key,
        "polled": Source.objects.filter(dataset=dataset, paused=False, every__isnull=False).exclude(url="").exists(),
        "cadence": settings.BOCAGE.push_seconds,
        "tab": "source",
    }
    return render(request, "console/dataset/pushes.html", context)


def _told(viewer: Viewer, dataset: Dataset) -> PushState:
    """What came, without the faults that quote it, for whoever sees a part of the dataset."""
    state = addresses.state_of(viewer, dataset)
    if restriction_for(viewer, dataset):
        told_to(viewer, [state.failure] if state.failure else [])
        for one in state.addresses:
            one.address.refusal = {}
    return state


def _form(dataset: Dataset, data: QueryDict | None = None, name: str = "") -> PushAddressForm:
    """The key that the dataset has is the one proposed: opening one more address must not change it by surprise."""
    fields = dataset.fields if dataset.version_number is not None else []
    key = list(dataset.primary_key)
    return PushAddressForm(data, initial={"name": name, "key": key, "key_names": ", ".join(key)}, fields=fields)
