"""Statements are records; effects that curators set are pinned, as their evidence is."""

from django.conf import settings
from django.db import migrations, models


def pin_effects(apps, schema_editor):
    """Pin each effect that is there: no document said any, so curators did."""
    alias = schema_editor.connection.alias
    pins = apps.get_model("curation", "Pin").objects.using(alias)
    interactions = apps.get_model("proteins", "Interaction").objects.using(alias)
    with_effect = interactions.exclude(effect=0).order_by("pk").values_list("pk", flat=True)
    model = apps.get_model("curation", "Pin")
    pins.bulk_create(
        (
            model(kind="interaction", record_id=key, field="effect", source_value=0)
            for key in with_effect.iterator()
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def drop_pins(apps, schema_editor):
    pins = apps.get_model("curation", "Pin").objects.using(schema_editor.connection.alias)
    pins.filter(kind="interaction", field="effect").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('curation', '0019_pinned_support'),
        ('proteins', '0012_support_and_statements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='comment',
            name='comment_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='pin',
            name='pin_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='revision',
            name='revision_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='revision',
            name='revision_verb_known',
        ),
        migrations.AlterField(
            model_name='comment',
            name='kind',
            field=models.CharField(choices=[('protein', 'protein'), ('interaction', 'interaction'), ('citation', 'citation'), ('binding site', 'binding site'), ('statement', 'statement')], max_length=12),
        ),
        migrations.AlterField(
            model_name='pin',
            name='kind',
            field=models.CharField(choices=[('protein', 'protein'), ('interaction', 'interaction'), ('citation', 'citation'), ('binding site', 'binding site'), ('statement', 'statement')], max_length=12),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('protein', 'protein'), ('interaction', 'interaction'), ('citation', 'citation'), ('binding site', 'binding site'), ('statement', 'statement')], max_length=12),
        ),
        migrations.AlterField(
            model_name='revision',
            name='kind',
            field=models.CharField(choices=[('protein', 'protein'), ('interaction', 'interaction'), ('citation', 'citation'), ('binding site', 'binding site'), ('statement', 'statement')], max_length=12),
        ),
        migrations.AlterField(
            model_name='revision',
            name='verb',
            field=models.CharField(choices=[('added', 'added'), ('amended', 'amended'), ('confirmed', 'confirmed'), ('disputed', 'disputed'), ('rejected', 'rejected'), ('reopened', 'reopened'), ('reverted', 'reverted'), ('merged', 'merged'), ('removed', 'removed'), ('retracted', 'retracted'), ('reinstated', 'reinstated'), ('restated', 'changed by its statements'), ('looked up', 'looked up in PubMed'), ('imported', 'changed by an import'), ('undone', 'import taken back')], max_length=10, verbose_name='what was done'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['protein', 'interaction', 'citation', 'binding site', 'statement'])), name='comment_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='pin',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['protein', 'interaction', 'citation', 'binding site', 'statement'])), name='pin_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['protein', 'interaction', 'citation', 'binding site', 'statement'])), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['protein', 'interaction', 'citation', 'binding site', 'statement'])), name='revision_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['added', 'amended', 'confirmed', 'disputed', 'rejected', 'reopened', 'reverted', 'merged', 'removed', 'retracted', 'reinstated', 'restated', 'looked up', 'imported', 'undone'])), name='revision_verb_known'),
        ),
        migrations.RunPython(pin_effects, drop_pins),
    ]
