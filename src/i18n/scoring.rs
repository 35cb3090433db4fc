//! Scores, scorecards and fact files: why a signal has no value, why a model or a file is refused.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    // a signal whose input is missing
    ("T1_MISSING", "缺少申请日期或开班日期，无法核实提前天数", "no application or opening date: the lead cannot be checked"),
    ("T3_MISSING", "缺少开班日期，无法判断变更是否临近开班", "no opening date: it cannot be told whether changes came close to it"),
    ("T4_MISSING", "缺少申请或开班日期，无法核实审核是否及时", "no application or opening date: the review cannot be checked"),
    ("S1_MISSING", "台账未填是否录入省系统", "the ledger does not say whether the class is in the provincial system"),
    ("H1_MISSING", "缺少核定课时，或课程表未覆盖整个培训期", "no approved hours, or the timetable does not cover the whole class"),
    ("H2_MISSING", "未上报课程表", "no timetable"),
    ("P1_MISSING", "课程表未填教师", "the timetable names no teacher"),
    ("P2_MISSING", "课程表未填教师，无法计算周课时", "the timetable names no teacher: weekly hours cannot be counted"),
    ("P3_MISSING", "课程表未填培训地点", "the timetable names no venue"),
    ("I3_MISSING", "机构名称缺失，或历史台账不足四个季度", "no institution, or ledgers reach back less than four quarters"),
    ("I7_MISSING", "该县尚无到期的上报", "no list of the county has been due yet"),
    ("T2_MISSING", "没有资料补录时间的记录", "no records of when papers were completed"),
    ("R1_MISSING", "未上报花名册", "no roster"),
    ("R2_MISSING", "缺少花名册、开班日期或历年补贴发放记录", "no roster, opening date or subsidy history"),
    ("R3_MISSING", "缺少花名册、机构名称或开班日期", "no roster, institution or opening date"),
    ("R4_MISSING", "学员尚未比对就业和社保", "the trainees were not checked against employment and insurance"),
    ("R5_MISSING", "学员身份尚未比对，出生日期也不明", "the trainees’ status was not checked and their ages are not known"),
    ("R6_MISSING", "花名册未填电话、账号和住址", "the roster has no phones, accounts or addresses"),
    ("R7_MISSING", "学员不足10人，或职业（工种）不明", "fewer than 10 trainees, or the occupation is not known"),
    ("R8_MISSING", "花名册看不出户籍地，或职业（工种）不明", "no region of registration in the roster, or the occupation is not known"),
    ("A1_MISSING", "考勤不足8次", "fewer than 8 sessions of attendance"),
    ("A2_MISSING", "没有5人以上的签到记录", "no session with 5 sign-ins"),
    ("A3_MISSING", "签到未比对人脸和证件", "sign-ins were not compared with face and ID"),
    ("A4_MISSING", "未上报考勤", "no attendance"),
    ("A5_MISSING", "签到没有位置", "sign-ins have no place"),
    ("I1_MISSING", "机构名称缺失，或没有检查记录", "no institution, or no record of visits"),
    ("I2_MISSING", "机构名称缺失，或既无检查记录也无开班日期", "no institution, or neither a visit nor an opening is known"),
    ("I4_MISSING", "机构名称缺失，或没有投诉举报记录", "no institution, or no record of complaints"),
    ("I5_MISSING", "机构或职业（工种）不明，或近一年考核不足20人", "no institution or occupation, or fewer than 20 examined in a year"),
    ("I6_MISSING", "机构不在机构登记表中", "the institution is not in the register"),
    // scorecard
    ("scorecard_toml", "评分卡第 {line} 行不是规范的 TOML：{reason}", "line {line} of the scorecard is not TOML: {reason}"),
    (
        "scorecard_kind",
        "评分卡第 {line} 行：只能用文字和整数，不能用 {found}",
        "line {line} of the scorecard: only strings and integers, not {found}",
    ),
    (
        "scorecard_type",
        "评分卡第 {line} 行 {place}：应为 {expected}，实为 {found}",
        "line {line} of the scorecard, {place}: expected {expected}, found {found}",
    ),
    ("scorecard_key_unknown", "评分卡第 {line} 行：无法识别的项 {place}", "line {line} of the scorecard: unknown key {place}"),
    ("scorecard_key_missing", "评分卡第 {line} 行起：缺少 {place}", "from line {line} of the scorecard: {place} is missing"),
    (
        "scorecard_range",
        "评分卡第 {line} 行 {place} 应在 {min} 至 {max} 之间，实为 {found}",
        "line {line} of the scorecard: {place} should be within {min} to {max}, found {found}",
    ),
    ("scorecard_empty", "评分卡第 {line} 行 {place} 不能为空", "line {line} of the scorecard: {place} is empty"),
    ("scorecard_code", "评分卡第 {line} 行 {place}：“{found}”不是规范的代码", "line {line} of the scorecard, {place}: “{found}” is not a code"),
    (
        "scorecard_date",
        "评分卡第 {line} 行 {place}：“{found}”不是有效日期（应为 YYYY-MM-DD）",
        "line {line} of the scorecard, {place}: “{found}” is not a date of the form YYYY-MM-DD",
    ),
    ("scorecard_id_repeated", "评分卡第 {line} 行 {place}：{found} 重复", "line {line} of the scorecard, {place}: {found} stands twice"),
    (
        "scorecard_caps",
        "评分卡第 {line} 行：各组上限之和应为 {expected}，实为 {found}（{place}）",
        "line {line} of the scorecard: the caps should sum to {expected}, found {found} ({place})",
    ),
    (
        "scorecard_signal_unknown",
        "评分卡第 {line} 行 {place}：本版本没有风险指标“{found}”",
        "line {line} of the scorecard, {place}: this version has no signal “{found}”",
    ),
    ("scorecard_group_unknown", "评分卡第 {line} 行 {place}：没有“{found}”组", "line {line} of the scorecard, {place}: there is no group “{found}”"),
    (
        "scorecard_group_unused",
        "评分卡第 {line} 行 {place}：{found} 组没有任何指标，其上限永远用不到",
        "line {line} of the scorecard, {place}: no signal belongs to group {found}, its cap can never be used",
    ),
    (
        "scorecard_bin_last",
        "评分卡第 {line} 行 {place}：只有最后一档不写 below",
        "line {line} of the scorecard, {place}: the last bin, and no other, has no “below”",
    ),
    (
        "scorecard_bins_order",
        "评分卡第 {line} 行 {place}：各档的 below 须由小到大",
        "line {line} of the scorecard, {place}: “below” must ascend from bin to bin",
    ),
    (
        "scorecard_bins_decrease",
        "评分卡第 {line} 行 {place}：分值不能低于前一档",
        "line {line} of the scorecard, {place}: points must not fall below the bin before",
    ),
    (
        "scorecard_missing_low",
        "评分卡第 {line} 行 {place}：数据缺失时的分值不能低于最低一档",
        "line {line} of the scorecard, {place}: points for a missing input must not be below the lowest bin",
    ),
    ("scorecard_bands", "评分卡第 {line} 行 {place}：B、C、D 的起点须由小到大", "line {line} of the scorecard, {place}: B, C and D must ascend"),
    (
        "scorecard_money",
        "评分卡第 {line} 行 {place}：from_yuan 须小于 to_yuan",
        "line {line} of the scorecard, {place}: from_yuan must be below to_yuan",
    ),
    (
        "scorecard_validity",
        "评分卡第 {line} 行 {place}：有效期的起日不能晚于止日",
        "line {line} of the scorecard, {place}: the validity ends before it begins",
    ),
    (
        "scorecard_not_valid",
        "评分卡 {name} 在封存日 {date} 不在有效期内，请选用有效的评分卡",
        "scorecard {name} is not valid on the day of the freeze, {date}: choose one that is",
    ),
    // scoring
    ("scoring_unit_repeated", "班期 {unit} 重复列入评分", "unit {unit} stands twice among the classes to be scored"),
    ("scoring_failed", "风险指标计算失败：{reason}", "a signal could not be computed: {reason}"),
    // facts
    ("facts_failed", "数据文件 {file} 无法读写：{reason}", "the fact file {file} cannot be read or written: {reason}"),
    ("facts_missing", "数据文件 {file} 不存在，请从备份恢复", "the fact file {file} is missing: restore it from the backup"),
    (
        "facts_altered",
        "数据文件 {file} 已被改动：应为 {expected}，实为 {found}。请从备份恢复",
        "the fact file {file} was altered: expected {expected}, found {found}. Restore it from the backup",
    ),
    ("facts_schema", "数据文件 {file} 的 {column} 列不合规定", "column {column} of the fact file {file} is not as laid down"),
];
