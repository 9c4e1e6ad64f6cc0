"""The cells of a BAL as the validator reads them: trimmed, then typed, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bocage.check.rules.kinds import Bench
from bocage.store.engine import literal, quoted

# What JavaScript trims.
BLANKS = "".join(
    chr(code) for code in (9, 10, 11, 12, 13, 32, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F,
                           0x3000, 0xFEFF)
)  # fmt: skip
NOWHERE = 99_999  # the number of a hamlet, which has none
UUID4 = "(?i)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_FLOAT = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?[0-9]?"
_FRENCH_FLOAT = r"-?(?:0|[1-9][0-9]*)(?:,[0-9]+)?[0-9]?"
_EITHER_FLOAT = r"-?(?:0|[1-9][0-9]*)(?:[.,][0-9]+)?[0-9]?"
_KEY = "[^_]+_[^_]+_[0-9]+(?:_[^_]+)*"
_STOP_WORDS = " (?:(?:la|les?|l|d|du|des?|dos|las|los|sur|sous|a|par|et|aux?) )+"


def matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def plain_name(name: str) -> str:
    """A name of street without case, accents, signs nor small words: two spellings of one street are equal."""
    spaced = f"regexp_replace(concat(' ', lower(strip_accents({name})), ' '), '[^a-z0-9]+', ' ', 'g')"
    return f"CASE WHEN {name} IS NOT NULL THEN trim(regexp_replace({spaced}, {literal(_STOP_WORDS)}, ' ', 'g')) END"


@dataclass(frozen=True)
class Address:
    """SQL of the columns that the file has. `raw`: as written, '' when empty; `texts`: trimmed, NULL when empty."""

    raw: Mapping[str, str]
    texts: Mapping[str, str]
    places: Mapping[str, int]
    known_communes: str = ""  # SELECT of the present codes
    former_communes: str = ""
    parsed: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.texts.get(name, "CAST(NULL AS VARCHAR)")

    @property
    def street(self) -> str:
        """voie_nom, or toponyme: NULL when neither can be read."""
        readable = (
            f"CASE WHEN length({text}) BETWEEN 3 AND 200 AND NOT contains({text}, '\ufffd') "
            f"THEN replace({text}, '_', ' ') END"
            for name in ("voie_nom", "toponyme")
            if (text := self.texts.get(name))
        )
        return f"COALESCE({', '.join([*readable, 'NULL'])})"

    @property
    def number(self) -> str:
        text = self.text("numero")
        return f"CASE WHEN {matches(text, '0*[0-9]{1,5}')} THEN TRY_CAST({text} AS INTEGER) END"

    def key_part(self, place: int) -> str:
        """A part of cle_interop, from 1; NULL when the key cannot be read."""
        text = self.text("cle_interop")
        return f"CASE WHEN {matches(text, _KEY)} THEN split_part({text}, '_', {place}) END"

    @property
    def commune(self) -> str:
        """The code: that of commune_insee when it is one, else of the key."""
        code = f"upper({self.text('commune_insee')})"
        return f"COALESCE(CASE WHEN NOT {self.is_unknown(code)} THEN {code} END, upper({self.key_part(1)}))"

    @property
    def own_commune(self) -> str:
        code = f"upper({self.text('commune_insee')})"
        return f"CASE WHEN NOT {self.is_unknown(code)} THEN {code} END"

    def is_unknown(self, code: str) -> str:
        return f"({code} NOT IN ({self.known_communes}) AND {code} NOT IN ({self.former_communes}))"

    def is_former(self, code: str) -> str:
        return f"({code} IN ({self.former_communes}))"

    def coordinate(self, name: str) -> str:
        """SQL double, the comma of French numbers understood."""
        text = self.text(name)
        return f"CASE WHEN {matches(text, _EITHER_FLOAT)} THEN TRY_CAST(replace({text}, ',', '.') AS DOUBLE) END"

    def ban_id(self, name: str) -> str:
        """id_ban_commune and the others, or the part of uid_adresse that says it (@c:, @v:, @a:)."""
        text, whole = self.text(f"id_ban_{name}"), self.text("uid_adresse")
        own = f"CASE WHEN {matches(text, UUID4)} THEN {text} END"
        letter = {"commune": "c", "toponyme": "v", "adresse": "a"}[name]
        part = f"regexp_extract({whole}, '(?i)@{letter}:(\\S+)', 1)"
        return f"COALESCE({own}, CASE WHEN {self.uid_readable} THEN NULLIF({part}, '') END)"

    @property
    def uid_readable(self) -> str:
        """No part of uid_adresse is something else than an identifier."""
        whole = self.text("uid_adresse")
        parts = (f"NULLIF(regexp_extract({whole}, '(?i)@{letter}:(\\S+)', 1), '')" for letter in "cva")
        return " AND ".join(f"COALESCE({matches(part, UUID4)}, TRUE)" for part in parts)


def is_float(text: str) -> str:
    return matches(text, _FLOAT)


def is_french_float(text: str) -> str:
    return matches(text, _FRENCH_FLOAT)


def address_of(bench: Bench) -> Address:
    """The columns by their names: exactly those of the format, the first one when a name is repeated."""
    raw, names, places = {}, {}, {}
    for place, (name, written) in enumerate(zip(bench.table.names, bench.table.labels, strict=True), 1):
        label = written.strip()
        if label not in raw:
            raw[label], names[label], places[label] = f"COALESCE({quoted(name)}, '')", quoted(name), place
    spaced = _with_blanks(bench, list(names.values()))
    texts = {
        label: f"NULLIF(trim({name}, {literal(BLANKS)}), '')" if name in spaced else f"NULLIF({name}, '')"
        for label, name in names.items()
    }
    known, former = _communes(bench)
    return Address(raw, texts, places, known, former)


def _with_blanks(bench: Bench, names: Sequence[str]) -> set[str]:
    """Columns of which a cell begins or ends with a blank: trimming costs, and each text is written many times in the SQL."""
    edge = f"[{BLANKS}]"
    asked = ", ".join(f"bool_or(regexp_matches({name}, {literal(f'^{edge}|{edge}$')}))" for name in names)
    answers = bench.workshop.execute(f"SELECT {asked or 'NULL'} FROM ({bench.table.sql}) AS t")[0]
    return {name for name, answer in zip(names, answers, strict=False) if answer}


def _communes(bench: Bench) -> tuple[str, str]:
    """Present and former codes: those of the resource, else the official list, which has no former ones."""
    if given := bench.resources.get("communes"):
        return (
            f"SELECT code FROM ({given}) AS c WHERE code = actuelle",
            f"SELECT code FROM ({given}) AS c WHERE code <> actuelle",
        )
    import pyarrow as pa

    from bocage.check.rules.custom.french_formats import values_of

    bench.workshop.register(
        "_bal_communes", pa.table({"code": sorted(values_of("code-commune-insee", "latest") or ())})
    )
    return "SELECT code FROM _bal_communes", "SELECT code FROM _bal_communes WHERE FALSE"
