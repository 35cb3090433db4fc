"""The eleven counties' ledgers: which columns, under which words, written how. Nobody's real form."""


def columns_of(text):
    """`key:header` pairs; ⏎ is a line feed and ␣ a blank inside the header, ／ sets a second header row."""
    pairs = [word.split(":", 1) for word in text.split()]
    return [(key, header.replace("⏎", "\n").replace("␣", " ")) for key, header in pairs]


FORMS = {
    "410802": {
        "file": "解放区台账统计表.xlsx", "title": "{county}补贴性职业培训班期台账统计表", "above": "填报单位：{county}人力资源和社会保障局    填报时间：{day}",
        "columns": columns_of("seq:序号 institution:培训机构 uscc:统一社会信用代码 class_name:班期名称 occupation:培训工种 level:等级 training_type:培训类别 applied_on:申请时间 reviewed_on:审核时间 opens_on:开班时间 ends_on:结业时间 hours:课时 planned:计划人数 actual:培训人数 venue:培训地点 teachers:授课教师 contact_phone:班主任及电话 in_system:是否录入系统 daily_check_on:检查日期 daily_check_by:检查人员 note:备注"),
        "date": "dot", "total": "bottom", "below": ["备注：培训人数以实名制系统为准。", "填表人：            审核人：            单位负责人："],
        "messes": ["merged_title", "unit_line", "totals_bottom", "joined_contact_phone", "dates_dot", "note_line", "signature_line", "bad_cells"],
    },
    "410803": {
        "file": "中站区培训班台账.xlsx", "title": "{county}职业技能培训台账（第{week}周）", "above": "填报单位：{county}人社局",
        "columns": columns_of("seq:编号 institution:机构名称 class_name:班级名称 class_code:系统班级编号 occupation:职业（工种） level:技能等级 applied_on:申报日期 reviewed_on:审批日期 opens_on:培训时间／开班 ends_on:培训时间／结业 hours:标准课时 days:天数 planned:人数／计划 actual:人数／实际 venue:上课地点 teachers:任课教师 contact:联系人 phone:联系电话 in_system:系统录入情况 system_name:录入系统名称 note:说明"),
        "date": "excel", "vertical": True, "between": "，", "yes": "entered", "level": "trade", "total": "bottom", "total_word": "总计", "total_at": "seq",
        "messes": ["merged_title", "unit_line", "two_row_header", "merged_institution", "excel_dates_cjk", "totals_bottom", "levels_by_trade"],
    },
    "410804": {
        "file": "马村区台账统计表.csv", "title": "{county}补贴性培训台账统计表", "above": "填报单位：{county}人力资源和社会保障局  填报日期：{day}",
        "columns": columns_of("seq:序号 institution:承训机构 uscc:信用代码 class_name:班次 occupation:工种 level:级别 training_type:培训类型 applied_on:备案日期 reviewed_on:批准日期 opens_on:开课时间 ends_on:结束时间 hours:总课时 planned:申报人数 actual:实际人数 venue:授课地点 teachers:授课老师 contact:负责人 phone:手机 subsidy_standard:补贴标准（元/人） subsidy_amount:补贴金额（元） subsidy_source:资金来源 note:备注"),
        "date": "slash", "between": "/", "total": "bottom",
        "messes": ["gbk_csv", "title_line", "unit_line", "totals_bottom", "dates_slash", "bad_cells"],
    },
    "410811": {
        "file": "山阳区职业培训台账.xlsx", "title": "{county}补贴性职业技能培训开班台账", "above": "填报单位：{county}职业技能培训办公室        填报时间：{day}",
        "columns": columns_of("seq:序␣号 institution:培训⏎机构⏎名称 class_name:班␣级 occupation:培训⏎专业 level:培训⏎等级 applied_on:开班申请⏎日期 reviewed_on:审核通过⏎时间 opens_on:开班⏎日期 ends_on:结业⏎日期 hours:总学时⏎（课时） planned:计划⏎人数 actual:参训⏎人数 venue:培训␣地址 teachers:授课⏎教师 contact:联␣系␣人 phone:联系⏎方式 in_system:是否⏎录入系统 daily_check_on:检查⏎日期 daily_check_count:检查⏎次数 note:备␣注"),
        "date": "cjk", "unit": {"planned": "人", "actual": "人", "hours": "课时"}, "total": "top", "between": "\n", "yes": "tick", "level": "both",
        "messes": ["merged_title", "unit_line", "header_line_feeds", "header_blanks", "totals_under_header", "units_in_numbers", "teachers_by_line_feed", "levels_both", "bad_cells"],
    },
    "410821": {
        "file": "修武县台账统计表.xlsx", "title": "{county}职业培训班期统计表", "above": "填报单位：{county}人社局  填报人：合成  填报时间：{day}",
        "columns": columns_of("seq:项次 institution:培训学校 class_name:培训班名称 occupation:培训项目 level:等级 training_type:补贴类别 applied_on:申报时间 reviewed_on:批复时间 period:培训起止时间 hours:学时 days:培训天数 planned:计划人数 actual:开班人数 venue:教学地点 teachers:主讲教师 contact:班主任 phone:电话 in_system:是否实名制录入 note:备注"),
        "date": "cjk_short", "period": "short-", "ditto": {"institution": "〃", "training_type": "同上"}, "blank": (4, 9), "level": "short",
        "below": ["注：“〃”表示与上行相同。"],
        "messes": ["merged_title", "unit_line", "ditto", "blank_rows", "date_ranges", "dates_without_year", "note_line", "bad_cells"],
    },
    "410822": {
        "file": "博爱县培训台账.ods", "title": "{county}补贴性职业培训台账统计表", "above": "填报单位：{county}人力资源和社会保障局 填报时间：{day}", "sheet": "台账",
        "columns": columns_of("seq:序号 institution:办学机构 uscc:统一社会信用代码 class_name:班级名称 class_code:班级编号 occupation:培训工种 level:等级 applied_on:申请时间 reviewed_on:审核时间 opens_on:培训开始时间 ends_on:培训结束时间 hours:总学时 days:天数 planned:计划人数 actual:学员数 venue:办班地点 teachers:讲师 contact:联系人 phone:联系电话 in_system:是否录入系统 system_name:录入系统名称 note:备注"),
        "date": "excel", "date_of": {"applied_on": "full", "reviewed_on": "full"}, "wide": ("hours", "days", "planned", "actual"), "total": "bottom", "total_word": "小计",
        "messes": ["ods", "merged_title", "unit_line", "full_width_digits", "true_dates", "totals_bottom"],
    },
    "410823": {
        "file": "武陟县台账统计表.xlsx", "title": "{county}技能培训台账统计表（{span}）",
        "columns": columns_of("seq:序号 institution:定点机构 uscc:社会信用代码 class_name:期次 occupation:职业(工种) level:培训等级 training_type:培训类别 applied_on:申报日期 reviewed_on:审核时间 opens_on:开班日期 ends_on:结业日期 hours:课时 planned:计划人数 actual:参训人数 venue:培训地点 teachers:任课教师 contact:联系人 phone:联系电话 in_system:是否录入系统 daily_check_on:检查日期 daily_check_by:检查人员 daily_check_count:检查次数"),
        "date": "compact", "phone": "number", "repeat": True, "between": "，",
        "below": ["制表：            复核：            日期："],
        "messes": ["merged_title", "header_repeated", "phone_as_number", "dates_compact", "signature_line", "bad_cells"],
    },
    "410825": {
        "file": "温县台账统计表.xls", "title": "{county}补贴性职业培训台账统计表", "above": "填报单位：{county}人社局        {day}",
        "columns": columns_of("seq:序号 institution:实施机构 class_name:班期 occupation:培训职业（工种） level:级别 training_type:培训类别 applied_on:申请时间 reviewed_on:审核时间 opens_on:开班时间 ends_on:结业时间 hours:课时 planned:计划人数 actual:培训人数 venue:培训地点 teachers:师资 contact:负责人 phone:联系电话 in_system:是否录入系统 subsidy_standard:补贴标准（元/人） subsidy_amount:补贴金额（元） subsidy_source:资金来源"),
        "date": "cjk_short", "date_of": {"applied_on": "dot0", "reviewed_on": "excel_slash"}, "total": "bottom", "level": "trade", "unit": {"actual": "人"},
        "below": ["备注：补贴金额为预算数。"],
        "messes": ["xls", "merged_title", "unit_line", "dates_without_year", "units_in_numbers", "totals_bottom", "note_line", "bad_cells"],
    },
    "410871": {
        "file": "示范区台账统计表.xlsx", "title": "{county}补贴性职业培训台账", "above": "填报单位：{county}人社局  填报时间：{short}",
        "columns": columns_of("seq:No. institution:承训单位 uscc:统一社会信用代码 class_name:期数 class_code:开班编号 occupation:专业 level:等级 applied_on:申请时间 reviewed_on:审批日期 opens_on:开班时间 ends_on:结业时间 hours_days:学时 actual:参训人数 venue:授课地点 teachers:授课教师 contact:联系人 phone:联系方式 in_system:是否录入系统"),
        "date": "yy", "between": "/", "yes": "entered",
        "messes": ["merged_title", "unit_line", "two_digit_years", "hours_with_days"],
    },
    "410882": {
        "file": "沁阳市台账统计表.xlsx", "title": "{county}补贴性职业培训台账统计表（第{week}周）", "above": "填报单位：{county}人力资源和社会保障局    填报时间：{day}",
        "columns": columns_of("seq:序号 institution:培训单位 uscc:统一社会信用代码 class_name:班级 class_code:系统编号 occupation:工种 level:技能等级 training_type:培训类型 applied_on:申请时间 reviewed_on:审核时间 period:培训周期 hours:课时 planned:计划人数 actual:实际人数 venue:培训地点 teachers:授课教师 contact_phone:联系人及联系电话 in_system:是否录入系统 system_name:录入系统名称 note:备注"),
        "date": "excel_iso", "period": "dot—", "old_sheet": True, "joint": "", "total": "bottom", "unit": {"hours": "课时"},
        "messes": ["merged_title", "unit_line", "old_sheet_first", "date_ranges", "joined_contact_phone", "excel_dates", "totals_bottom"],
    },
    "410883": {
        "file": "孟州市职业培训台账.xlsx", "title": "{county}职业培训开班情况统计表", "above": "填报单位：{county}人社局        填报时间：{day}",
        "columns": columns_of("seq:序号 institution:学校名称 class_name:班级名称 occupation:培训专业 level:等级 training_type:培训类别 applied_on:申请时间 reviewed_on:审核时间 opens_on:开班时间 ends_on:结业时间 hours:课时 planned:计划人数 actual:实际人数 venue:培训地址 teachers:授课教师 contact:联系人 phone:手机 in_system:是否录入系统 daily_check_on:检查日期 daily_check_by:检查人员 note:备注"),
        "date": "short", "date_of": {"applied_on": "dash", "reviewed_on": "dash"}, "yes": "tick", "phone": "number",
        "messes": ["merged_title", "unit_line", "dates_without_year", "phone_as_number"],
    },
}
