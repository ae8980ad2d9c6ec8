"""The outbox of the ledger and its counter."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """Make the tables of the ledger."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="LedgerCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("next_index", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("index", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=255)),
                ("line", models.BinaryField()),
                ("leaf_hash", models.BinaryField(max_length=32)),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["index"],
                "indexes": [
                    models.Index(fields=["subject", "index"], name="ledger_by_subject"),
                    models.Index(fields=["kind", "index"], name="ledger_by_kind"),
                    models.Index(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=["index"],
                        name="ledger_waiting",
                    ),
                ],
            },
        ),
    ]
