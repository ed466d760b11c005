"""Addresses of the record: people, units, rosters, statistics, access, audit."""

from django.urls import path

from personnel.views import (
    access,
    audit,
    cadre_list,
    cadres,
    creating,
    delegations,
    documents,
    identity,
    lookup,
    receiving,
    records,
    statistics,
    units,
)

app_name = "personnel"

urlpatterns = [
    path("can-bo/", cadre_list.CadreList.as_view(), name="cadre-list"),
    path("can-bo/in/", documents.PrintSelection.as_view(), name="cadre-print-selection"),
    path("can-bo/<int:pk>/in/", documents.PrintCurriculum.as_view(), name="cadre-print"),
    path("can-bo/them/", creating.CreateCadre.as_view(), name="cadre-create"),
    path("can-bo/<int:pk>/", cadres.CadreDetail.as_view(), name="cadre-detail"),
    path("can-bo/<int:pk>/anh/", cadres.CadrePhoto.as_view(), name="cadre-photo"),
    path("can-bo/<int:pk>/anh/thay/", identity.ChangePhoto.as_view(), name="cadre-photo-change"),
    path("can-bo/<int:pk>/ly-lich/<slug:section>/", identity.CorrectIdentity.as_view(), name="cadre-correct"),
    path("can-bo/<int:pk>/phan/<slug:part>/them/", records.AddRow.as_view(), name="record-add"),
    path("can-bo/<int:pk>/phan/<slug:part>/<int:row>/thay-doi/", records.SucceedRow.as_view(), name="record-succeed"),
    path("can-bo/<int:pk>/phan/<slug:part>/<int:row>/dinh-chinh/", records.CorrectRow.as_view(), name="record-correct"),
    path("can-bo/<int:pk>/phan/<slug:part>/<int:row>/ket-thuc/", records.EndRow.as_view(), name="record-end"),
    path("can-bo/<int:pk>/phan/<slug:part>/<int:row>/xoa/", records.RemoveRow.as_view(), name="record-remove"),
    path("can-bo/<int:pk>/phan/<slug:part>/<int:row>/lich-su/", records.RowHistory.as_view(), name="record-history"),
    path("ho-so-cua-toi/", cadres.OwnRecord.as_view(), name="own-record"),
    path("tra-cuu/<slug:source>/", lookup.Lookup.as_view(), name="lookup"),
    # Đề nghị tiếp nhận
    path("tiep-nhan/", receiving.ReceivingList.as_view(), name="receiving-list"),
    path("tiep-nhan/gui/", receiving.ReceivingAsk.as_view(), name="receiving-ask"),
    path("tiep-nhan/<int:pk>/", receiving.ReceivingPage.as_view(), name="receiving-detail"),
    path("tiep-nhan/<int:pk>/dong-y/", receiving.ReceivingAccept.as_view(), name="receiving-accept"),
    path("tiep-nhan/<int:pk>/tu-choi/", receiving.ReceivingRefuse.as_view(), name="receiving-refuse"),
    # Nhật ký
    path("nhat-ky/", audit.AuditList.as_view(), name="audit-list"),
    path("nhat-ky/dau-xac-nhan/", audit.AuditSeal.as_view(), name="audit-seal"),
    path("nhat-ky/<int:pk>/", audit.AuditPage.as_view(), name="audit-detail"),
    # Tài khoản, vai trò, phân cấp
    path("bang-quyen/", access.RoleTable.as_view(), name="role-table"),
    path("tai-khoan/", access.AccountList.as_view(), name="account-list"),
    path("tai-khoan/moi/", access.AccountCreate.as_view(), name="account-create"),
    path("tai-khoan/<int:pk>/", access.AccountPage.as_view(), name="account-detail"),
    path("tai-khoan/<int:pk>/quyen/", access.AccountGrant.as_view(), name="account-grant"),
    path("tai-khoan/<int:pk>/khoa/", access.AccountClose.as_view(), name="account-close"),
    path("tai-khoan/<int:pk>/mo-lai/", access.AccountReopen.as_view(), name="account-reopen"),
    path("tai-khoan/<int:pk>/mat-khau/", access.AccountPassword.as_view(), name="account-password"),
    path("tai-khoan/<int:pk>/go-ho-so/", access.AccountUnlink.as_view(), name="account-unlink"),
    path("quyen/<int:pk>/thu-hoi/", access.GrantEnd.as_view(), name="grant-end"),
    path("can-bo/<int:pk>/tai-khoan/", access.CadreAccount.as_view(), name="cadre-account"),
    path("phan-cap/", delegations.DelegationList.as_view(), name="delegation-list"),
    path("phan-cap/them/", delegations.DelegationCreate.as_view(), name="delegation-create"),
    path("phan-cap/<int:pk>/ket-thuc/", delegations.DelegationEnd.as_view(), name="delegation-end"),
    path("thong-ke/co-cau/", statistics.StructurePage.as_view(), name="structure"),
    path("don-vi/", units.UnitTreePage.as_view(), name="unit-tree"),
    path("don-vi/<str:slug>/", units.UnitPage.as_view(), name="unit-detail"),
]
