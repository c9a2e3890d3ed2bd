from django.db import migrations

FORWARD = """
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_auditchain
    FOR EACH ROW EXECUTE FUNCTION guildmark_refuse_change();
CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_auditchain
    FOR EACH STATEMENT EXECUTE FUNCTION guildmark_refuse_change();
"""

BACKWARD = """
DROP TRIGGER audit_chain_no_truncate ON audit_auditchain;
DROP TRIGGER audit_chain_no_delete ON audit_auditchain;
"""


class Migration(migrations.Migration):
    """The head of a chain moves on and is never removed: without it a cut-off end is unseen."""

    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
