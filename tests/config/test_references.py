"""`bocage references`: chosen by the operator, of fields that exist."""

from __future__ import annotations

import pytest

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.check.choosing import choose_reference, forget_reference
from bocage.check.models import Reference
from bocage.config.command_line import main
from bocage.kernel.errors import AccessDenied

pytestmark = pytest.mark.django_db


@pytest.fixture
def communes(organization):
    schema = [Field(name, FieldType.STRING).as_dict() for name in ("code_insee", "nom")]
    return create_dataset(viewer=OPERATOR, organization=organization, slug="communes", title="C", schema=schema)


@pytest.fixture
def typed(data_folder, capsys, monkeypatch):
    from bocage.config import logs

    monkeypatch.setattr(logs, "configure", lambda *_a, **_k: None)
    monkeypatch.setenv("LC_ALL", "en")

    def run(*arguments):
        try:
            code = main(["references", *arguments])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def test_set_then_listed_then_removed(typed, communes):
    assert typed("set", "communes", "communes", "code=code_insee")[0] == 0
    assert typed("set", "communes", "communes", "code=code_insee", "nom=nom")[0] == 0, "set again, once"
    assert Reference.objects.get().columns == {"code": "code_insee", "nom": "nom"}
    assert "code=code_insee" in typed("list")[1]
    assert typed("remove", "communes")[0] == 0
    assert typed("remove", "communes")[0] == 1
    assert not Reference.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("gone", "code=code_insee"), 1, "gone"),
        (("communes", "code=siren"), 1, "siren"),
        (("communes", "code"), 2, "COLUMN=FIELD"),
    ],
)
def test_what_does_not_exist_is_refused(typed, communes, arguments, code, said):
    found = typed("set", "communes", *arguments)
    assert found[0] == code
    assert said in found[2]
    assert not Reference.objects.exists()


def test_nobody_else_chooses(communes):
    with pytest.raises(AccessDenied):
        choose_reference(viewer=ANONYMOUS, name="communes", dataset=communes, columns={})
    with pytest.raises(AccessDenied):
        forget_reference(viewer=ANONYMOUS, name="communes")
