import django.db.models.deletion
from django.db import migrations, models

import khien.checks.models


class Migration(migrations.Migration):
    dependencies = [
        ("checks", "0002_turning"),
        ("org", "0002_roles_and_unit_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("control", models.CharField(max_length=10)),
                ("theme", models.CharField(max_length=60)),
                ("verdict", models.CharField(max_length=15)),
                ("known", models.CharField(max_length=10)),
                ("fail_count", models.PositiveIntegerField()),
                ("unknown_count", models.PositiveIntegerField()),
                ("pass_count", models.PositiveIntegerField()),
                ("not_applicable_count", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["unit", "control"],
            },
        ),
        migrations.CreateModel(
            name="ThemeStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("theme", models.CharField(max_length=60)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("fail_count", models.PositiveIntegerField()),
                ("unknown_count", models.PositiveIntegerField()),
                ("pass_count", models.PositiveIntegerField()),
                ("not_applicable_count", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["unit", "theme", "from_on"],
            },
        ),
        migrations.RemoveIndex(
            model_name="finding",
            name="checks_find_unit_id_2a81cc_idx",
        ),
        migrations.RemoveIndex(
            model_name="finding",
            name="checks_find_control_740b42_idx",
        ),
        migrations.AlterField(
            model_name="finding",
            name="detail",
            field=khien.checks.models.DetailField(default=dict),
        ),
        migrations.AlterField(
            model_name="finding",
            name="opened_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opened",
                to="checks.assessment",
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="org.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["unit", "control", "-from_at"], name="findings_of_one_control"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("to_at", None)),
                fields=["subject"],
                name="open_findings_of_subject",
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="org.unit",
            ),
        ),
        migrations.AddField(
            model_name="themestanding",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="org.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.UniqueConstraint(
                fields=("unit", "control"), name="one_standing_per_control"
            ),
        ),
        migrations.AddIndex(
            model_name="themestanding",
            index=models.Index(
                condition=models.Q(("until_on", None)),
                fields=["unit", "theme"],
                name="theme_standings_of_now",
            ),
        ),
        migrations.AddIndex(
            model_name="themestanding",
            index=models.Index(fields=["unit", "until_on"], name="theme_standings_by_end"),
        ),
        migrations.AddConstraint(
            model_name="themestanding",
            constraint=models.UniqueConstraint(
                fields=("unit", "theme", "from_on"), name="one_theme_standing_per_day"
            ),
        ),
    ]
