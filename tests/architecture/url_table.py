"""Every address of the site: who opens it, and what everybody else gets.

Adding a page? Add one line to PAGES, under the address's name:

    "personnel:thing-list": Page(opens=f"{OFFICERS} inspector"),
    "personnel:thing-detail": Page(opens=READERS, thing="person"),

`opens`: the visitors who get the page (for a thing inside their scope), by their keys in `url_world.VISITORS`.
`thing`: what stands in the address (a key of `url_world.THINGS` or SHARED; add yours there, with its NOTHING).
`closed`: what other signed-in visitors get: 403 when the page is not for their role, 404 when the thing is not in their
scope; `closed_to` names those who get something else. `own`: visitors who open it for their own record.
`status`: what those who open it get, when it is not 200. `post`: the address takes only POST. `public`: no sign-in.
`asks`: query parameters that name a thing, tried with a thing outside and with nothing: the answers must be the same.

`test_every_url.py` walks the table: a page that is not in it fails, and so does a line whose page is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.architecture.url_world import NOBODY, VISITORS

EVERYBODY = " ".join(VISITORS[1:])
OFFICERS = "province_officer unit_officer"
READERS = f"{OFFICERS} approver inspector"
TRAINING_READERS = f"{OFFICERS} inspector"
ROLES = f"{READERS} administrator cadre"


@dataclass(frozen=True)
class Page:
    """What the address of one name answers to whom."""

    opens: str = ""
    thing: str = ""
    closed: int = 403
    closed_to: Mapping[str, int] = field(default_factory=dict)
    own: str = ""
    status: int = 200
    post: bool = False
    public: bool = False
    asks: Mapping[str, str] = field(default_factory=dict)

    def may_open(self, visitor: str) -> bool:
        """Whether a visitor gets the page."""
        return visitor in self.opens.split()

    def refusal(self, visitor: str) -> int:
        """What a signed-in visitor gets who does not."""
        return self.closed_to.get(visitor, self.closed)


#: The pages of one person: who reads, who writes; to whom the person is nobody's business he does not exist.
READS_PERSON = Page(opens=READERS, thing="person", closed=404, own="cadre")
WRITES_PERSON = Page(opens=OFFICERS, thing="person", closed=404, closed_to={"approver": 403, "inspector": 403})

#: The pages of one decision: who reads the register, who changes a draft of the office's own.
READS_DECISION = Page(opens=READERS, thing="decision")
WRITES_DRAFT = Page(opens=OFFICERS, thing="draft")

ADMINISTERS = Page(opens="administrator")
ADMINISTERS_ACCOUNT = Page(opens="administrator", thing="account")

ROSTER = Page(opens=OFFICERS, thing="batch")
CASE = Page(opens=OFFICERS, thing="case")

#: Planning is for who plans, and from the day it is submitted for who approves.
PLANNERS = f"{OFFICERS} approver"


def planned_page(thing: str) -> Page:
    """A page of an open list: who approves does not see it before it is submitted."""
    return Page(opens=OFFICERS, thing=thing, closed_to={"approver": 404})


def managed_page(thing: str, approver: int = 403) -> Page:
    """A page for who prepares a round as a whole; a unit's officer plans only his part of it."""
    return Page(opens="province_officer", thing=thing, closed_to={"unit_officer": 404, "approver": approver})


