from django.db import migrations

FORWARD = """
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON awards_decision
    FOR EACH ROW EXECUTE FUNCTION guildmark_refuse_change();
CREATE TRIGGER credential_append_only BEFORE UPDATE OR DELETE ON awards_credential
    FOR EACH ROW EXECUTE FUNCTION guildmark_refuse_change();
"""

BACKWARD = """
DROP TRIGGER credential_append_only ON awards_credential;
DROP TRIGGER decision_append_only ON awards_decision;
"""


class Migration(migrations.Migration):
    """A decision and a signed credential are never changed or removed."""

    dependencies = [("awards", "0001_initial"), ("audit", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
