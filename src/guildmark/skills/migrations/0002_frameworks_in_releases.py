import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

BEFORE = """
CREATE FUNCTION guildmark_skill_words(
    label text, code text, statement text, translations jsonb, other_names jsonb
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('simple'::regconfig, label || ' ' || code || ' ' || coalesce(
            (SELECT string_agg(one #>> '{}', ' ')
             FROM jsonb_path_query(translations, 'lax $.*.label') AS one), '') || ' ' || coalesce(
            (SELECT string_agg(one #>> '{}', ' ')
             FROM jsonb_path_query(other_names, 'lax $.*.*[*]') AS one), '')), 'A')
        || setweight(to_tsvector('simple'::regconfig, statement || ' ' || coalesce(
            (SELECT string_agg(one #>> '{}', ' ')
             FROM jsonb_path_query(translations, 'lax $.*.statement') AS one), '')), 'B')
$$;

CREATE FUNCTION guildmark_slips(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(word) BETWEEN 4 AND 40 THEN array_append(
        ARRAY(SELECT DISTINCT overlay(word placing '' from at for 1)
              FROM generate_series(1, length(word)) AS at), word)
        ELSE ARRAY[word] END
$$;
"""

AFTER = """
CREATE FUNCTION guildmark_note_skill_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH kept AS (
        INSERT INTO skills_skillsearch (skill_id, words)
        SELECT id, guildmark_skill_words(label, code, statement, translations, other_names)
        FROM noted
        ON CONFLICT (skill_id) DO UPDATE SET words = excluded.words
            WHERE skills_skillsearch.words <> excluded.words
        RETURNING words
    )
    INSERT INTO skills_skillword (word)
    SELECT DISTINCT unnest(tsvector_to_array(words)) FROM kept
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER skill_words_of_new AFTER INSERT ON skills_skill
    REFERENCING NEW TABLE AS noted
    FOR EACH STATEMENT EXECUTE FUNCTION guildmark_note_skill_words();
CREATE TRIGGER skill_words_of_changed AFTER UPDATE ON skills_skill
    REFERENCING NEW TABLE AS noted
    FOR EACH STATEMENT EXECUTE FUNCTION guildmark_note_skill_words();
INSERT INTO skills_skillsearch (skill_id, words)
SELECT id, guildmark_skill_words(label, code, statement, translations, other_names)
FROM skills_skill;
INSERT INTO skills_skillword (word)
SELECT DISTINCT unnest(tsvector_to_array(words)) FROM skills_skillsearch;
"""

BEFORE_BACKWARD = """
DROP FUNCTION guildmark_slips(text);
DROP FUNCTION guildmark_skill_words(text, text, text, jsonb, jsonb);
"""

AFTER_BACKWARD = """
DROP TRIGGER skill_words_of_changed ON skills_skill;
DROP TRIGGER skill_words_of_new ON skills_skill;
DROP FUNCTION guildmark_note_skill_words();
"""


