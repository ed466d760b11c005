"""Addresses of classes, nominations and results (lớp học)."""

from __future__ import annotations

from django.urls import URLPattern, path

from training.views import certificates, class_papers, class_parts, classes, following, members, results

urlpatterns: list[URLPattern] = [
    path("lop/", classes.ClassList.as_view(), name="class-list"),
    path("lop/mo/", classes.ClassCreate.as_view(), name="class-create"),
    path("lop/<int:pk>/", classes.ClassPage.as_view(), name="class-detail"),
    path("lop/<int:pk>/sua/", classes.ClassChange.as_view(), name="class-change"),
    path("lop/<int:pk>/bo/", classes.ClassDrop.as_view(), name="class-drop"),
    path("lop/<int:pk>/huy/", classes.ClassCancel.as_view(), name="class-cancel"),
    path("lop/<int:pk>/buoc/<slug:to>/", classes.ClassMove.as_view(), name="class-move"),
    path("lop/<int:pk>/ket-thuc/", results.ClassFinish.as_view(), name="class-finish"),
    path("lop/<int:pk>/mo-lai/", results.ClassReopen.as_view(), name="class-reopen"),
    path("lop/<int:pk>/van-ban/<slug:kind>/<slug:form>/", class_papers.ClassPaper.as_view(), name="class-paper"),
    # Sessions and documents
    path("lop/<int:pk>/them-buoi/", class_parts.SessionAdd.as_view(), name="session-add"),
    path("lop/buoi/<int:pk>/sua/", class_parts.SessionChange.as_view(), name="session-change"),
    path("lop/buoi/<int:pk>/bo/", class_parts.SessionDrop.as_view(), name="session-drop"),
    path("lop/<int:pk>/gan-tai-lieu/", class_parts.DocumentAdd.as_view(), name="document-add"),
    path("lop/tai-lieu/<int:pk>/", class_parts.DocumentFile.as_view(), name="document-file"),
    path("lop/tai-lieu/<int:pk>/bo/", class_parts.DocumentDrop.as_view(), name="document-drop"),
    # Members
    path("lop/<int:pk>/hoc-vien/", members.MemberList.as_view(), name="member-list"),
    path("lop/<int:pk>/cu-nguoi/", members.MemberSend.as_view(), name="member-send"),
    path("lop/<int:pk>/cu-bang-tep/", members.MemberImport.as_view(), name="member-import"),
    path("lop/<int:pk>/bang-cu/", members.MemberSheet.as_view(), name="member-sheet"),
    path("hoc-vien/<int:pk>/rut/", members.MemberWithdraw.as_view(), name="member-withdraw"),
    # Attendance and results
    path("lop/<int:pk>/diem-danh/", results.Attendance.as_view(), name="class-attendance"),
    path("lop/<int:pk>/ket-qua/", results.Results.as_view(), name="class-results"),
    path("lop/<int:pk>/ket-qua/bang/", results.ResultSheet.as_view(), name="result-sheet"),
    path("lop/<int:pk>/ket-qua/nhap/", results.ResultImport.as_view(), name="result-import"),
    path("hoc-vien/<int:pk>/ket-qua/", results.ResultCorrect.as_view(), name="result-correct"),
    # Certificates
    path("lop/<int:pk>/chung-chi/", certificates.CertificatesIssue.as_view(), name="class-certificates"),
    path("lop/<int:pk>/chung-chi/in/", certificates.CertificatesPrint.as_view(), name="certificates-print"),
    path("hoc-vien/<int:pk>/chung-chi/", certificates.CertificateChange.as_view(), name="certificate-change"),
    path("hoc-vien/<int:pk>/chung-chi/in/", certificates.CertificatePrint.as_view(), name="certificate-print"),
    path("chung-chi/", certificates.CertificateList.as_view(), name="certificate-list"),
    # Afterwards
    path("lop/<int:pk>/sau-dao-tao/", following.ClassFollowing.as_view(), name="class-following"),
    path("hoc-vien/<int:pk>/sau-dao-tao/", following.MemberFollow.as_view(), name="member-follow"),
]
