from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_the_default(apps, schema_editor) -> None:  # noqa: ANN001
    """Until now, the style that draws a dataset was the one of this identifier."""
    apps.get_model("catalog", "Style").objects.filter(identifier="default").update(is_default=True)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_styles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="style",
            name="encoding",
            field=models.CharField(
                choices=[("maplibre", "MapLibre"), ("sld", "SLD"), ("choices", "Chosen in a form")], max_length=10
            ),
        ),
        migrations.AddField(model_name="style", name="is_default", field=models.BooleanField(default=False)),
        migrations.RunPython(keep_the_default, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="style",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("dataset",), name="one_default_style_per_dataset"
            ),
        ),
        migrations.CreateModel(
            name="StyleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="style_changes", to="catalog.dataset"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ("-pk",)},
        ),
    ]
