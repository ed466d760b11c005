"""Headers are found wherever they stand, and each column is taken for what it is, or for nothing."""

from typing import Any

import pytest

from hrdb.kernel.spreadsheets.reading import MergedRange, Sheet
from personnel.imports.roster.columns import BY_KEY, COLUMNS, column_choices, spellings
from personnel.imports.roster.layout import Block, HeaderFinder, column_letter, is_numbering, settle
from personnel.imports.roster.recognition import Recogniser, header_key, path_key
from tests.personnel.imports.roster.known import read


def _found(rows: list[list[Any]], *merged: MergedRange, more: tuple[tuple[str, str], ...] = ()) -> Block | None:
    width = max(map(len, rows))
    sheet = Sheet("a", [[*row, *[""] * (width - len(row))] for row in rows], merged)
    block = HeaderFinder(sheet, Recogniser(more)).first()
    if block is not None:
        settle(block.columns)
    return block


def _keys(block: Block | None) -> list[str | None]:
    assert block is not None
    return [found.column.key if found.column is not None else None for found in block.columns]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (("HỌ VÀ TÊN",), "name"),
        (("Họ\nvà tên khai sinh",), "name"),
        (("Ho va ten",), "name"),
        (("Ngày sinh\n(dd/mm/yyyy)",), "birth_date"),
        (("Ngày, tháng, năm sinh", "Nam"), "birth_date:male"),
        (("NGÀY, THÁNG, NĂM SINH", "NĂM"), "birth_part:year"),
        (("Nữ", "Năm sinh"), "birth_date:female"),
        (("Nữ",), "sex_mark:female"),
        (("Nam/Nữ",), "sex"),
        (("Trình độ", "Chuyên môn", "ThS"), "degree:Thạc sĩ"),
        (("Trình độ", "Chuyên môn", "CKI"), "degree:Chuyên khoa I"),
        (("Trình độ chuyên môn được đào tạo", "ĐH"), "degree:Đại học"),
        (("ĐH",), "degree:Đại học"),
        (("Trình độ", "LLCT", "CC"), "political_theory:Cao cấp"),
        (("Trình độ", "Lý luận chính trị", "CN"), "political_theory:Cử nhân"),
        (("Trình độ", "LLCT"), "political_theory"),
        (("QLNN", "CVC"), "state_management:Chuyên viên chính"),
        (("Trình độ", "Ngoại ngữ", "ĐH"), "foreign_language"),
        (("Ngoại ngữ", "Trình độ"), "foreign_language"),
        (("Ngạch, bậc, hệ số",), "rank"),
        (("Ngạch, bậc lương", "Hệ số"), "coefficient"),
        (("Lương hiện hưởng", "Từ ngày"), "pay_from"),
        (("Ngày vào", "Đảng"), "party_joined_on"),
        (("Ngày vào Đảng", "Chính thức"), "party_official_on"),
        (("Chức vụ đang giữ",), "title"),
        (("Chức vụ", "Đảng"), "party_title"),
        (("Chức vụ, đơn vị công tác",), "title_and_unit"),
        (("Số định danh cá nhân (12 số)",), "personal_number"),
        (("Ngày cấp CCCD",), "id_issued_on"),
        (("Vợ (chồng)", "Họ và tên"), None),
        (("Chức danh quy hoạch",), None),
        (("Tuổi",), None),
        (("Đề nghị", "Hệ số"), None),
        (("Số quyết định nâng lương",), None),
        (("",), None),
    ],
)
def test_headers_are_recognised_in_many_spellings(path: tuple[str, ...], key: str | None) -> None:
    found = Recogniser().recognise(path)
    assert (found.column.key if found else None) == key


