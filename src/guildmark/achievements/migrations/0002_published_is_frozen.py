from django.db import migrations

FORWARD = """
CREATE FUNCTION guildmark_keep_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
       AND NEW.state IN ('published', 'withdrawn')
       AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'achievement version % is published: it never changes', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER version_frozen BEFORE UPDATE OR DELETE ON achievements_achievementversion
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_published_version();

CREATE FUNCTION guildmark_keep_attested_skill() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN owner := NEW.version_id; ELSE owner := OLD.version_id; END IF;
    IF EXISTS (
        SELECT 1 FROM achievements_achievementversion WHERE id = owner AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'achievement version % is published: its skills never change', owner
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attested_skill_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON achievements_attestedskill
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_attested_skill();
"""

BACKWARD = """
DROP TRIGGER attested_skill_frozen ON achievements_attestedskill;
DROP FUNCTION guildmark_keep_attested_skill();
DROP TRIGGER version_frozen ON achievements_achievementversion;
DROP FUNCTION guildmark_keep_published_version();
"""


class Migration(migrations.Migration):
    """What a published version says never changes, whoever writes to the database."""

    dependencies = [("achievements", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