class Migration(migrations.Migration):
    """One shape for every framework: releases, other names, hierarchy, relations, alignments."""

    dependencies = [
        ("organizations", "0002_time_zone"),
        ("skills", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(BEFORE, BEFORE_BACKWARD),
        migrations.CreateModel(
            name="FrameworkRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=40, verbose_name="version")),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("origin", models.CharField(blank=True, max_length=400, verbose_name="taken from")),
                ("changes", models.JSONField(default=dict)),
                (
                    "imported_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "ordering": ["-imported_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="OccupationSkill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[("essential", "essential"), ("optional", "optional")],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["relation", "skill__label"],
            },
        ),
        migrations.CreateModel(
            name="SkillBroader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="SkillRelation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("essential", "needs"),
                            ("optional", "is helped by"),
                            ("related", "is related to"),
                            ("precedes", "comes before"),
                            ("peer", "stands beside"),
                            ("part", "is part of"),
                            ("replaced_by", "is replaced by"),
                            ("exemplar", "is an example of"),
                            ("exact", "is the same as"),
                            ("level", "has the level"),
                            ("translation", "is a translation of"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "other__label"],
            },
        ),
        migrations.CreateModel(
            name="SkillWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                (
                    "slips",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func("word", function="guildmark_slips"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), size=None
                        ),
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="skillalignment",
            name="alignment_unique",
        ),
        migrations.AddField(
            model_name="framework",
            name="description",
            field=models.TextField(blank=True, verbose_name="description"),
        ),
        migrations.AddField(
            model_name="framework",
            name="details",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="framework",
            name="language",
            field=models.CharField(default="en", max_length=20, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="jobrole",
            name="broader",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="narrower",
                to="skills.jobrole",
            ),
        ),
        migrations.AddField(
            model_name="jobrole",
            name="details",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="jobrole",
            name="is_group",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="jobrole",
            name="translations",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="jobrole",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="jobrole",
            name="withdrawn_in",
            field=models.CharField(blank=True, max_length=40, verbose_name="withdrawn in"),
        ),
        migrations.AddField(
            model_name="jobroletitle",
            name="language",
            field=models.CharField(default="en", max_length=20),
        ),
        migrations.AddField(
            model_name="skill",
            name="details",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="skill",
            name="other_names",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="skill",
            name="scope_note",
            field=models.TextField(blank=True, verbose_name="scope note"),
        ),
        migrations.AddField(
            model_name="skill",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="skill",
            name="withdrawn_in",
            field=models.CharField(blank=True, max_length=40, verbose_name="withdrawn in"),
        ),
        migrations.AddField(
            model_name="skillalignment",
            name="decided_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="skillalignment",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="skillalignment",
            name="method",
            field=models.CharField(
                choices=[
                    ("publisher", "stated by the publisher"),
                    ("person", "chosen by a person"),
                    ("matching", "found by matching"),
                ],
                default="publisher",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="skillalignment",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="skillalignment",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed"),
                    ("confirmed", "confirmed"),
                    ("refused", "refused"),
                ],
                default="confirmed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="skillalignment",
            name="score",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="framework",
            name="source",
            field=models.CharField(
                choices=[
                    ("onet", "O*NET"),
                    ("esco", "ESCO"),
                    ("case", "CASE"),
                    ("ctdl-asn", "CTDL-ASN"),
                    ("starter", "Guildmark starter framework"),
                    ("own", "own framework"),
                ],
                max_length=20,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="skill",
            name="group",
            field=models.CharField(blank=True, max_length=300, verbose_name="group"),
        ),
        migrations.AlterField(
            model_name="skill",
            name="kind",
            field=models.CharField(
                choices=[
                    ("skill", "skill"),
                    ("knowledge", "knowledge"),
                    ("task", "task"),
                    ("ability", "ability"),
                    ("tool", "tool"),
                    ("group", "group of skills"),
                ],
                default="skill",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="skillalignment",
            name="target_framework",
            field=models.CharField(max_length=300),
        ),
        migrations.AddConstraint(
            model_name="skillalignment",
            constraint=models.UniqueConstraint(
                fields=("organization", "skill", "target_identifier"),
                name="alignment_unique",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="frameworkrelease",
            name="framework",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="releases",
                to="skills.framework",
            ),
        ),
        migrations.AddField(
            model_name="occupationskill",
            name="occupation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="named_skills",
                to="skills.jobrole",
            ),
        ),
        migrations.AddField(
            model_name="occupationskill",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="named_by",
                to="skills.skill",
            ),
        ),
        migrations.AddField(
            model_name="skillbroader",
            name="broader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="narrower_links",
                to="skills.skill",
            ),
        ),
        migrations.AddField(
            model_name="skillbroader",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="broader_links",
                to="skills.skill",
            ),
        ),
        migrations.AddField(
            model_name="skillrelation",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="skills.skill"
            ),
        ),
        migrations.AddField(
            model_name="skillrelation",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="relations",
                to="skills.skill",
            ),
        ),
        migrations.AddIndex(
            model_name="skillword",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["slips"], name="skill_word_slips"
            ),
        ),
        migrations.AddConstraint(
            model_name="occupationskill",
            constraint=models.UniqueConstraint(
                fields=("occupation", "skill"), name="occupation_skill_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="skillbroader",
            constraint=models.UniqueConstraint(fields=("skill", "broader"), name="broader_unique"),
        ),
        migrations.AddConstraint(
            model_name="skillbroader",
            constraint=models.CheckConstraint(
                condition=models.Q(("skill", models.F("broader")), _negated=True),
                name="broader_not_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="skillrelation",
            constraint=models.UniqueConstraint(
                fields=("skill", "kind", "other"), name="relation_unique"
            ),
        ),
        migrations.CreateModel(
            name="SkillSearch",
            fields=[
                (
                    "skill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="skills.skill",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="skill_search_words"
                    )
                ],
            },
        ),
        migrations.RunSQL(AFTER, AFTER_BACKWARD),
    ]
