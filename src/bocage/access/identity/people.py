"""A person, as a provider states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bocage.access.identity.providers import Provider

LONGEST_NAME = 150


@dataclass(frozen=True)
class Person:
    """`issuer` and `subject` together are the identity. `email`: lower case, empty when there is none that is one;
    `email_verified`: the provider has verified that it is theirs. `siren`: of the organisation they work for, empty when not said.
    `second_factor`: one was shown to the provider, in the words that the operator accepts."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    first_name: str = ""
    last_name: str = ""
    siren: str = ""
    second_factor: bool = False

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


def person_of(provider: Provider, id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Person:
    """From verified claims. What is said of the sign-in itself (`acr`, `amr`) is taken from the ID token alone."""
    stated = {**id_token, **userinfo}
    email = _email(stated.get("email"))
    verified = stated.get("email_verified")
    return Person(
        issuer=provider.issuer,
        subject=id_token["sub"],
        email=email,
        email_verified=bool(email) and (verified is True or (verified is None and provider.vouches_for_addresses)),
        first_name=_text(stated.get("given_name")),
        last_name=_text(stated.get("usual_name") or stated.get("family_name")),
        siren=_siren(stated),
        second_factor=_second_factor(provider, id_token),
    )


def _second_factor(provider: Provider, id_token: Mapping[str, Any]) -> bool:
    methods = id_token.get("amr")
    shown = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
    return id_token.get("acr") in provider.mfa_acr or bool(shown & set(provider.mfa_amr))


def _email(given: object) -> str:
    email = _text(given, 254).lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def _siren(stated: Mapping[str, Any]) -> str:
    """Of a SIRET, the first nine digits."""
    siret = re.sub(r"\s", "", _text(stated.get("siret")))
    return siret[:9] if re.fullmatch(r"[0-9]{14}", siret) else ""


def _text(given: object, longest: int = LONGEST_NAME) -> str:
    text = given if isinstance(given, str) else ""
    return re.sub(r"[\x00-\x1f\x7f]", "", text).strip()[:longest]
