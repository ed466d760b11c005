"""Addresses of decisions, below «quyet-dinh/»; their names belong to the app."""

from django.urls import path

from personnel.views.decisions import (
    acting,
    choosing,
    detail,
    drafting,
    entering,
    lists,
    profile,  # noqa: F401  the tab and the button of the profile register themselves
    register,
)

urlpatterns = [
    path("", register.DecisionList.as_view(), name="decision-list"),
    path("chon-loai/", choosing.ChooseKind.as_view(), name="decision-choose"),
    path("lap/", entering.CreateDraft.as_view(), name="decision-create"),
    path("vao-so/", entering.EnterSigned.as_view(), name="decision-enter"),
    path("mau-danh-sach/", lists.ListTemplate.as_view(), name="decision-list-template"),
    path("<int:pk>/", detail.DecisionPage.as_view(), name="decision"),
    path("<int:pk>/ban-quet/", detail.DecisionScan.as_view(), name="decision-scan"),
    path("<int:pk>/ban-quet/gan/", acting.AttachScan.as_view(), name="decision-scan-attach"),
    path("<int:pk>/noi-dung/", drafting.EditDraft.as_view(), name="decision-edit"),
    path("<int:pk>/danh-sach/", drafting.DraftPeople.as_view(), name="decision-people"),
    path("<int:pk>/kiem-tra/", acting.CheckDraft.as_view(), name="decision-check"),
    path("<int:pk>/cho-qua/", acting.OverrideRule.as_view(), name="decision-override"),
    path("<int:pk>/tra-lai/", acting.ReturnDraft.as_view(), name="decision-return"),
    path("<int:pk>/ky/", acting.SignDraft.as_view(), name="decision-sign"),
    path("<int:pk>/bo/", acting.DropDraft.as_view(), name="decision-drop"),
    path("<int:pk>/thong-tin/", acting.DescribeCited.as_view(), name="decision-describe"),
]
