"""What the text of a decision can say (các trường của văn bản): each fact with the tag that stands for it.

One declaration for the built-in wording, the office's own templates, their check and the page that lists the fields.
Keys are those of `ActField` where the decision says it; `of_person` facts stand in each row of the appended list too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdb.kernel.registries import Registry
from hrdb.kernel.word_templates import Fields

#: The tag of the appended list, of the legal grounds and of other lists.
PEOPLE, GROUNDS, RECIPIENTS, SIGNED_AS = "danh_sach", "can_cu", "noi_nhan", "quyen_han_ky"


@dataclass(frozen=True, slots=True)
class TextField:
    """One fact: its key, its tag, what it is, a sample; `is_list` is a list of lines."""

    key: str
    tag: str
    label: str
    sample: str
    of_person: bool = False
    is_list: bool = False


#: Every field by key; upper apps add the fields of their own kinds.
text_fields: Registry[TextField] = Registry("trường của văn bản quyết định")


def _add(key: str, tag: str, label: str, sample: str, *, of_person: bool = False, is_list: bool = False) -> None:
    text_fields.register(TextField(key, tag, label, sample, of_person, is_list))


# The head and the end of the paper
_add("superior", "co_quan_chu_quan", "Cơ quan chủ quản (chữ in hoa; trống nếu không có)", "UBND TỈNH LÂM GIANG")
_add("issuer", "co_quan_ban_hanh", "Cơ quan ban hành (chữ in hoa)", "SỞ NỘI VỤ")
_add("issuer_name", "ten_co_quan", "Cơ quan ban hành (chữ thường)", "Sở Nội vụ")
_add("number", "so_ky_hieu", "Số, ký hiệu; để trống khi chưa cấp số", "…/QĐ-…")
_add("place", "dia_danh", "Địa danh", "Lâm Giang")
_add("signed_on", "ngay_ky", "Ngày ký; để trống khi chưa ký", "ngày … tháng … năm …")
_add("classification", "do_mat", "Dấu độ mật (trống với văn bản thường)", "")
_add("form_name", "ten_loai", "Tên loại văn bản", "QUYẾT ĐỊNH")
_add("subject", "trich_yeu", "Trích yếu", "Về việc bổ nhiệm ông Nguyễn Văn A giữ chức vụ Trưởng phòng")
_add("addressee", "kinh_gui", "Nơi nhận tờ trình, sau chữ «Kính gửi»", "Ban Thường vụ Tỉnh ủy")
_add("authority", "tham_quyen", "Thẩm quyền ban hành (chữ in hoa)", "GIÁM ĐỐC SỞ NỘI VỤ")
_add("grounds", GROUNDS, "Các căn cứ, mỗi căn cứ một dòng", "Căn cứ Nghị định số 170/2025/NĐ-CP;", is_list=True)
_add("recipients", RECIPIENTS, "Nơi nhận, mỗi nơi một dòng", "- Như Điều 3;", is_list=True)
_add("signed_as", SIGNED_AS, "Quyền hạn, chức vụ của người ký, mỗi dòng một phần", "GIÁM ĐỐC", is_list=True)
_add("signer", "nguoi_ky", "Họ tên người ký; trống khi chưa biết", "")
_add("day", "ngay_hieu_luc", "Ngày có hiệu lực", "01 tháng 4 năm 2026")
_add("act", "loai_quyet_dinh", "Loại quyết định", "Bổ nhiệm")
_add("target", "quyet_dinh_goc", "Quyết định được thu hồi, hủy bỏ, đính chính", "Quyết định số 12/QĐ-SNV")
_add("corrected", "noi_dung_dinh_chinh", "Nội dung đính chính", "Chức vụ: Phó Trưởng phòng")
# Whom it is about
_add("count", "so_nguoi", "Số người, hai chữ số", "01")
_add(
    "who",
    "nguoi",
    "Người của quyết định: họ tên, ngày sinh, chức vụ; nhiều người thì theo danh sách kèm theo",
    "ông Nguyễn Văn A, sinh ngày 02/3/1980, Phó Trưởng phòng, Sở Nội vụ",
)
_add("who_first", "nguoi_dau_cau", "Như trên, viết ở đầu câu", "Ông Nguyễn Văn A, sinh ngày 02/3/1980")
_add("name", "ten_goi", "Tên gọi ngắn", "ông Nguyễn Văn A")
_add("name_first", "ten_goi_dau_cau", "Tên gọi ngắn, viết ở đầu câu", "Ông Nguyễn Văn A")
_add("executors", "nguoi_thi_hanh", "Người chịu trách nhiệm thi hành cùng các cơ quan", "ông Nguyễn Văn A")
_add("address", "ong_ba", "Ông, bà hoặc đồng chí", "ông", of_person=True)
_add("full_name", "ho_ten", "Họ và tên", "Nguyễn Văn A", of_person=True)
_add("born", "ngay_sinh", "Ngày sinh", "02/3/1980", of_person=True)
_add("present_title", "chuc_vu_hien_nay", "Chức vụ đang giữ trước quyết định", "Phó Trưởng phòng", of_person=True)
_add("present_unit", "don_vi_hien_nay", "Đơn vị đang công tác trước quyết định", "Sở Nội vụ", of_person=True)
# What it says
_add("title", "chuc_vu", "Chức vụ, chức danh", "Trưởng phòng", of_person=True)
_add("unit", "don_vi", "Cơ quan, đơn vị", "Sở Tài chính", of_person=True)
_add("job_position", "vi_tri_viec_lam", "Vị trí việc làm", "Chuyên viên về tổ chức bộ máy", of_person=True)
_add("mandate", "nhiem_ky", "Nhiệm kỳ", "2025 - 2030", of_person=True)
_add("term_ends_on", "ngay_het_thoi_han", "Ngày hết thời hạn", "01 tháng 4 năm 2031", of_person=True)
_add("until", "den_het_ngay", "Đến hết ngày", "31 tháng 3 năm 2029", of_person=True)
_add("organisation", "co_quan_ngoai", "Cơ quan, tổ chức ngoài hệ thống", "Ban Quản lý dự án", of_person=True)
_add("destination", "noi_den", "Nơi đến: đơn vị hoặc cơ quan ngoài hệ thống", "Sở Tài chính", of_person=True)
_add("course", "khoa_hoc", "Lớp, khóa học; nội dung công tác, học tập", "lớp Cao cấp lý luận chính trị khóa 75")
_add("new_title", "chuc_danh_bo_tri", "Chức danh bố trí sau đó", "Chuyên viên", of_person=True)
_add("new_unit", "don_vi_bo_tri", "Đơn vị bố trí sau đó", "Sở Nội vụ", of_person=True)
_add("category", "doi_tuong", "Đối tượng", "Công chức", of_person=True)
_add("rank", "ngach", "Ngạch, chức danh nghề nghiệp", "Chuyên viên (mã số 01.003)", of_person=True)
_add("step", "bac", "Bậc lương", "4", of_person=True)
_add("coefficient", "he_so", "Hệ số lương", "3,33", of_person=True)
_add("over_frame_percent", "phan_tram_vuot_khung", "Phần trăm vượt khung", "5", of_person=True)
_add("pay", "xep_luong", "Ngạch, bậc, hệ số được xếp", "bậc 4, hệ số 3,33", of_person=True)
_add("pay_before", "luong_hien_huong", "Ngạch, bậc, hệ số đang hưởng", "bậc 3, hệ số 3,00", of_person=True)
_add("kind", "loai_phu_cap", "Loại phụ cấp", "Phụ cấp trách nhiệm", of_person=True)
_add("percent", "phan_tram", "Phần trăm", "20", of_person=True)
_add("year", "nam_thanh_tich", "Năm thành tích", "2026", of_person=True)
_add("form", "hinh_thuc", "Hình thức khen thưởng, kỷ luật", "Bằng khen", of_person=True)
_add("emulation_title", "danh_hieu", "Danh hiệu thi đua", "Chiến sĩ thi đua cơ sở", of_person=True)
_add("detail", "noi_dung", "Nội dung khen thưởng", "Hoàn thành xuất sắc nhiệm vụ", of_person=True)
_add("regime", "loai_ky_luat", "Loại kỷ luật", "Hành chính", of_person=True)
_add("behaviour", "hanh_vi", "Hành vi vi phạm", "Vi phạm quy chế làm việc", of_person=True)
_add("cause", "ly_do", "Lý do", "Nguyện vọng cá nhân", of_person=True)
_add("ground", "ly_do_lui", "Lý do lùi thời điểm nghỉ hưu", "Bệnh nặng", of_person=True)
_add("retires_from", "nghi_huu_tu_ngay", "Nghỉ hưu từ ngày", "01 tháng 10 năm 2026", of_person=True)
_add("details", "chi_tiet", "Các nội dung khác của quyết định, viết liền", "Phần trăm: 20", of_person=True)


def tags() -> Fields:
    """What a template may say, as its check reads it."""
    lists: dict[str, Iterable[str]] = {field.tag: [] for field in text_fields if field.is_list}
    plain: dict[str, None] = {field.tag: None for field in text_fields if not field.is_list}
    rows = ["tt", *(field.tag for field in text_fields if field.of_person)]
    return {**plain, **{tag: list(names) for tag, names in lists.items()}, PEOPLE: rows}
