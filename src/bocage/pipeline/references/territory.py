"""The communes that the platform knows, with their boundaries: what says where an organisation is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bocage.catalog.vocabulary import FieldType
from bocage.check.models import Reference
from bocage.check.references import COMMUNES
from bocage.store.engine import literal
from bocage.store.layout import version_path
from bocage.store.selectors import current_version


@dataclass(frozen=True)
class CommunesKnown:
    """The file of the reference “communes”, and the names of its columns; `siren`, of their intercommunal authorities, is "" when
    it has none. It holds everything: for the operator, and for what rights are asked of elsewhere."""

    path: Path
    code: str
    shape: str
    siren: str = ""

    @property
    def source(self) -> str:
        """SQL."""
        return f"read_parquet({literal(str(self.path))})"


def known_communes() -> CommunesKnown | None:
    """None when the operator has chosen no reference for “communes”, or one without shapes."""
    chosen = Reference.objects.select_related("dataset").filter(name=COMMUNES).first()
    version = current_version(chosen.dataset) if chosen is not None else None
    if chosen is None or version is None:
        return None
    types = {str(one["name"]): str(one["type"]) for one in version.schema}
    code, shape, siren = (chosen.columns.get(said, said) for said in ("code", "wkt", "epci"))
    path = version_path(version)
    if code not in types or types.get(shape) != FieldType.GEOMETRY or not path.is_file():
        return None
    return CommunesKnown(path, code, shape, siren if siren in types else "")
