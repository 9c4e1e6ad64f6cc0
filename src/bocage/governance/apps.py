from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "bocage.governance"
    label = "governance"
