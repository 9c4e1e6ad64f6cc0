from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "bocage.catalog"
    label = "catalog"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete

        from bocage.catalog import tombstones

        pre_delete.connect(tombstones.remember_removed, "catalog.Dataset", dispatch_uid="tombstones")