PAGES: dict[str, Page] = (
    {
        # The frame
        "home": Page(opens=EVERYBODY),
        "kernel:login": Page(opens=EVERYBODY, status=302, public=True),
        "kernel:logout": Page(opens=EVERYBODY, status=302, post=True, public=True),
        "kernel:password-change": Page(opens=EVERYBODY),
        "kernel:alive": Page(opens=EVERYBODY),
        "kernel:search": Page(opens=EVERYBODY),
        "kernel:csp-report": Page(opens=EVERYBODY, status=400, post=True, public=True),
        "kernel:job-list": Page(opens=EVERYBODY),
        "kernel:job-detail": Page(opens=EVERYBODY, thing="job"),
        "kernel:job-progress": Page(opens=EVERYBODY, thing="job"),
        "kernel:job-result": Page(opens=EVERYBODY, thing="job", status=404),
        # Access
        "personnel:role-table": Page(opens=EVERYBODY),
        "personnel:account-list": ADMINISTERS,
        "personnel:account-create": ADMINISTERS,
        "personnel:account-detail": ADMINISTERS_ACCOUNT,
        "personnel:account-grant": ADMINISTERS_ACCOUNT,
        "personnel:account-close": ADMINISTERS_ACCOUNT,
        "personnel:account-reopen": ADMINISTERS_ACCOUNT,
        "personnel:account-password": ADMINISTERS_ACCOUNT,
        "personnel:account-unlink": ADMINISTERS_ACCOUNT,
        "personnel:grant-end": Page(opens="administrator", thing="grant"),
        "personnel:delegation-list": Page(opens=f"{READERS} administrator"),
        "personnel:delegation-create": ADMINISTERS,
        "personnel:delegation-end": Page(opens="administrator", thing="delegation"),
        "personnel:receiving-list": Page(opens=OFFICERS),
        "personnel:receiving-ask": Page(opens=OFFICERS),
        "personnel:receiving-detail": Page(opens=OFFICERS, thing="request"),
        "personnel:receiving-accept": Page(opens="province_officer", thing="request", closed_to={"unit_officer": 404}),
        "personnel:receiving-refuse": Page(opens="province_officer", thing="request", closed_to={"unit_officer": 404}),
        # The audit trail
        "personnel:audit-list": Page(opens="inspector", asks={"cadre": "person"}),
        "personnel:audit-detail": Page(opens="inspector", thing="event"),
        "personnel:audit-seal": Page(opens="inspector"),
        # People
        "personnel:cadre-list": Page(opens=READERS, asks={"unit": "unit"}),
        "personnel:cadre-create": Page(opens=OFFICERS, asks={"unit": "unit"}),
        "personnel:cadre-print-selection": Page(opens=READERS),
        "personnel:cadre-detail": READS_PERSON,
        "personnel:cadre-photo": READS_PERSON,
        "personnel:cadre-print": READS_PERSON,
        "personnel:cadre-account": Page(opens=OFFICERS, thing="person"),
        "personnel:cadre-photo-change": WRITES_PERSON,
        "personnel:cadre-correct": Page(
            opens=OFFICERS, thing="section", closed=404, closed_to={"approver": 403, "inspector": 403}
        ),
        "personnel:record-add": Page(
            opens=OFFICERS, thing="part", closed=404, closed_to={"approver": 403, "inspector": 403}
        ),
        "personnel:own-record": Page(opens="cadre", status=302, closed=404),
        "personnel:lookup": Page(opens=f"{OFFICERS} administrator", thing="unit_lookup"),
        # Units
        "personnel:unit-tree": Page(opens=READERS),
        "personnel:unit-detail": Page(opens=READERS, thing="unit"),
        "personnel:unit-row-add": Page(
            opens=OFFICERS, thing="unit_part", closed=404, closed_to={"approver": 403, "inspector": 403}
        ),
        # Reorganisations
        "personnel:reorganisation-list": Page(opens=OFFICERS),
        "personnel:reorganisation-create": Page(opens=OFFICERS),
        "personnel:reorganisation-upload": Page(opens=OFFICERS),
        "personnel:reorganisation-template": Page(opens=OFFICERS),
        "personnel:reorganisation-detail": CASE,
        "personnel:reorganisation-edit": CASE,
        "personnel:reorganisation-basis-add": CASE,
        "personnel:reorganisation-basis-remove": Page(opens=OFFICERS, thing="case_basis", post=True, status=302),
        "personnel:reorganisation-step-add": Page(opens=OFFICERS, thing="case_kind"),
        "personnel:reorganisation-step": Page(opens=OFFICERS, thing="case_step"),
        "personnel:reorganisation-step-act": Page(opens=OFFICERS, thing="case_step_act", post=True, status=302),
        "personnel:reorganisation-place": Page(opens=OFFICERS, thing="case_person"),
        "personnel:reorganisation-placement-remove": Page(
            opens=OFFICERS, thing="case_placement", post=True, status=302
        ),
        "personnel:reorganisation-send": Page(opens=OFFICERS, thing="case_split"),
        "personnel:reorganisation-progress": Page(opens=OFFICERS, thing="case", status=204),
        "personnel:reorganisation-rehearse": Page(opens=OFFICERS, thing="case", post=True, status=302),
        "personnel:reorganisation-apply": Page(opens=OFFICERS, thing="case_rehearsed"),
        "personnel:reorganisation-undo": Page(opens=OFFICERS, thing="case_applied"),
        "personnel:reorganisation-remove": CASE,
        # Rosters
        "personnel:roster-list": Page(opens=OFFICERS),
        "personnel:roster-upload": Page(opens=OFFICERS),
        "personnel:roster-detail": ROSTER,
        "personnel:roster-progress": Page(opens=OFFICERS, thing="batch", status=204),
        "personnel:roster-rejected": ROSTER,
        "personnel:roster-decide": Page(opens=OFFICERS, thing="batch", post=True, status=404),
        "personnel:roster-confirm": Page(opens=OFFICERS, thing="batch", post=True, status=302),
        "personnel:roster-missing": Page(opens=OFFICERS, thing="batch", post=True, status=302),
        "personnel:roster-undo": Page(opens=OFFICERS, thing="written_batch"),
        # Decisions
        "personnel:decision-list": Page(opens=READERS, asks={"unit": "unit"}),
        "personnel:decision-choose": Page(opens=OFFICERS, asks={"cadre": "person"}),
        "personnel:decision-create": Page(opens=OFFICERS, status=302),
        "personnel:decision-enter": Page(opens=OFFICERS, status=302),
        "personnel:decision-list-template": Page(opens=OFFICERS, status=404),
        "personnel:decision": READS_DECISION,
        "personnel:decision-scan": READS_DECISION,
        "personnel:decision-scan-attach": Page(opens=OFFICERS, thing="decision"),
        "personnel:decision-describe": Page(opens=OFFICERS, thing="decision"),
        "personnel:decision-edit": WRITES_DRAFT,
        "personnel:decision-people": WRITES_DRAFT,
        "personnel:decision-check": WRITES_DRAFT,
        "personnel:decision-sign": WRITES_DRAFT,
        "personnel:decision-drop": WRITES_DRAFT,
        "personnel:decision-return": Page(opens=f"{OFFICERS} approver", thing="draft"),
        "personnel:decision-override": Page(opens=OFFICERS, thing="draft", post=True, status=404),
        # Texts of decisions, dossiers, votes
        "personnel:decision-text": Page(opens=READERS, thing="draft"),
        "personnel:decision-text-pdf": Page(opens=READERS, thing="draft"),
        "personnel:decision-texts": Page(opens=READERS),
        "personnel:decision-dossier": Page(opens=f"{OFFICERS} approver", thing="appointment", status=302),
        "personnel:decision-dossier-print": Page(opens=f"{OFFICERS} approver", thing="appointment"),
        "personnel:decision-dossier-person": Page(opens=f"{OFFICERS} approver", thing="candidate"),
        "personnel:decision-procedures": Page(opens=f"{OFFICERS} approver", thing="appointment", status=302),
        "personnel:decision-procedure": Page(opens=f"{OFFICERS} approver", thing="candidate"),
        "personnel:decision-procedure-print": Page(opens=f"{OFFICERS} approver", thing="candidate"),
        "personnel:decision-template-list": Page(opens=OFFICERS, asks={"unit": "unit"}),
        "personnel:decision-template-fields": Page(opens=OFFICERS),
        "personnel:decision-template-file": Page(opens=OFFICERS, thing="paper_kind"),
        "personnel:decision-template-put": Page(opens=OFFICERS, thing="paper_kind"),
        "personnel:decision-template-drop": Page(opens=OFFICERS, thing="paper_kind", status=404),
        # Record workbooks
        "personnel:cadre-workbook": Page(opens=READERS),
        "personnel:workbook-list": Page(opens=OFFICERS),
        "personnel:workbook-template": Page(opens=OFFICERS),
        "personnel:workbook-upload": Page(opens=OFFICERS),
        "personnel:workbook-detail": Page(opens=OFFICERS, thing="workbook"),
        "personnel:workbook-progress": Page(opens=OFFICERS, thing="workbook", status=204),
        "personnel:workbook-confirm": Page(opens=OFFICERS, thing="workbook", post=True, status=302),
        "personnel:workbook-undo": Page(opens=OFFICERS, thing="written_workbook"),
        # Data quality, code lists, law
        "personnel:quality": Page(opens=OFFICERS),
        "personnel:spellings": Page(opens="administrator province_officer"),
        "personnel:code-list": Page(opens=EVERYBODY),
        "personnel:code-items": Page(opens=EVERYBODY, thing="code_list"),
        "personnel:law": Page(opens=EVERYBODY),
        # Due matters; the address of a calendar that nobody opened
        "personnel:due-list": Page(opens=READERS, asks={"unit": "unit"}),
        "personnel:due-calendar": Page(opens=READERS),
        "personnel:due-feed": Page(opens=EVERYBODY, thing="feed", status=404, public=True),
        # Statistics
        "personnel:structure": Page(opens=READERS, asks={"unit": "unit"}),
        # Appraisal
        "appraisal:cycle-list": Page(opens=READERS),
        "appraisal:cycle-open": Page(opens="province_officer"),
        "appraisal:approval-list": Page(opens="approver"),
        "appraisal:vote-list": Page(opens=READERS),
        "appraisal:cycle-detail": Page(opens=READERS, thing="cycle"),
        "appraisal:cycle-deadline": Page(opens="province_officer", thing="cycle"),
        "appraisal:cycle-switch": Page(opens="province_officer", thing="cycle"),
        "appraisal:summary": Page(opens=READERS, thing="cycle", asks={"unit": "unit"}),
        "appraisal:result-sheet": Page(opens=READERS, thing="result", closed=404, status=404),
        "appraisal:own-score": Page(opens="cadre", thing="cycle", closed=404),
        "appraisal:upload": Page(opens=OFFICERS, thing="cycle"),
        "appraisal:unit": Page(opens=READERS, thing="rating_unit"),
        "appraisal:unit-summary": Page(opens=READERS, thing="rating_unit"),
        "appraisal:cell": Page(opens=OFFICERS, thing="rating_unit", post=True, status=404),
        "appraisal:unit-rate": Page(opens="province_officer", thing="rating_unit", closed_to={"unit_officer": 404}),
        "appraisal:unit-upload": Page(opens=OFFICERS, thing="rating_unit"),
        "appraisal:unit-template": Page(opens=OFFICERS, thing="rating_unit"),
        "appraisal:submit": Page(opens=OFFICERS, thing="rating_unit"),
        "appraisal:return": Page(opens="approver", thing="rating_unit"),
        "appraisal:approve": Page(opens="approver", thing="rating_unit"),
        "appraisal:publish": Page(opens=OFFICERS, thing="rating_unit"),
        "appraisal:person": Page(opens=OFFICERS, thing="rating"),
        "appraisal:correct": Page(opens="approver", thing="rating", status=404),
        "appraisal:batch": Page(opens=OFFICERS, thing="ratings"),
        "appraisal:batch-progress": Page(opens=OFFICERS, thing="ratings", status=204),
        "appraisal:batch-confirm": Page(opens=OFFICERS, thing="ratings", post=True, status=302),
        "appraisal:batch-undo": Page(opens=OFFICERS, thing="written_ratings"),
        # Planning: rounds, seats, candidates
        "planning:round-list": Page(opens=PLANNERS),
        "planning:round-create": Page(opens="province_officer"),
        "planning:round-detail": planned_page("plan_round"),
        "planning:round-structure": planned_page("plan_round"),
        "planning:round-history": planned_page("plan_round"),
        "planning:round-change": managed_page("plan_round"),
        "planning:round-drop": managed_page("plan_draft"),
        "planning:round-move": managed_page("plan_move", approver=404),
        "planning:round-approve": Page(
            opens="approver", thing="plan_submitted", closed_to={"province_officer": 404, "unit_officer": 404}
        ),
        "planning:round-announce": managed_page("plan_approved"),
        "planning:review-create": managed_page("plan_approved"),
        "planning:part-list": planned_page("plan_round"),
        "planning:part-send": Page(opens=OFFICERS, thing="plan_part"),
        "planning:part-accept": managed_page("plan_part"),
        "planning:part-return": managed_page("plan_part"),
        "planning:seat-list": planned_page("plan_round"),
        "planning:seat-add": managed_page("plan_round"),
        "planning:candidate-list": planned_page("plan_round"),
        "planning:seat-detail": planned_page("plan_seat"),
        "planning:seat-change": managed_page("plan_seat"),
        "planning:seat-drop": managed_page("plan_seat"),
        "planning:seat-find": Page(opens=OFFICERS, thing="plan_seat", asks={"unit": "unit"}),
        "planning:seat-compare": Page(opens=OFFICERS, thing="plan_seat", status=404, asks={"people": "person"}),
        "planning:seat-missing": Page(opens=OFFICERS, thing="plan_seat"),
        "planning:seat-propose": Page(opens=OFFICERS, thing="plan_seat", post=True, status=302),
        "planning:candidate-change": Page(opens=OFFICERS, thing="plan_candidate"),
        "planning:candidate-take-off": Page(opens=OFFICERS, thing="plan_candidate"),
        "planning:candidate-override": Page(opens=OFFICERS, thing="plan_rule"),
        "planning:candidate-remove": Page(opens=OFFICERS, thing="plan_kept"),
        "planning:person-seats": Page(opens=OFFICERS, thing="person"),
        # Planning: votes
        "planning:review": planned_page("plan_review"),
        "planning:review-refresh": managed_page("plan_review"),
        "planning:review-take-off": Page(opens=OFFICERS, thing="plan_review", post=True, status=302),
        "planning:review-additions": planned_page("plan_review"),
        "planning:review-report": planned_page("plan_review"),
        "planning:review-workbook": planned_page("plan_review"),
        "planning:review-print": planned_page("plan_review"),
        "planning:review-keep": Page(opens=OFFICERS, thing="plan_reviewed"),
        "planning:review-leave-out": Page(opens=OFFICERS, thing="plan_addition"),
        "planning:vote-list": planned_page("plan_round"),
        "planning:vote-part": planned_page("plan_part"),
        "planning:vote-prepare": Page(opens=OFFICERS, thing="plan_part"),
        "planning:vote-sheet": Page(opens=OFFICERS, thing="plan_part"),
        "planning:vote-import": Page(opens=OFFICERS, thing="plan_part"),
        "planning:vote-step-add": Page(opens=OFFICERS, thing="plan_part"),
        "planning:vote-step": Page(opens=OFFICERS, thing="plan_step"),
        "planning:vote-step-drop": Page(opens=OFFICERS, thing="plan_step"),
        "planning:vote-minutes": planned_page("plan_step"),
        "planning:vote-ballots": planned_page("plan_step"),
        # Planning: papers
        "planning:documents": planned_page("plan_round"),
        "planning:document": planned_page("plan_paper"),
        "planning:yearly": Page(opens=PLANNERS),
        # Planning: slates
        "planning:slate-list": Page(opens=OFFICERS),
        "planning:slate-create": Page(opens=OFFICERS),
        "planning:slate-compare": Page(opens=OFFICERS, asks={"slates": "plan_slate"}),
        "planning:slate-detail": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-change": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-copy": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-choose": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-drop": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-restore": Page(opens=OFFICERS, thing="plan_slate_dropped"),
        "planning:slate-undraw": Page(opens=OFFICERS, thing="plan_slate_drawn"),
        "planning:slate-workbook": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-print": Page(opens=OFFICERS, thing="plan_slate"),
        "planning:slate-move-add": Page(opens=OFFICERS, thing="plan_slate", asks={"cadre": "person"}),
        "planning:slate-move-change": Page(opens=OFFICERS, thing="plan_slate_move"),
        "planning:slate-move-remove": Page(opens=OFFICERS, thing="plan_slate_move"),
        "planning:slate-move-order": Page(opens=OFFICERS, thing="plan_slate_move", post=True, status=404),
        # Planning: rotation
        "planning:rotation-list": Page(opens=PLANNERS),
        "planning:rotation-create": Page(opens=OFFICERS),
        "planning:rotation-detail": planned_page("rotation_plan"),
        "planning:rotation-print": planned_page("rotation_plan"),
        "planning:rotation-sheet": planned_page("rotation_plan"),
        "planning:rotation-change": Page(opens=OFFICERS, thing="rotation_plan"),
        "planning:rotation-drop": Page(opens=OFFICERS, thing="rotation_plan"),
        "planning:rotation-submit": Page(opens=OFFICERS, thing="rotation_plan"),
        "planning:rotation-find": Page(opens=OFFICERS, thing="rotation_plan", asks={"unit": "unit"}),
        "planning:rotation-add": Page(opens=OFFICERS, thing="rotation_person"),
        "planning:rotation-return": Page(opens=PLANNERS, thing="rotation_submitted"),
        "planning:rotation-approve": Page(
            opens="approver", thing="rotation_submitted", closed_to={"province_officer": 404, "unit_officer": 404}
        ),
        "planning:rotation-items": Page(opens=PLANNERS),
        "planning:rotation-item": planned_page("rotation_item"),
        "planning:rotation-item-change": Page(opens=OFFICERS, thing="rotation_item"),
        "planning:rotation-item-drop": Page(opens=OFFICERS, thing="rotation_item"),
        "planning:rotation-override": Page(opens=OFFICERS, thing="rotation_override"),
        "planning:rotation-link": Page(opens=OFFICERS, thing="rotation_approved"),
        "planning:rotation-unlink": Page(opens=OFFICERS, thing="rotation_decided"),
        "planning:rotation-evaluate": Page(opens=OFFICERS, thing="rotation_decided"),
        "planning:rotation-evaluation-drop": Page(opens=OFFICERS, thing="rotation_evaluated"),
        "planning:rotation-end": Page(opens=OFFICERS, thing="rotation_decided"),
        "planning:rotation-reopen": Page(opens=OFFICERS, thing="rotation_ended"),
        "planning:rotation-table": Page(opens=PLANNERS),
        "planning:rotation-table-sheet": Page(opens=PLANNERS),
        "planning:rotation-table-print": Page(opens=PLANNERS),
        "planning:rotation-rules": Page(opens=PLANNERS),
        "planning:rotation-rule-add": Page(opens="province_officer"),
        "planning:rotation-rule-end": Page(opens="province_officer", thing="rotation_rule"),
        # Planning: standards, targets
        "planning:coverage": Page(opens=PLANNERS),
        "planning:coverage-people": Page(opens=PLANNERS),
        "planning:standard-list": Page(opens=OFFICERS),
        "planning:standard-sheet": Page(opens=OFFICERS),
        "planning:standard-import": Page(opens="province_officer"),
        "planning:standard-edit": Page(opens="province_officer", thing="plan_title"),
        "planning:target-list": Page(opens="province_officer"),
        "planning:target-create": Page(opens="province_officer"),
        "planning:target-end": Page(opens="province_officer", thing="plan_target"),
        # Choosing for classes: an officer of the province who sees all their members
        "training:form10": Page(opens=f"{OFFICERS} inspector", asks={"unit": "unit"}),
        "training:form10-people": Page(opens=f"{OFFICERS} inspector", asks={"unit": "unit"}),
        "training:need-matrix": Page(opens=OFFICERS, asks={"unit": "unit", "round": "plan_round"}),
        "training:need-people": Page(opens=OFFICERS, asks={"unit": "unit", "round": "plan_round"}),
        "training:person-needs": Page(opens=OFFICERS, thing="person"),
        "training:need-propose": Page(opens=OFFICERS, thing="person"),
        "training:need-propose-many": Page(opens=OFFICERS, status=302, asks={"people": "person"}),
        "training:need-withdraw": Page(opens=OFFICERS, thing="need"),
        "training:programme-list": Page(opens=OFFICERS),
        "training:programme-create": Page(opens="province_officer"),
        "training:programme-detail": Page(opens=OFFICERS, thing="programme"),
        "training:programme-change": Page(opens="province_officer", thing="programme"),
        "training:programme-switch": Page(opens="province_officer", thing="programme"),
        "training:programme-allot": Page(opens="province_officer", thing="programme"),
        "training:rank-standard-list": Page(opens="province_officer"),
        "training:rank-standard-set": Page(opens="province_officer"),
        "training:rank-standard-end": Page(opens="province_officer", thing="rank_standard"),
        "training:cohort-many": Page(opens="province_officer"),
        "training:cohort": Page(opens="province_officer", thing="cohort_class"),
        "training:cohort-undo": Page(opens="province_officer", thing="cohort_class"),
        # Plans, classes, certificates: the province's, read by who trains or inspects; their people by scope
        "training:plan-list": Page(opens=TRAINING_READERS),
        "training:plan-years": Page(opens=TRAINING_READERS),
        "training:plan-create": Page(opens="province_officer"),
        "training:plan-detail": Page(opens=TRAINING_READERS, thing="year_plan"),
        "training:plan-workbook": Page(opens=TRAINING_READERS, thing="year_plan"),
        "training:plan-print": Page(opens=TRAINING_READERS, thing="year_plan"),
        "training:plan-change": Page(opens="province_officer", thing="year_plan"),
        "training:plan-drop": Page(opens="province_officer", thing="year_plan"),
        "training:plan-move": Page(
            opens="province_officer", thing="year_plan_move", closed_to={"unit_officer": 404, "inspector": 404}
        ),
        # Approved by who approves at the top of a tree, which no visitor here does
        "training:plan-approve": Page(
            opens="province_officer",
            thing="year_plan_submitted",
            status=404,
            closed_to={"unit_officer": 404, "inspector": 404},
        ),
        "training:planned-add": Page(opens="province_officer", thing="year_plan"),
        "training:planned-change": Page(opens="province_officer", thing="year_plan_line"),
        "training:planned-drop": Page(opens="province_officer", thing="year_plan_line"),
        "training:class-list": Page(opens=TRAINING_READERS),
        "training:class-create": Page(opens="province_officer"),
        "training:class-detail": Page(opens=TRAINING_READERS, thing="class_running"),
        "training:class-change": Page(opens="province_officer", thing="class_running"),
        "training:class-drop": Page(opens="province_officer", thing="class_planned"),
        "training:class-cancel": Page(opens="province_officer", thing="class_running"),
        "training:class-move": Page(opens="province_officer", thing="class_move"),
        "training:class-finish": Page(opens="province_officer", thing="class_running"),
        "training:class-reopen": Page(opens="province_officer", thing="class_finished"),
        "training:class-paper": Page(opens=TRAINING_READERS, thing="class_paper"),
        "training:session-add": Page(opens="province_officer", thing="class_running"),
        "training:session-change": Page(opens="province_officer", thing="class_session"),
        "training:session-drop": Page(opens="province_officer", thing="class_session"),
        "training:document-add": Page(opens="province_officer", thing="class_running"),
        "training:document-file": Page(opens=TRAINING_READERS, thing="class_document", status=404),
        "training:document-drop": Page(opens="province_officer", thing="class_document"),
        "training:member-list": Page(opens=TRAINING_READERS, thing="class_running"),
        "training:member-send": Page(opens=OFFICERS, thing="class_nominating", asks={"unit": "unit"}),
        "training:member-import": Page(opens=OFFICERS, thing="class_nominating"),
        "training:member-sheet": Page(opens=OFFICERS, thing="class_nominating"),
        "training:member-withdraw": Page(opens=OFFICERS, thing="class_nominee"),
        "training:member-follow": Page(opens=OFFICERS, thing="class_graduate"),
        "training:class-attendance": Page(opens=TRAINING_READERS, thing="class_running"),
        "training:class-results": Page(opens=TRAINING_READERS, thing="class_running"),
        "training:result-sheet": Page(opens="province_officer", thing="class_running"),
        "training:result-import": Page(opens="province_officer", thing="class_running"),
        "training:result-correct": Page(opens="province_officer", thing="class_graduate"),
        "training:class-certificates": Page(opens="province_officer", thing="class_finished"),
        "training:certificates-print": Page(opens=TRAINING_READERS, thing="class_finished"),
        "training:certificate-change": Page(opens="province_officer", thing="class_graduate"),
        "training:certificate-print": Page(opens=TRAINING_READERS, thing="class_graduate", closed=404),
        "training:certificate-list": Page(opens=TRAINING_READERS),
        "training:class-following": Page(opens=TRAINING_READERS, thing="class_finished"),
    }
    | {
        f"personnel:record-{act}": Page(
            opens=OFFICERS, thing="row", closed=404, closed_to={"approver": 403, "inspector": 403}
        )
        for act in ("succeed", "correct", "end", "remove")
    }
    | {"personnel:record-history": Page(opens=READERS, thing="row", closed=404)}
    | {
        f"personnel:unit-row-{act}": Page(
            opens=OFFICERS, thing="unit_row", closed=404, closed_to={"approver": 403, "inspector": 403}
        )
        for act in ("succeed", "correct", "end", "remove")
    }
)

__all__ = ["NOBODY", "PAGES", "Page"]
