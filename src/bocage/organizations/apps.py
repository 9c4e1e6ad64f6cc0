from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "bocage.organizations"
    label = "organizations"
