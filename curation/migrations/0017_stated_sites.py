from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('curation', '0016_rules_of_files'),
    ]

    operations = [
        # Without a default: of the chunks that are there, it is not known.
        migrations.AddField(
            model_name='runchunk',
            name='stated',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='runchunk',
            name='stated',
            field=models.JSONField(default=dict, null=True),
        ),
    ]
