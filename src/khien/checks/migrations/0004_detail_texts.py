"""Details of findings written anew as the text they are compared and digested as."""

from typing import Any

from django.db import migrations

_BATCH = 2000


def write_anew(apps: Any, schema_editor: Any) -> None:
    """Read each detail and store it again; the field gives it its one form."""
    del schema_editor
    findings = apps.get_model("checks", "Finding").objects.exclude(detail="{}").order_by("pk")
    last = 0
    while batch := list(findings.filter(pk__gt=last)[:_BATCH]):
        findings.bulk_update(batch, ["detail"], batch_size=200)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("checks", "0003_standing_tables")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
