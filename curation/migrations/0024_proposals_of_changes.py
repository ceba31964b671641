"""Proposals that were sent back, and what accepting one changed.

Open proposals of curators hold, of lists and of evidence, what is added and removed, so that two
may be accepted one after the other. What an import proposes stays the value that its source
states; what is decided stays as it was shown to who decided it.
"""

from django.conf import settings
from django.db import migrations, models

from curation.shared.field_changes import difference


def as_changes(apps, schema_editor):
    proposals = apps.get_model("curation", "Proposal").objects
    waiting = proposals.filter(state="open", origin="curator", record_id__isnull=False)
    for proposal in waiting.only("changes").iterator():
        changes = {
            name: difference(*change) if isinstance(change, list) else change
            for name, change in proposal.changes.items()
        }
        if changes != proposal.changes:
            proposals.filter(pk=proposal.pk).update(changes=changes)


class Migration(migrations.Migration):

    dependencies = [
        ('curation', '0023_researcher_orcid'),
        ('proteins', '0017_statement_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_state_known',
        ),
        migrations.AddField(
            model_name='proposal',
            name='applied',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='state',
            field=models.CharField(choices=[('open', 'open'), ('returned', 'sent back'), ('accepted', 'accepted'), ('rejected', 'rejected'), ('superseded', 'superseded'), ('withdrawn', 'withdrawn')], default='open', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'returned', 'accepted', 'rejected', 'superseded', 'withdrawn'])), name='proposal_state_known'),
        ),
    ]
