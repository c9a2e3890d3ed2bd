"""What can be done in this room."""

from guildmark.assessment.services.attempts import (
    close_overdue_attempts,
    save_answer,
    start_attempt,
    submit_attempt,
)
from guildmark.assessment.services.authorizations import authorize_assessor, end_authorization
from guildmark.assessment.services.practicals import (
    add_evidence,
    score_criterion,
    start_practical,
    submit_practical,
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
    "authorize_assessor",
    "close_overdue_attempts",
    "copy_assessment",
    "create_item",
    "end_authorization",
    "missing_assessment",
    "replace_item",
    "save_answer",
    "score_criterion",
    "set_rubric",
    "set_test",
    "start_attempt",
    "start_practical",
    "submit_attempt",
    "submit_practical",
]
