"""What is done with a decision: checked, passed over, submitted, returned, signed, dropped, described, scanned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, StaleRecord
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from personnel.forms.decisions import CitedForm, ReturnForm, ScanForm, SignForm, earlier_signatures
from personnel.models import Decision, DecisionItem
from personnel.services.decisions.cases import DecisionRefused, plan
from personnel.services.decisions.days import long_before
from personnel.services.decisions.register import (
    answer_rule,
    check_draft,
    describe_cited,
    drop_draft,
    override_rule,
    return_decision,
    submit_decision,
)
from personnel.services.decisions.scans import attach_scan, filed, keep_scan, refuse_stub, waiting_scan
from personnel.services.decisions.signing import rehearse_draft, sign_decision
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.reading import log_list_reading
from personnel.views.decisions.checked import CheckedPerson, Sums, checked_people, obstacles, tell_changes
from personnel.views.decisions.detail import READ_PART
from personnel.views.decisions.drafting import DraftScreen
from personnel.views.decisions.opening import DecisionScreen, OpenedDecision
from personnel.views.decisions.revised import Revised, teller

PEOPLE_PER_PAGE = 50
SHOWN = (("faults", "Có vướng mắc"), ("unknown", "Có điều chưa rõ"), ("all", "Tất cả"))


class CheckDraft(DraftScreen):
    """Every finding of every person, and the difference that signing would make; POST keeps that it was checked."""

    title = "Kiểm tra"
    template_name = "personnel/decision/check.html"
    refused: str = ""
    revised: Revised

    @cached_property
    def people(self) -> list[CheckedPerson]:
        """Everybody, checked now; a revision is carried out for trial, and what that refuses stands in `refused`."""
        self.refused, self.revised = "", []
        if self.decision.target is None:
            return checked_people(plan(self.decision, acting_user=self.opened.user))
        try:
            tell = teller(self.decision.target, self.revised)
            return checked_people(rehearse_draft(decision=self.decision, acting_user=self.opened.user, tell=tell))
        except DecisionRefused as refused:
            self.refused = " ".join(_sentences(refused))
        except ServiceRefusal as refused:
            self.refused = refused.message
        return []

    @cached_property
    def sums(self) -> Sums:
        """How many stand how."""
        return Sums.of(self.people)

    @property
    def is_clear_revision(self) -> bool:
        """Whether it names nobody himself and its trial met nothing."""
        return self.decision.target is not None and not self.people and not self.refused

    @property
    def shown(self) -> str:
        """Who is asked for: what is in the way comes first."""
        asked = self.request.GET.get("show", "")
        if asked in dict(SHOWN):
            return asked
        return "faults" if self.sums.faults or self.sums.blocked else "unknown" if self.sums.unknown else "all"

    def get_lead(self) -> str:
        """By whose law."""
        day = self.decision.effective_on
        return f"Xét theo quy định và hồ sơ tại ngày có hiệu lực {day:%d/%m/%Y}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The findings."""
        if self.decision.is_issued or self.opened.act is None:
            return self.back()
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep that it was checked, and submit it when asked."""
        if (away := self.no_draft()) is not None:
            return away
        if not self.people and self.refused:
            return self.show(status=422)
        try:
            check_draft(decision=self.decision, acting_user=self.opened.user)
            if request.POST.get("action") == "submit":
                submit_decision(decision=self.decision, acting_user=self.opened.user)
                messages.success(request, "Đã trình ký; từ nay dự thảo không đổi cho đến khi ký hoặc bị trả lại.")
                return self.back()
        except ServiceRefusal as refused:
            messages.error(request, refused.message)
            return self.show(status=422)
        self.__dict__.pop("opened", None)
        return self.show()

    def show(self, status: int = 200) -> HttpResponseBase:
        """The page; what it tells of tier 2 is logged."""
        if self.opened.judges_by_tier_2 and self.people:
            ids = [one.cadre_id for one in self.people if one.cadre_id is not None]
            log_list_reading(
                user=self.opened.user,
                people=ids,
                parts=[READ_PART],
                what=f"kiểm tra quyết định {self.decision.pk}",
                day=self.day,
            )
        here = self.shown
        listed = [one for one in self.people if here == "all" or one.state in self._states(here)]
        page = Paginator(listed, PEOPLE_PER_PAGE).get_page(self.request.GET.get("page"))
        tell_changes(list(page.object_list))
        url = self.request.get_full_path()
        links = [(label, with_query(url, show=key, page=None), key == here) for key, label in SHOWN]
        return self.respond(
            status=status,
            decision=self.decision,
            opened=self.opened,
            sums=self.sums,
            refused=self.refused,
            revised=self.revised,
            may_submit=self.sums.is_clear or self.is_clear_revision,
            obstacles=obstacles(self.people, {}) if len(self.people) > 1 else (),
            page=page,
            show_links=links,
            shown=here,
        )

    @staticmethod
    def _states(shown: str) -> tuple[str, ...]:
        return ("fault", "blocked") if shown == "faults" else ("unknown",)


class OverrideRule(DraftScreen):
    """Pass over one condition of one person, or of everybody, with a reason; an empty one takes it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the reason and show the check again."""
        if (away := self.no_draft()) is not None:
            return away
        rule, reason = request.POST.get("rule", "")[:100], request.POST.get("reason", "")[:500]
        try:
            if "item" in request.POST or not rule:
                key = typed_key(request.POST.get("item")) or 0
                item: DecisionItem = get_object_or_404(self.decision.items, pk=key)
                override_rule(item=item, rule=rule, reason=reason, acting_user=self.opened.user)
            else:
                answer_rule(decision=self.decision, key=rule, reason=reason, acting_user=self.opened.user)
        except ServiceRefusal as refused:
            messages.error(request, refused.message)
        url = reverse("personnel:decision-check", args=[self.decision.pk])
        return HttpResponseRedirect(self.link(with_query(url, show=request.POST.get("show"))))


class ActOnDecision(DecisionScreen, ActionScreen):
    """What the acts on one decision share: a refusal becomes the form's error, then back to the decision."""

    def may_act(self, opened: OpenedDecision) -> bool:
        """Whether this reader may do it."""
        return opened.may_write

    def is_open_to(self, opened: OpenedDecision) -> bool:
        """Who may act."""
        return self.may_act(opened)

    @cached_property
    def record(self) -> Decision:
        """The decision."""
        return self.decision

    def do(self, form: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        """Do it; what the service refuses becomes an error of the form."""
        try:
            return self.do(form)
        except StaleVersion as error:
            raise StaleRecord from error
        except DecisionRefused as refused:
            raise ValidationError(_sentences(refused), code=refused.code) from refused
        except ServiceRefusal as refused:
            raise ValidationError(refused.message, code=refused.code) from refused
        except PermissionDenied as error:
            raise ValidationError(str(error) or "Không có quyền làm việc này.", code="denied") from error

    def get_success_url(self, result: Any) -> str:
        """Back to the decision."""
        return self.opened.url

    def get_cancel_url(self) -> str:
        """Back to the decision."""
        return self.opened.url


def _sentences(refused: DecisionRefused) -> list[str]:
    """Who is refused and why, by name; the first few."""
    names = {one.case.place: one.case.cadre.full_name or "Người mới" for one in refused.planned}
    told = [
        f"{names.get(place, f'Người thứ {place + 1}')}: {' '.join(texts)}" for place, texts in refused.faults.items()
    ]
    more = [f"… và {number_text(len(told) - 20)} người khác."] if len(told) > 20 else []
    return [refused.message, *told[:20], *more]


class ReturnDraft(ActOnDecision):
    """Return a submitted draft with a comment."""

    title, submit_label, success_text = "Trả lại dự thảo", "Trả lại", "Đã trả lại dự thảo."
    form_class: ClassVar[type[forms.BaseForm]] = ReturnForm

    def may_act(self, opened: OpenedDecision) -> bool:
        """Who approves there, and the office itself."""
        return opened.may_return or opened.may_write

    def get_question(self) -> str:
        """Which draft."""
        return f"Trả lại {str(self.decision).lower()}?"

    def do(self, form: Any) -> Any:
        """Return it."""
        return return_decision(decision=self.decision, note=form.cleaned_data["note"], acting_user=self.opened.user)


class DropDraft(ActOnDecision):
    """Throw a draft away."""

    title, submit_label, success_text = "Bỏ dự thảo", "Bỏ dự thảo", "Đã bỏ dự thảo."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = forms.Form

    def get_question(self) -> str:
        """Which draft."""
        return f"Bỏ {str(self.decision).lower()}?"

    def get_consequences(self) -> Sequence[str]:
        """What goes."""
        count = number_text(self.decision.items.count())
        return [f"Dự thảo và danh sách {count} người bị bỏ; lịch sử vẫn giữ.", "Hồ sơ không đổi."]

    def do(self, form: Any) -> Any:
        """Drop it."""
        drop_draft(decision=self.decision, acting_user=self.opened.user)

    def get_success_url(self, result: Any) -> str:
        """The register."""
        return reverse("personnel:decision-list")


class SignDraft(ActOnDecision):
    """Enter number, day and signer of a draft that was signed; the record is written."""

    title, submit_label = "Vào sổ đã ký", "Ghi vào sổ và hồ sơ"
    success_text = "Đã vào sổ và ghi vào hồ sơ."
    template_name = "personnel/decision/sign.html"
    form_class: ClassVar[type[forms.BaseForm]] = SignForm

    def get_question(self) -> str:
        """What is signed."""
        kind = self.decision.kind.name if self.decision.kind else ""
        return f"Dự thảo {kind.lower()} đã được ký?"

    def get_consequences(self) -> Sequence[str]:
        """What will be written."""
        day = self.decision.effective_on
        return [f"Hồ sơ của những người trong quyết định được ghi, có hiệu lực từ ngày {day:%d/%m/%Y}."]

    def get_actions(self) -> Sequence[Button]:
        """The check, for who was refused."""
        url = reverse("personnel:decision-check", args=[self.decision.pk])
        return [Button(label="Xem kết quả kiểm tra", url=url, icon="list-checks")]

    def get_initial(self) -> dict[str, Any]:
        """What the draft says already."""
        return {name: getattr(self.decision, name) for name in ("issuer", "signer", "signer_title")}

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form; a scan that was refused for another reason waits."""
        form: Any = super().make_form(data, files)
        self.scan = waiting_scan((data or {}).get("scan_token", ""), acting_user=self.opened.user)
        upload = (files or {}).get("scan")
        if upload is not None:
            try:
                self.scan = keep_scan(upload=upload, acting_user=self.opened.user)
            except ValidationError as error:
                form.add_error("scan", error.messages)
        return form  # type: ignore[no-any-return]

    def do(self, form: Any) -> Any:
        """Sign it."""
        if self.scan is not None:
            refuse_stub(self.decision.classification)
        if asked_about := long_before(self.decision.effective_on, form.cleaned_data["signed_on"]):
            messages.warning(self.request, asked_about)
        with filed(self.scan) as stored:
            return sign_decision(decision=self.decision, signature=form.signature(stored), acting_user=self.opened.user)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context, with what the office signed before."""
        listed = earlier_signatures(self.opened.user)
        return super().context(listed=listed, scan=getattr(self, "scan", None)) | extra


class DescribeCited(ActOnDecision):
    """Complete the entry of a decision that facts only cite."""

    title, submit_label, success_text = "Bổ sung thông tin", "Lưu", "Đã lưu."
    form_class: ClassVar[type[forms.BaseForm]] = CitedForm

    def may_act(self, opened: OpenedDecision) -> bool:
        """The office that keeps it, for one that the register has not written."""
        return opened.may_write and opened.is_only_cited

    def get_version(self) -> str:
        """The decision's version."""
        return str(self.version)

    def get_initial(self) -> dict[str, Any]:
        """What stands there."""
        names = CitedForm.base_fields
        return {name: getattr(self.decision, name) for name in names} | {"kind": self.decision.kind_id}

    def do(self, form: Any) -> Any:
        """Save it."""
        return describe_cited(
            decision=self.decision,
            head=form.cleaned_data,
            version=self.sent_version_number,
            acting_user=self.opened.user,
        )


class AttachScan(ActOnDecision):
    """Put the scan to a decision that was signed."""

    title, submit_label, success_text = "Gắn bản quét", "Gắn bản quét", "Đã gắn bản quét."
    template_name = "personnel/decision/scan.html"
    form_class: ClassVar[type[forms.BaseForm]] = ScanForm

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context, with how large a file may be."""
        return super().context(most=f"PDF – tối đa {settings.SCAN_LARGEST_BYTES // 1_000_000} MB") | extra

    def get_consequences(self) -> Sequence[str]:
        """What the scan replaces."""
        return ["Bản quét đang có được thay; bản cũ vẫn lưu trong lịch sử."] if self.decision.file else []

    def do(self, form: Any) -> Any:
        """Check and keep it."""
        refuse_stub(self.decision.classification)
        scan = keep_scan(upload=form.cleaned_data["scan"], acting_user=self.opened.user)
        return attach_scan(decision=self.decision, scan=scan, acting_user=self.opened.user)
