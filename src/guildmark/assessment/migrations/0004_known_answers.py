import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

FORWARD = """
INSERT INTO assessment_knownanswer (item_id, account_id, person_id, since)
    SELECT i.id, i.created_by_id, m.person_id, i.created_at
    FROM assessment_item i
    LEFT JOIN organizations_membership m
        ON m.account_id = i.created_by_id AND m.organization_id = i.organization_id
    WHERE i.created_by_id IS NOT NULL;

CREATE FUNCTION guildmark_keep_known_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who knows the answer of question % stays known', OLD.item_id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER known_answer_frozen BEFORE UPDATE OR DELETE ON assessment_knownanswer
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_known_answer();
"""

BACKWARD = """
DROP TRIGGER known_answer_frozen ON assessment_knownanswer;
DROP FUNCTION guildmark_keep_known_answer();
"""


class Migration(migrations.Migration):
    """Who has written or opened a right answer is kept; the writers of before are known."""

    dependencies = [
        ("assessment", "0003_fresh_start"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_answers",
                        to="assessment.item",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "account"), name="known_answer_once")
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
