"""An index for «which events showed this person»: lists, exports and prints keep the ids of the people they showed."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=GinIndex(OpClass(KeyTransform("people", "details"), name="jsonb_path_ops"), name="audit_people"),
        ),
    ]
