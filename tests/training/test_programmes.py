"""Programmes: the catalogue and its pages, whom they admit, what offices propose, what ranks ask."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from hrdb.kernel.models import AuditEvent
from personnel.choices import RankGroup
from personnel.models import Cadre, QualificationLevel
from personnel.policies import Role
from personnel.rules.standards import NO_LEVEL, Level, written_citation
from personnel.services.errors import ServiceRefusal
from personnel.services.reference import load_reference
from tests.factories.personnel import add_party, make, make_cadre, make_title, make_unit, make_user
from tests.training.making import DAY, TrainingWorld, make_level, make_programme, training_world
from training.models import Programme, ProposedNeed, RankStandard
from training.rules.admission import Applicant, Conditions, admission, admit
from training.services.needs import end_rank_standard, propose_need, set_rank_standard, withdraw_need
from training.services.programmes import allot_seats, change_programme, create_programme, switch_programme
from training.statistics.applying import applicants, conditions_of

CITED = written_citation("Quyết định 1/QĐ-UBND ngày 02/01/2026", day=DAY)
DEGREE = Level("Đại học", 6)


def somebody(**values) -> Applicant:
    """Who meets everything unless told otherwise."""
    given = {
        "born": datetime.date(1990, 11, 24),
        "recruited_on": datetime.date(2016, 11, 24),
        "is_party_member": True,
        "degree": DEGREE,
        "titles": {"TP": "Trưởng phòng"},
        "is_planned": True,
    }
    return Applicant(**{**given, **values})


class TestAdmission:
    """Each condition on its border, and the same answer for one and for many."""

    @pytest.mark.parametrize(
        ("conditions", "applicant", "outcome"),
        [
            ({}, somebody(born=None, is_planned=None), "met"),
            ({"max_age": 36}, somebody(), "met"),
            ({"max_age": 35}, somebody(), "not_met"),
            ({"max_age": 35}, somebody(born=datetime.date(1990, 11, 25)), "met"),
            ({"max_age": 35}, somebody(born=None), "unknown"),
            ({"min_years": 10}, somebody(), "met"),
            ({"min_years": 10}, somebody(recruited_on=datetime.date(2016, 11, 25)), "not_met"),
            ({"min_years": 1}, somebody(recruited_on=datetime.date(2027, 1, 1)), "not_met"),
            ({"min_years": 1}, somebody(recruited_on=None), "unknown"),
            ({"party": True}, somebody(is_party_member=False), "not_met"),
            ({"degree": DEGREE}, somebody(degree=Level("Thạc sĩ", 4)), "met"),
            ({"degree": DEGREE}, somebody(degree=Level("Cao đẳng", 7)), "not_met"),
            ({"degree": DEGREE}, somebody(degree=NO_LEVEL), "not_met"),
            ({"degree": DEGREE}, somebody(degree=Level("Chưa xác định", None)), "unknown"),
            ({"titles": {"GD": "Giám đốc"}}, somebody(), "not_met"),
            ({"titles": {"TP": "Trưởng phòng", "GD": "Giám đốc"}}, somebody(), "met"),
            ({"is_planned": True}, somebody(is_planned=None), "unknown"),
            ({"is_planned": True, "max_age": 20}, somebody(is_planned=None), "not_met"),
        ],
    )
    def test_conditions(self, conditions, applicant, outcome):
        asked = Conditions(citation=CITED, **conditions)
        assert admission(applicant, asked, DAY) == outcome
        found = admit(applicant, asked, DAY)
        assert len(found) == len(conditions)
        assert all(one.citation == CITED and one.confidence == "unconfirmed" for one in found)
        outcomes = {one.outcome for one in found}
        worst = next((one for one in ("not_met", "unknown") if one in outcomes), "met")
        assert worst == outcome

    @pytest.mark.django_db
    def test_facts_come_from_the_record(self):
        make_level("professional", "04", 6, "Đại học")
        title = make_title("TP", name="Trưởng phòng")
        cadre = make_cadre(title=title, first_recruited_on=datetime.date(2015, 3, 1))
        add_party(cadre)
        (found,) = applicants([cadre.pk], DAY, None).values()
        assert found.titles == {"TP": "Trưởng phòng"}
        assert found.is_party_member
        assert found.degree == NO_LEVEL
        assert found.is_planned is False
        programme = make_programme(conditions={"degree": "04", "titles": ["TP"], "party": True})
        asked = conditions_of([programme], DAY)[programme.pk]
        assert [one.outcome for one in admit(found, asked, DAY)] == ["met", "not_met", "met"]


@pytest.mark.django_db
class TestCatalogue:
    """What is shipped, and what offices changed."""

    def test_preparing_adds_programmes_once_and_keeps_what_was_changed(self):
        load_reference()
        count = Programme.objects.count()
        assert count >= 25
        assert not Programme.objects.exclude(confidence="unconfirmed").exists()
        assert not Programme.objects.filter(days__isnull=False).exists()
        theory = Programme.objects.get(code="LLCT-CC")
        assert theory.level == QualificationLevel.objects.get(kind="political_theory", code="09")
        change_programme(programme=theory, values={"days": 180}, version=None, acting_user=None)
        load_reference()
        assert Programme.objects.count() == count
        assert Programme.objects.get(code="LLCT-CC").days == 180


@pytest.mark.django_db
class TestServices:
    """Who arranges, what is refused, what is told of it."""

    def test_only_the_province_arranges(self):
        unit_officer = make_user(Role.UNIT_OFFICER, unit=make_unit())
        programme = make_programme()
        values = {"code": "X", "name": "X", "kind": "position"}
        with pytest.raises(PermissionDenied):
            create_programme(values=values, acting_user=unit_officer)
        with pytest.raises(PermissionDenied):
            switch_programme(programme=programme, is_open=False, reason="Thôi", acting_user=unit_officer)
        with pytest.raises(PermissionDenied):
            allot_seats(programme=programme, values={"year": 2026, "seats": 5}, acting_user=unit_officer)
        assert not Programme.objects.filter(code="X").exists()

    def test_a_level_is_of_the_kind_that_is_given(self):
        level = make_level("political_theory", "09", 2)
        with pytest.raises(ValidationError, match="không thuộc loại"):
            create_programme(
                values={"code": "X", "name": "X", "kind": "position", "gives": "defence", "level": level},
                acting_user=None,
            )

    def test_closing_needs_a_reason_in_the_trail_and_is_undone(self):
        programme = make_programme()
        switch_programme(programme=programme, is_open=False, reason="Đã có chương trình mới", acting_user=None)
        event = AuditEvent.objects.order_by("-pk")[0]
        assert event.reason == "Đã có chương trình mới"
        with pytest.raises(ServiceRefusal, match="đã ngừng"):
            switch_programme(programme=programme, is_open=False, reason="Lại", acting_user=None)
        assert switch_programme(programme=programme, is_open=True, reason="Dùng lại", acting_user=None).is_open

    def test_seats_of_a_year_replace_those_before(self):
        programme = make_programme()
        for seats in (40, 60):
            allot_seats(programme=programme, values={"year": 2026, "seats": seats}, acting_user=None)
        (row,) = programme.allotments.all()
        assert row.seats == 60
        assert row.history.count() == 2

    def test_a_standard_of_ranks_follows_another_and_ends(self):
        values = {
            "group": RankGroup.PRINCIPAL,
            "requirement": "state_management",
            "value": "x-chuyen-vien",
            "citation": "Quyết định",
            "effective_from": datetime.date(2025, 1, 1),
        }
        first = set_rank_standard(values=values, acting_user=None)
        later = {**values, "value": "x-chuyen-vien-chinh", "effective_from": datetime.date(2026, 1, 1)}
        second = set_rank_standard(values=later, acting_user=None)
        first.refresh_from_db()
        assert first.effective_until == second.effective_from
        with pytest.raises(ServiceRefusal, match="ngày sau"):
            set_rank_standard(values={**values, "effective_from": datetime.date(2025, 6, 1)}, acting_user=None)
        end_rank_standard(standard=second, day=DAY, acting_user=None)
        with pytest.raises(ServiceRefusal, match="đã thôi"):
            end_rank_standard(standard=second, day=DAY, acting_user=None)


@pytest.mark.django_db
class TestProposals:
    """An office proposes its own people, once, nobody himself."""

    @pytest.fixture
    def world(self) -> TrainingWorld:
        """Two departments."""
        return training_world()

    def propose(self, world, cadre, user) -> ProposedNeed:
        """One proposal."""
        programme = Programme.objects.filter(code="KN").first() or make_programme("KN")
        return propose_need(cadre=cadre, programme=programme, reason="Cần", needed_by=None, acting_user=user)

    def test_once_until_it_is_withdrawn(self, world):
        proposal = self.propose(world, world.people[0], world.unit_officer)
        assert proposal.unit == world.home
        with pytest.raises(ValidationError, match="đã được đề nghị"):
            self.propose(world, world.people[0], world.unit_officer)
        withdraw_need(proposal=proposal, reason="Đã học", acting_user=world.unit_officer)
        self.propose(world, world.people[0], world.unit_officer)

    def test_not_out_of_scope_not_oneself_not_what_is_closed(self, world):
        with pytest.raises(Cadre.DoesNotExist):
            self.propose(world, world.strangers[0], world.unit_officer)
        Cadre.objects.filter(pk=world.people[0].pk).update(account=world.unit_officer)
        with pytest.raises(PermissionDenied, match="chính mình"):
            self.propose(world, world.people[0], world.unit_officer)
        Programme.objects.filter(code="KN").update(is_open=False)
        with pytest.raises(ServiceRefusal, match="ngừng dùng"):
            self.propose(world, world.people[1], world.unit_officer)
        assert not ProposedNeed.objects.exists()


@pytest.mark.django_db
class TestPages:
    """Forms without JSON, lists of constant cost, numbers that open."""

    @pytest.fixture
    def world(self) -> TrainingWorld:
        """Two departments whose heads lack what is asked."""
        world = training_world()
        make_level("political_theory", "09", 2, "Cao cấp")
        make_level("professional", "04", 6, "Đại học")
        return world

    def browser(self, user) -> Client:
        """Signed in."""
        client = Client()
        client.force_login(user)
        return client

    def test_conditions_are_fields(self, world):
        make_title("GD", name="Giám đốc sở")
        client, url = self.browser(world.officer), reverse("training:programme-create")
        given = {
            "code": "LLCT",
            "name": "Cao cấp lý luận chính trị",
            "kind": "political_theory",
            "mode": "full_time",
            "gives": "political_theory:09",
            "cost": "24.000.000",
            "max_age": "50",
            "party": "on",
            "degree": "04",
            "titles": ["GD"],
            "confidence": "one_source",
        }
        answer = client.post(url, given)
        made = Programme.objects.get(code="LLCT")
        assert answer.status_code == 302
        assert made.conditions == {"max_age": 50, "party": True, "degree": "04", "titles": ["GD"]}
        assert (made.level.code, made.cost) == ("09", 24_000_000)
        page = client.get(reverse("training:programme-detail", args=[made.pk])).content.decode()
        for words in ("không quá 50 tuổi", "đảng viên", "từ Đại học", "Giám đốc sở"):
            assert words in page
        form = client.get(reverse("training:programme-change", args=[made.pk])).context["form"]
        assert (form.initial["gives"], form.initial["max_age"]) == ("political_theory:09", 50)

    def test_a_language_without_a_language_qualification_is_refused(self, world):
        from personnel.models import Language

        language = make(Language, code="01", name="Tiếng Anh")
        answer = self.browser(world.officer).post(
            reverse("training:programme-create"),
            {
                "code": "X", "name": "X", "kind": "position", "mode": "online", "language": language.pk,
                "confidence": "unconfirmed",
            },
        )  # fmt: skip
        assert answer.status_code == 422
        assert "Chỉ chọn ngôn ngữ" in answer.content.decode()

    def test_the_matrix_opens_to_its_people(self, world):
        from personnel.models import Assignment
        from tests.training.test_needs import standard

        title = make_title("TP", name="Trưởng phòng")
        standard(title, "political_theory", "09")
        Assignment.objects.all().update(title=title)
        client = self.browser(world.officer)
        page = client.get(reverse("training:need-matrix"), {"unit": "GOC"})
        rows = {row.label: row.cells[0] for row in page.context["rows"]}
        assert (rows["Sở Nội vụ"].count, rows["Sở Nội vụ"].share) == (3, "100%")
        people = client.get(rows["Sở Nội vụ"].url)
        assert people.context["page"].paginator.count == 3
        assert "Nguyễn Văn A0" in people.content.decode()
        assert "Trần Thị B0" not in people.content.decode()
        assert page.context["total"].cells[0].count == 6

    @pytest.mark.parametrize("rows_by", ["title", "post"])
    def test_rows_of_titles_open_to_as_many_people(self, world, rows_by):
        from tests.training.test_needs import standard

        for number, group in enumerate(["head", "deputy", "deputy"]):
            title = make_title(f"T{number}", name=f"Chức danh {number}", group=group)
            standard(title, "political_theory", "09")
            for _ in range(number + 1):
                make_cadre(unit=world.home, title=title)
        client = self.browser(world.officer)
        page = client.get(reverse("training:need-matrix"), {"rows": rows_by})
        counts = [row.cells[0].count for row in page.context["rows"]]
        assert counts == ([1, 5] if rows_by == "title" else [1, 2, 3])
        for row in page.context["rows"]:
            assert client.get(row.cells[0].url).context["page"].paginator.count == row.cells[0].count

    def test_lists_cost_the_same_for_few_and_many(self, world):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from tests.training.test_needs import standard

        title = make_title("TP", name="Trưởng phòng")
        standard(title, "political_theory", "09")
        client, costs = self.browser(world.officer), []
        for count in (3, 27):
            for _ in range(count):
                make_cadre(unit=world.home, title=title)
            for url in (
                reverse("training:need-people"),
                reverse("training:need-matrix"),
                reverse("training:programme-list"),
            ):
                client.get(url)
                with CaptureQueriesContext(connection) as found:
                    assert client.get(url).status_code == 200
                costs.append(len(found))
        assert costs[:3] == costs[3:]
        assert max(costs) <= 30

    def test_a_page_of_a_person_says_what_asks_and_what_would_give_it(self, world):
        from tests.training.test_needs import standard

        level = QualificationLevel.objects.get(kind="political_theory", code="09")
        make_programme(gives="political_theory", level=level, conditions={"max_age": 30})
        title = make_title("TP", name="Trưởng phòng")
        standard(title, "political_theory", "09")
        cadre = make_cadre(unit=world.home, title=title)
        page = self.browser(world.unit_officer).get(reverse("training:person-needs", args=[cadre.pk]))
        text = page.content.decode()
        for words in ("Lý luận chính trị: Cao cấp", "còn thiếu", "Trưởng phòng", "09-QĐ/TU", "không đủ điều kiện"):
            assert words in text
        profile = self.browser(world.unit_officer).get(
            reverse("personnel:cadre-detail", args=[cadre.pk]), {"tab": "training"}
        )
        assert "Nhu cầu đào tạo, bồi dưỡng" in profile.content.decode()

    def test_several_are_proposed_at_once(self, world):
        programme = make_programme("KN", name="Kỹ năng")
        client, url = self.browser(world.unit_officer), reverse("training:need-propose-many")
        people = [cadre.pk for cadre in world.people]
        propose_need(cadre=world.people[0], programme=programme, reason="Cần", needed_by=None, acting_user=None)
        asked = "&".join(f"people={pk}" for pk in [*people, world.strangers[0].pk])
        page = client.get(f"{url}?{asked}").content.decode()
        assert "3 người đã chọn" in page
        assert "Trần Thị B0" not in page
        answer = client.post(f"{url}?{asked}", {"programme": programme.pk, "reason": "Theo kế hoạch"}, follow=True)
        assert "Đã đề nghị 2 người; 1 người đã được đề nghị từ trước." in answer.content.decode()
        assert set(ProposedNeed.objects.values_list("cadre_id", flat=True)) == set(people)
        assert ProposedNeed.history.count() == 3
        assert client.get(url, follow=True).redirect_chain
        assert client.get(f"{url}?people={world.strangers[0].pk}").status_code == 404

    def test_files_are_made_and_logged(self, world):
        client = self.browser(world.officer)
        before = AuditEvent.objects.count()
        book = client.get(reverse("training:need-matrix"), {"export": "xlsx"})
        paper = client.get(reverse("training:need-matrix"), {"export": "pdf"})
        assert book.content[:2] == b"PK"
        assert paper.content[:4] == b"%PDF"
        assert AuditEvent.objects.count() == before + 2
        assert client.get(reverse("training:need-matrix"), {"export": "doc"}).status_code == 404
        ranks = client.get(reverse("training:rank-standard-list"), {"export": "xlsx", "state": "in_force"})
        assert ranks.content[:2] == b"PK"
        assert client.get(reverse("training:need-matrix"), {"unit": "KHONG-CO"}).status_code == 404
        assert RankStandard.objects.count() == 0
