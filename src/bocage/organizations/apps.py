from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OrganizationsConfig(AppConfig):
    name = "bocage.organizations"
    label = "organizations"

    def ready(self) -> None:
        autodiscover_modules("noticing")  # of every application: what each may tell people
