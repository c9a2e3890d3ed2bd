"""What can be done in this room."""

from guildmark.skills.services.job_roles import (
    Proposal,
    adopt_job_role,
    create_job_role,
    edit_job_role,
    iluo_rank,
    propose_requirements,
    remove_requirement,
    set_requirement,
)
from guildmark.skills.services.onet import ImportReport, import_onet
from guildmark.skills.services.records import (
    claim_skill,
    record_attested_skills,
    record_observation,
    restore_attested_skills,
    withdraw_attested_skills,
)
from guildmark.skills.services.starter import ensure_iluo, load_starter_framework

__all__ = [
    "ImportReport",
    "Proposal",
    "adopt_job_role",
    "claim_skill",
    "create_job_role",
    "edit_job_role",
    "ensure_iluo",
    "iluo_rank",
    "import_onet",
    "load_starter_framework",
    "propose_requirements",
    "record_attested_skills",
    "record_observation",
    "remove_requirement",
    "restore_attested_skills",
    "set_requirement",
    "withdraw_attested_skills",
]
