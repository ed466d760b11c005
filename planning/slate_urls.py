"""Addresses of slates (phương án nhân sự)."""

from django.urls import URLPattern, path

from planning.views.slates import acting, detail, lists, moves, outlets

urlpatterns: list[URLPattern] = [
    path("phuong-an/", lists.SlateList.as_view(), name="slate-list"),
    path("phuong-an/lap/", acting.SlateCreate.as_view(), name="slate-create"),
    path("phuong-an/so-sanh/", outlets.SlateCompare.as_view(), name="slate-compare"),
    path("phuong-an/<int:pk>/", detail.SlatePage.as_view(), name="slate-detail"),
    path("phuong-an/<int:pk>/sua/", acting.SlateChange.as_view(), name="slate-change"),
    path("phuong-an/<int:pk>/sao/", acting.SlateCopy.as_view(), name="slate-copy"),
    path("phuong-an/<int:pk>/chon/", acting.SlateChoose.as_view(), name="slate-choose"),
    path("phuong-an/<int:pk>/bo/", acting.SlateDrop.as_view(), name="slate-drop"),
    path("phuong-an/<int:pk>/lay-lai/", acting.SlateRestore.as_view(), name="slate-restore"),
    path("phuong-an/<int:pk>/du-thao/<int:decision_pk>/bo/", acting.SlateUndraw.as_view(), name="slate-undraw"),
    path("phuong-an/<int:pk>/tep/", outlets.SlateWorkbook.as_view(), name="slate-workbook"),
    path("phuong-an/<int:pk>/in/", outlets.SlatePrint.as_view(), name="slate-print"),
    path("phuong-an/<int:pk>/them/", moves.MoveAdd.as_view(), name="slate-move-add"),
    path("phuong-an/buoc/<int:pk>/sua/", moves.MoveChange.as_view(), name="slate-move-change"),
    path("phuong-an/buoc/<int:pk>/bo/", moves.MoveRemove.as_view(), name="slate-move-remove"),
    path("phuong-an/buoc/<int:pk>/thu-tu/", detail.MoveOrder.as_view(), name="slate-move-order"),
]
