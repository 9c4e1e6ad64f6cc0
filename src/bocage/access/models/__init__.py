"""What the rules of access are made of, beside roles."""

from bocage.access.models.agreement_documents import AgreementDocument
from bocage.access.models.agreements import AgreedDataset, Agreement, AgreementEvent, Signature
from bocage.access.models.data_rules import DataRule
from bocage.access.models.grants import Grant
from bocage.access.models.groups import Group
from bocage.access.models.identities import Identity, SecondFactorPolicy
from bocage.access.models.journal import JournalEntry, JournalHead, ProtectionOfficer
from bocage.access.models.keys import UNDO_WITHIN, ApiKey
from bocage.access.models.requests import AccessRequest

__all__ = [
    "UNDO_WITHIN",
    "AccessRequest",
    "AgreedDataset",
    "Agreement",
    "AgreementDocument",
    "AgreementEvent",
    "ApiKey",
    "DataRule",
    "Grant",
    "Group",
    "Identity",
    "JournalEntry",
    "JournalHead",
    "ProtectionOfficer",
    "SecondFactorPolicy",
    "Signature",
]
