"""Addresses of rotation, below «luan-chuyen/»; their names belong to the app."""

from django.urls import path

from planning.views.rotation import course, items, plans, rules, table

urlpatterns = [
    # Plans
    path("", plans.PlanList.as_view(), name="rotation-list"),
    path("lap/", plans.PlanCreate.as_view(), name="rotation-create"),
    path("<int:pk>/", plans.PlanPage.as_view(), name="rotation-detail"),
    path("<int:pk>/sua/", plans.PlanChange.as_view(), name="rotation-change"),
    path("<int:pk>/bo/", plans.PlanDrop.as_view(), name="rotation-drop"),
    path("<int:pk>/trinh/", plans.PlanSubmit.as_view(), name="rotation-submit"),
    path("<int:pk>/tra-lai/", plans.PlanReturn.as_view(), name="rotation-return"),
    path("<int:pk>/phe-duyet/", plans.PlanApprove.as_view(), name="rotation-approve"),
    path("<int:pk>/in/", plans.PlanPrint.as_view(), name="rotation-print"),
    path("<int:pk>/bang/", plans.PlanSheet.as_view(), name="rotation-sheet"),
    path("<int:pk>/tim/", items.ItemFind.as_view(), name="rotation-find"),
    path("<int:pk>/them/<int:cadre_pk>/", items.ItemAdd.as_view(), name="rotation-add"),
    # The rotations of each
    path("nguoi/", items.ItemList.as_view(), name="rotation-items"),
    path("nguoi/<int:pk>/", course.ItemPage.as_view(), name="rotation-item"),
    path("nguoi/<int:pk>/sua/", items.ItemChange.as_view(), name="rotation-item-change"),
    path("nguoi/<int:pk>/bo/", items.ItemDrop.as_view(), name="rotation-item-drop"),
    path("nguoi/<int:pk>/cho-qua/<slug:rule>/", items.ItemOverride.as_view(), name="rotation-override"),
    path("nguoi/<int:pk>/quyet-dinh/", course.DecisionLink.as_view(), name="rotation-link"),
    path("nguoi/<int:pk>/quyet-dinh/bo/", course.DecisionUnlink.as_view(), name="rotation-unlink"),
    path("nguoi/<int:pk>/nhan-xet/", course.Evaluate.as_view(), name="rotation-evaluate"),
    path("nguoi/<int:pk>/nhan-xet/<int:year>/bo/", course.EvaluationDrop.as_view(), name="rotation-evaluation-drop"),
    path("nguoi/<int:pk>/ket-thuc/", course.ItemEnd.as_view(), name="rotation-end"),
    path("nguoi/<int:pk>/ket-thuc/bo/", course.ItemReopen.as_view(), name="rotation-reopen"),
    # The table by direction, the province's rules
    path("bieu/", table.TablePage.as_view(), name="rotation-table"),
    path("bieu/bang/", table.TableSheet.as_view(), name="rotation-table-sheet"),
    path("bieu/in/", table.TablePrint.as_view(), name="rotation-table-print"),
    path("quy-dinh/", rules.RuleList.as_view(), name="rotation-rules"),
    path("quy-dinh/ghi/", rules.RuleAdd.as_view(), name="rotation-rule-add"),
    path("quy-dinh/<int:pk>/thoi/", rules.RuleEnd.as_view(), name="rotation-rule-end"),
]
