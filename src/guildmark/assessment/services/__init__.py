"""What can be done in this room."""

from guildmark.assessment.services.answer_keys import open_answer_key, open_item
from guildmark.assessment.services.attempts import (
    close_overdue_attempts,
    save_answer,
    start_attempt,
    submit_attempt,
)
from guildmark.assessment.services.authorizations import authorize_assessor, end_authorization
from guildmark.assessment.services.fresh_starts import begin_anew, grant_attempts
from guildmark.assessment.services.practicals import (
    add_evidence,
    missing_authorizations,
    score_criterion,
    start_practical,
    submit_practical,
)
from guildmark.assessment.services.test_items import (
    add_item,
    edit_item,
    move_item,
    remove_item,
    set_test_limits,
)
from guildmark.assessment.services.tests import (
    copy_assessment,
    create_item,
    missing_assessment,
    replace_item,
    set_rubric,
    set_test,
)

__all__ = [
    "add_evidence",
    "add_item",
    "authorize_assessor",
    "begin_anew",
    "close_overdue_attempts",
    "copy_assessment",
    "create_item",
    "edit_item",
    "end_authorization",
    "grant_attempts",
    "missing_assessment",
    "missing_authorizations",
    "move_item",
    "open_answer_key",
    "open_item",
    "remove_item",
    "replace_item",
    "save_answer",
    "score_criterion",
    "set_rubric",
    "set_test",
    "set_test_limits",
    "start_attempt",
    "start_practical",
    "submit_attempt",
    "submit_practical",
]
