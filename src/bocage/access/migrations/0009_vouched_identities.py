from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0008_journal_of_parties")]

    operations = [
        migrations.AddField(
            model_name="identity",
            name="vouched",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="when linked, its provider answered for the address of the account",
            ),
        ),
    ]
