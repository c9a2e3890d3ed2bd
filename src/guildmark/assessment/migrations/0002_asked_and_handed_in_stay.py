from django.db import migrations

FORWARD = """
CREATE FUNCTION guildmark_version_is_closed(version uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM achievements_achievementversion v WHERE v.id = version AND v.state <> 'draft'
    )
$$;

CREATE FUNCTION guildmark_keep_part_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version uuid;
    part jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN part := to_jsonb(NEW); ELSE part := to_jsonb(OLD); END IF;
    IF TG_TABLE_NAME = 'assessment_testitem' THEN
        SELECT t.version_id INTO version FROM assessment_test t
            WHERE t.id = (part->>'test_id')::uuid;
    ELSIF TG_TABLE_NAME = 'assessment_rubriccriterion' THEN
        SELECT r.version_id INTO version FROM assessment_rubric r
            WHERE r.id = (part->>'rubric_id')::uuid;
    ELSE
        version := (part->>'version_id')::uuid;
    END IF;
    IF guildmark_version_is_closed(version) THEN
        RAISE EXCEPTION 'achievement version % is published: its test and rubric never change',
            version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER test_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_test
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_version();
CREATE TRIGGER test_item_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_testitem
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_version();
CREATE TRIGGER rubric_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_rubric
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_version();
CREATE TRIGGER criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_rubriccriterion
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_version();

CREATE FUNCTION guildmark_keep_asked_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked uuid;
    part jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN part := to_jsonb(NEW); ELSE part := to_jsonb(OLD); END IF;
    IF TG_TABLE_NAME = 'assessment_itemoption' THEN
        asked := (part->>'item_id')::uuid;
    ELSE
        asked := (part->>'id')::uuid;
    END IF;
    IF EXISTS (SELECT 1 FROM assessment_response r WHERE r.item_id = asked) THEN
        RAISE EXCEPTION 'question % has been asked: it never changes', asked
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_frozen BEFORE UPDATE OR DELETE ON assessment_item
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_asked_item();
CREATE TRIGGER option_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_itemoption
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_asked_item();

CREATE FUNCTION guildmark_keep_handed_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'submitted' THEN
        RAISE EXCEPTION '% % has been handed in: it never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attempt_frozen BEFORE UPDATE OR DELETE ON assessment_attempt
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_handed_in();
CREATE TRIGGER practical_frozen BEFORE UPDATE OR DELETE ON assessment_practicalassessment
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_handed_in();

CREATE FUNCTION guildmark_keep_part_of_handed_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner uuid;
    is_closed boolean;
    part jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN part := to_jsonb(NEW); ELSE part := to_jsonb(OLD); END IF;
    IF TG_TABLE_NAME = 'assessment_response' THEN
        owner := (part->>'attempt_id')::uuid;
        is_closed := EXISTS (
            SELECT 1 FROM assessment_attempt a WHERE a.id = owner AND a.state = 'submitted');
    ELSE
        owner := (part->>'assessment_id')::uuid;
        is_closed := EXISTS (
            SELECT 1 FROM assessment_practicalassessment p
            WHERE p.id = owner AND p.state = 'submitted');
    END IF;
    IF is_closed THEN
        RAISE EXCEPTION '% has been handed in: what belongs to it never changes', owner
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER response_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_response
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_handed_in();
CREATE TRIGGER score_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_criterionscore
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_handed_in();
CREATE TRIGGER evidence_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_evidencefile
    FOR EACH ROW EXECUTE FUNCTION guildmark_keep_part_of_handed_in();
"""

BACKWARD = """
DROP TRIGGER evidence_frozen ON assessment_evidencefile;
DROP TRIGGER score_frozen ON assessment_criterionscore;
DROP TRIGGER response_frozen ON assessment_response;
DROP FUNCTION guildmark_keep_part_of_handed_in();
DROP TRIGGER practical_frozen ON assessment_practicalassessment;
DROP TRIGGER attempt_frozen ON assessment_attempt;
DROP FUNCTION guildmark_keep_handed_in();
DROP TRIGGER option_frozen ON assessment_itemoption;
DROP TRIGGER item_frozen ON assessment_item;
DROP FUNCTION guildmark_keep_asked_item();
DROP TRIGGER criterion_frozen ON assessment_rubriccriterion;
DROP TRIGGER rubric_frozen ON assessment_rubric;
DROP TRIGGER test_item_frozen ON assessment_testitem;
DROP TRIGGER test_frozen ON assessment_test;
DROP FUNCTION guildmark_keep_part_of_version();
DROP FUNCTION guildmark_version_is_closed(uuid);
"""


class Migration(migrations.Migration):
    """Published tests, asked questions and what was handed in never change, whoever writes."""

    dependencies = [
        ("assessment", "0001_initial"),
        ("achievements", "0002_published_is_frozen"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