@pytest.mark.parametrize(
    ("key", "headers"),
    {
        "recruited_on": "Ngày TD|Năm TD|TD|NTD|Ngày T.dụng|Thời gian TD|Ngày tháng TD|Ngày tuyển dụng|Năm tuyển dụng",
        "birth_date": "NTN sinh|Nsinh|N.sinh|Ng.sinh|NTNS|NS|NT năm sinh|Sinh",
        "degree": "CMĐT|TĐCM|TĐ CM|CM|CMNV|TĐĐT",
        "political_theory": "LLCT|TĐ LLCT|TĐLLCT|TĐ CT",
        "state_management": "QLNN|TĐ QLNN|BD QLNN",
        "informatics": "TH|Tin|TĐ TH|Trình độ TH|Trình độ > TH",
        "foreign_language": "NN|TĐ NN|N.ngữ|Trình độ > NN",
        "coefficient": "HSL|HS|HS lương|H/s lương",
        "position_allowance": "PCCV|HSPC|PC CV",
        "rank": "Ngạch|Mã ngạch|M.ngạch|CDNN|Chức danh NN",
        "pay_step": "Bậc|BL",
        "over_frame": "VK|% VK|%VK|TNVK",
        "pay_from": "Mốc NL|TG hưởng",
        "unit": "ĐVCT|Đơn vị CT|ĐV công tác|Nơi CT|CQ, ĐV",
        "title": "Chức danh CM|C.vụ|Chức vụ CQ|CV CQ",
        "party_title": "CV Đảng|CVĐ",
        "sex": "GT|G.tính",
        "ethnicity": "DT|D.tộc",
        "religion": "TG|T.giáo",
        "home_town": "QQ|Q.quán|NQ",
        "current_residence": "Nơi ở|ĐC",
        "phone": "SĐT|ĐT|ĐTDĐ",
        "personal_number": "CCCD|CMND|ĐDCN|CMT|CCCD/CMND|Mã ĐDCN",
        "party_joined_on": "NVĐ|Ngày VĐ|NVĐ (DB)|Ngày vào Đảng DB",
        "party_official_on": "NVĐ CT|NVĐCT|Ngày VĐCT|Ngày vào Đảng CT|Ngày vào Đảng (chính thức)",
        "party_member": "ĐV",
        "schooling": "TĐVH|VH|GDPT",
        "appointed_on": "Ngày BN|Thời gian BN",
        "school": "Nơi ĐT|Trường ĐT",
        "graduated_on": "Năm TN",
        "defence": "QPAN|QP|AN-QP",
        "note": "GC|Ghi chú",
    }.items(),
)
def test_abbreviations_of_headers(key: str, headers: str) -> None:
    recogniser = Recogniser()
    told = {text: recogniser.recognise(tuple(text.split(" > "))) for text in headers.split("|")}
    assert {text: found and found.column.key for text, found in told.items()} == dict.fromkeys(told, key)


@pytest.mark.parametrize("text", ["TĐ", "CT", "CV", "CC", "MN", "LL"])
def test_abbreviations_that_may_mean_several_things_mean_none(text: str) -> None:
    assert Recogniser().recognise((text,)) is None


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["x", "", "x"], "party_member"),
        (["03/02/2010", "nt", "2011"], "party_member"),
        (["Sở Nội vụ", "nt", "Phòng Tổ chức"], "unit"),
    ],
)
def test_an_abbreviation_of_two_meanings_is_told_apart_by_its_cells(cells: list[str], key: str) -> None:
    rows = [
        [number, f"Nguyễn Văn {name}", "1980", cell]
        for number, (name, cell) in enumerate(zip("ABC", cells, strict=True))
    ]
    (table,) = read([["TT", "Họ và tên", "Năm sinh", "ĐV"], *rows]).tables
    assert table.columns[3].column_key == key


def test_every_column_has_spellings_and_every_spelling_a_column() -> None:
    assert {key for key, _ in spellings()} == set(BY_KEY)
    assert len(BY_KEY) == len(COLUMNS)


def test_every_column_is_offered_once_in_its_part_of_the_record() -> None:
    offered = [key for _, choices in column_choices() for key, _ in choices]
    assert sorted(offered) == sorted(BY_KEY)


def test_every_spelling_means_its_column() -> None:
    recogniser = Recogniser()
    wrong = [
        (key, text)
        for key, text in spellings()
        if (found := recogniser.recognise(tuple(text.split(" > ")))) is None or found.column.field != BY_KEY[key].field
    ]
    assert wrong == []


def test_an_administrator_adds_spellings() -> None:
    assert Recogniser().recognise(("Mã hồ sơ gốc",)) is None
    found = Recogniser([("officer_code", "Mã hồ sơ gốc")]).recognise(("MÃ HỒ SƠ GỐC",))
    assert found is not None
    assert found.column.key == "officer_code"


