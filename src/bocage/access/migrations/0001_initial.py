import bocage.kernel.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "digest",
                    models.CharField(
                        editable=False, help_text="SHA-256 of the key, in hexadecimal", max_length=64, unique=True
                    ),
                ),
                ("start", models.CharField(editable=False, help_text="first characters of the key", max_length=20)),
                ("read_only", models.BooleanField(default=True, verbose_name="read only")),
                (
                    "datasets",
                    models.JSONField(
                        blank=True, default=list, help_text="uids; not empty: nothing but these and open data"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bocage.kernel.clock.now, editable=False)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        help_text="acts in this one only",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
    ]
