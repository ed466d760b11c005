"""Addresses of succession planning (quy hoạch)."""

from django.urls import include, path

from planning import slate_urls
from planning.views import (
    candidates,
    coverage,
    documents,
    finding,
    person,
    review,
    round_pages,
    rounds,
    seats,
    standards,
    votes,
    yearly,
)

app_name = "planning"

urlpatterns = [
    # Rounds
    path("", rounds.RoundList.as_view(), name="round-list"),
    path("lap/", rounds.RoundCreate.as_view(), name="round-create"),
    path("<int:pk>/", round_pages.RoundPage.as_view(), name="round-detail"),
    path("<int:pk>/sua/", rounds.RoundChange.as_view(), name="round-change"),
    path("<int:pk>/bo/", rounds.RoundDrop.as_view(), name="round-drop"),
    path("<int:pk>/buoc/<slug:to>/", rounds.RoundMove.as_view(), name="round-move"),
    path("<int:pk>/phe-duyet/", rounds.RoundApprove.as_view(), name="round-approve"),
    path("<int:pk>/cong-bo/", rounds.RoundAnnounce.as_view(), name="round-announce"),
    path("<int:pk>/lap-ra-soat/", rounds.ReviewCreate.as_view(), name="review-create"),
    path("<int:pk>/co-cau/", round_pages.RoundStructure.as_view(), name="round-structure"),
    path("<int:pk>/lich-su/", round_pages.RoundHistory.as_view(), name="round-history"),
    path("<int:pk>/don-vi/", round_pages.PartList.as_view(), name="part-list"),
    path("don-vi/<int:pk>/gui/", round_pages.PartSend.as_view(), name="part-send"),
    path("don-vi/<int:pk>/tiep-nhan/", round_pages.PartAccept.as_view(), name="part-accept"),
    path("don-vi/<int:pk>/tra-lai/", round_pages.PartReturn.as_view(), name="part-return"),
    # Seats and candidates
    path("<int:pk>/chuc-danh/", seats.SeatList.as_view(), name="seat-list"),
    path("<int:pk>/them-chuc-danh/", seats.SeatAdd.as_view(), name="seat-add"),
    path("<int:pk>/nhan-su/", candidates.CandidateList.as_view(), name="candidate-list"),
    path("chuc-danh/<int:pk>/", seats.SeatPage.as_view(), name="seat-detail"),
    path("chuc-danh/<int:pk>/sua/", seats.SeatChange.as_view(), name="seat-change"),
    path("chuc-danh/<int:pk>/bo/", seats.SeatDrop.as_view(), name="seat-drop"),
    path("chuc-danh/<int:pk>/tim/", finding.SeatFind.as_view(), name="seat-find"),
    path("chuc-danh/<int:pk>/so-sanh/", finding.SeatCompare.as_view(), name="seat-compare"),
    path("chuc-danh/<int:pk>/con-thieu/", finding.SeatMissing.as_view(), name="seat-missing"),
    path("chuc-danh/<int:pk>/gioi-thieu/", finding.SeatPropose.as_view(), name="seat-propose"),
    path("nhan-su/<int:pk>/sua/", candidates.CandidateChange.as_view(), name="candidate-change"),
    path("nhan-su/<int:pk>/dua-ra/", candidates.CandidateTakeOff.as_view(), name="candidate-take-off"),
    path("nhan-su/<int:pk>/dua-ra-ngay/", candidates.CandidateRemove.as_view(), name="candidate-remove"),
    path("nhan-su/<int:pk>/cho-qua/<slug:rule>/", candidates.CandidateOverride.as_view(), name="candidate-override"),
    path("can-bo/<int:pk>/", person.PersonSeats.as_view(), name="person-seats"),
    # The yearly review
    path("<int:pk>/ra-soat/", review.ReviewPage.as_view(), name="review"),
    path("<int:pk>/ra-soat/xet-lai/", review.ReviewRefresh.as_view(), name="review-refresh"),
    path("<int:pk>/ra-soat/dua-ra/", review.ReviewTakeOff.as_view(), name="review-take-off"),
    path("<int:pk>/ra-soat/bo-sung/", review.ReviewAdditions.as_view(), name="review-additions"),
    path("<int:pk>/ra-soat/bao-cao/", review.ReviewReportPage.as_view(), name="review-report"),
    path("<int:pk>/ra-soat/bao-cao/tep/", review.ReviewWorkbook.as_view(), name="review-workbook"),
    path("<int:pk>/ra-soat/bao-cao/in/", review.ReviewPrint.as_view(), name="review-print"),
    path("nhan-su/<int:pk>/giu-lai/", review.ReviewKeep.as_view(), name="review-keep"),
    path("chuc-danh/<int:pk>/khong-bo-sung/<int:cadre_pk>/", review.ReviewLeaveOut.as_view(), name="review-leave-out"),
    # Votes
    path("<int:pk>/lay-phieu/", votes.VoteList.as_view(), name="vote-list"),
    path("lay-phieu/<int:pk>/", votes.VotePart.as_view(), name="vote-part"),
    path("lay-phieu/<int:pk>/lap/", votes.VotePrepare.as_view(), name="vote-prepare"),
    path("lay-phieu/<int:pk>/bang/", votes.VoteSheet.as_view(), name="vote-sheet"),
    path("lay-phieu/<int:pk>/nhap/", votes.VoteImport.as_view(), name="vote-import"),
    path("lay-phieu/<int:pk>/them/", votes.StepAdd.as_view(), name="vote-step-add"),
    path("lay-phieu/<int:pk>/buoc/<int:number>/", votes.StepChange.as_view(), name="vote-step"),
    path("lay-phieu/<int:pk>/buoc/<int:number>/bo/", votes.StepDrop.as_view(), name="vote-step-drop"),
    path("lay-phieu/<int:pk>/buoc/<int:number>/bien-ban/", votes.VoteMinutes.as_view(), name="vote-minutes"),
    path("lay-phieu/<int:pk>/buoc/<int:number>/phieu/", votes.VoteBallots.as_view(), name="vote-ballots"),
    # Papers
    path("<int:pk>/tai-lieu/", documents.DocumentsPage.as_view(), name="documents"),
    path("<int:pk>/tai-lieu/<slug:paper>/", documents.DocumentPage.as_view(), name="document"),
    path("hang-nam/", yearly.YearlyPage.as_view(), name="yearly"),
    # Coverage
    path("do-phu/", coverage.CoverageList.as_view(), name="coverage"),
    path("do-phu/nguoi/", coverage.CoveragePeople.as_view(), name="coverage-people"),
    # Slates
    *slate_urls.urlpatterns,
    # Rotation
    path("luan-chuyen/", include("planning.rotation_urls")),
    # Standards and targets
    path("tieu-chuan/", standards.StandardList.as_view(), name="standard-list"),
    path("tieu-chuan/bang/", standards.StandardSheet.as_view(), name="standard-sheet"),
    path("tieu-chuan/nhap/", standards.StandardImport.as_view(), name="standard-import"),
    path("tieu-chuan/<int:pk>/", standards.StandardEdit.as_view(), name="standard-edit"),
    path("chi-tieu/", standards.TargetList.as_view(), name="target-list"),
    path("chi-tieu/dat/", standards.TargetCreate.as_view(), name="target-create"),
    path("chi-tieu/<int:pk>/thoi/", standards.TargetEnd.as_view(), name="target-end"),
]
