from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "bocage.catalog"
    label = "catalog"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, pre_delete

        from bocage.catalog import telling, tombstones

        pre_delete.connect(tombstones.remember_removed, "catalog.Dataset", dispatch_uid="tombstones")
        post_delete.connect(telling.tell_removed, "catalog.Dataset", dispatch_uid="journal-dataset")