def test_words_with_other_tones_are_other_words() -> None:
    assert header_key("Năm sinh") != header_key("Nam sinh")
    assert header_key("Đảng") != header_key("đang")
    assert path_key(("Trình độ", "Chuyên  môn")) == path_key(("TRÌNH ĐỘ", "CHUYÊN\nMÔN"))


@pytest.mark.parametrize("top", [0, 7, 26])
def test_a_merged_header_three_rows_deep_is_found_anywhere_in_the_first_thirty_rows(top: int) -> None:
    rows: list[list[Any]] = [["DANH SÁCH"], *[[""]] * (top - 1)] if top else []
    rows += [
        ["STT", "Họ và tên", "Ngày sinh", "", "Trình độ", "", "", "Ghi chú"],
        ["", "", "Nam", "Nữ", "Chuyên môn", "", "LLCT", ""],
        ["", "", "", "", "TS", "ThS", "", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
        [1.0, "Nguyễn Văn An", "05/03/1975", "", "", "x", "Cao cấp", ""],
    ]
    merged = [
        MergedRange(top, 0, top + 2, 0),
        MergedRange(top, 1, top + 2, 1),
        MergedRange(top, 2, top, 3),
        MergedRange(top + 1, 2, top + 2, 2),
        MergedRange(top + 1, 3, top + 2, 3),
        MergedRange(top, 4, top, 6),
        MergedRange(top + 1, 4, top + 1, 5),
        MergedRange(top + 1, 6, top + 2, 6),
        MergedRange(top, 7, top + 2, 7),
    ]
    for block in (_found(rows, *merged), _found(rows)):
        assert _keys(block) == [
            "ordinal", "name", "birth_date:male", "birth_date:female", "degree:Tiến sĩ", "degree:Thạc sĩ",
            "political_theory", "note",
        ]  # fmt: skip
        assert block is not None
        assert (block.top, block.bottom, block.first_row) == (top, top + 2, top + 4)


def test_a_header_below_the_thirtieth_row_is_not_looked_for() -> None:
    assert _found([*[["x"]] * 31, ["TT", "Họ và tên", "Ngày sinh"], [1.0, "Nguyễn Văn An", "1975"]]) is None


def test_a_list_of_something_else_is_no_roster() -> None:
    assert _found([["Mã hàng", "Tên hàng", "Số lượng"], ["A", "Bút", 3.0]]) is None


def test_a_leading_blank_column_and_a_column_without_header_do_not_matter() -> None:
    block = _found([["", "TT", "Họ và tên", "", "Số CCCD"], ["", 1.0, "Nguyễn Văn An", "x", "010075000001"]])
    assert block is not None
    assert [(found.letter, found.column.key if found.column else None) for found in block.columns] == [
        ("B", "ordinal"), ("C", "name"), ("E", "personal_number"),
    ]  # fmt: skip


def test_a_single_valued_field_has_one_column_and_the_other_is_unknown() -> None:
    assert _keys(_found([["Họ và tên", "Dân tộc", "Dân tộc"]])) == ["name", "ethnicity", None]
    assert _keys(_found([["Họ và tên", "Chức vụ", "Chức danh"]])) == ["name", "title", "title"]


def test_of_two_rank_columns_the_code_is_the_rank() -> None:
    assert _keys(_found([["Họ và tên", "Ngạch", "Mã ngạch"]])) == ["name", "rank_name", "rank"]


@pytest.mark.parametrize(
    "row",
    [
        ["(1)", "(2)", "(3)", "(4)"],
        [1.0, 2.0, 3.0],
        ["1", "2", "3", ""],
        ["A", "B", 1.0, 2.0, 3.0],
        ["a", "b", "1", "2", "3=1+2"],
        ["[1]", "[2]", "[3]"],
    ],
)
def test_numbering_rows(row: list[Any]) -> None:
    assert is_numbering(row)


@pytest.mark.parametrize(
    "row", [["1", "Nguyễn Văn An", "2"], [1.0, "", ""], [5.0, 100.0, 3.0], ["", "", ""], ["x", "x", "x"]]
)
def test_other_rows_do_not_number(row: list[Any]) -> None:
    assert not is_numbering(row)


def test_column_letters() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
