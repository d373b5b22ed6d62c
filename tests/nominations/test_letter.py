"""The letter to the province as it is proposed."""

from __future__ import annotations

from nominations.rules.letter import drafted_letter


def test_letter_says_on_which_basis_how_many_and_what_is_asked() -> None:
    letter = drafted_letter(
        province="安徽省住房和城乡建设厅",
        basis="安徽省住建厅《关于实施活动的通知》(建房函〔2023〕332号)",
        award="“美好家园”小区",
        communities=10,
        city="六安市城市管理局",
        year=2023,
    )

    done = "经小区自愿申请、县区推荐、实地测评、综合遴选，现推荐10个小区为“美好家园”小区。"
    assert letter.splitlines() == [
        "安徽省住房和城乡建设厅：",
        f"　　根据《关于实施活动的通知》(建房函〔2023〕332号)要求，我市组织开展了“美好家园”小区推荐工作。{done}",
        "　　现将推荐名单及有关材料报上，请审核。",
        "",
        "　　附件：“美好家园”小区推荐名单",
        "",
        "六安市城市管理局",
        "2023年　　月　　日",
    ]


def test_letter_without_a_named_department_greets_the_provincial_one() -> None:
    letter = drafted_letter(province="", basis="通知", award="小区", communities=1, city="市局", year=2026)

    assert letter.startswith("省住房和城乡建设厅：\n　　根据通知要求，")
