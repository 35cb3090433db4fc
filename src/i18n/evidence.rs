//! Rows behind a signal's value, as an official reads them: `evidence_<what>` of `scoring::EvidenceRow`.
//!
//! `{n1}` … are the row's numbers, `{p1}` … the same as shares of a hundred, `{persons}` rows of the class's own roster.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    ("evidence_person", "名册上没有的一人", "somebody who is not on the roster"),
    ("evidence_row", "名册第{rows}行", "roster row {rows}"),
    ("evidence_rows", "名册第{rows}行", "roster rows {rows}"),
    ("evidence_named", "{name}（名册第{rows}行）", "{name} (roster row {rows})"),
    ("evidence_more", "{persons}等", "{persons} and others"),
    ("evidence_institution", "另一家机构", "another institution"),
    ("evidence_teacher", "教师", "a teacher"),
    ("evidence_occupation", "本工种", "this occupation"),
    // dates and changes
    ("evidence_applied_on", "{at}申请", "applied on {at}"),
    ("evidence_reviewed_on", "{at}审核", "reviewed on {at}"),
    ("evidence_not_reviewed", "台账未填审核日期", "the ledger states no review"),
    ("evidence_opens_on", "{at}开班", "opens on {at}"),
    ("evidence_change", "{at}收到变更", "a change received {at}"),
    ("evidence_change_opens_on", "{at}收到变更：开班日期", "change received {at}: opening date"),
    ("evidence_change_ends_on", "{at}收到变更：结业日期", "change received {at}: closing date"),
    ("evidence_change_hours", "{at}收到变更：课时", "change received {at}: hours"),
    ("evidence_change_venue", "{at}收到变更：培训地点", "change received {at}: venue"),
    ("evidence_change_teachers", "{at}收到变更：教师", "change received {at}: teachers"),
    ("evidence_change_planned", "{at}收到变更：计划人数", "change received {at}: planned trainees"),
    ("evidence_record", "课程结束至资料补录：{at}", "from the lesson’s end to the record: {at}"),
    // the provincial system
    ("evidence_in_system", "台账填“未录入”", "the ledger says “not entered”"),
    ("evidence_not_exported", "省系统导出表中没有本班", "the class is not in the provincial system’s export"),
    ("evidence_differing", "与省系统导出表核对{n1}项，{n2}项不一致", "fields compared with the provincial system’s export: {n1}, differing: {n2}"),
    // rosters
    (
        "evidence_taught_twice",
        "{persons}：同一时间还在{institution}的班期{unit}：本班{at}，该班{other_at}",
        "{persons}: also in {unit} of {institution}; this class {at}, that one {other_at}",
    ),
    (
        "evidence_runs_twice",
        "{persons}：同期还在{institution}的班期{unit}：本班{at}，该班{other_at}（有一班没有课程表，按起止日期比较）",
        "{persons}: also in {unit} of {institution}; this class {at}, that one {other_at} (by dates, for one has no timetable)",
    ),
    ("evidence_paid_same", "{persons}：{at}已享受过{occupation}{level}补贴", "{persons}: already subsidised for {occupation} {level} on {at}"),
    (
        "evidence_paid_often",
        "{persons}：开班当年已享受补贴{n1}次，最近一次{at}",
        "{persons}: subsidies in the year before the opening: {n1}, the last on {at}",
    ),
    (
        "evidence_together",
        "{n1}名学员也在{institution}的班期{unit}（本班{n2}人，该班{n3}人）",
        "trainees also in {unit} of {institution}: {n1} (of {n2} here and {n3} there)",
    ),
    ("evidence_employed", "核查结果为在外就业或参保：{persons}，共{count}人", "found employed or insured elsewhere: {persons} ({count} in all)"),
    ("evidence_retired", "核查结果为已退休：{persons}，共{count}人", "found retired: {persons} ({count} in all)"),
    ("evidence_student", "核查结果为在校学生：{persons}，共{count}人", "found to be students: {persons} ({count} in all)"),
    ("evidence_dead", "核查结果为已死亡：{persons}，共{count}人", "found deceased: {persons} ({count} in all)"),
    ("evidence_serving", "核查结果为服刑：{persons}，共{count}人", "found serving a sentence: {persons} ({count} in all)"),
    (
        "evidence_unfit",
        "开班时不在可培训的年龄内：{persons}，共{count}人",
        "not of an age to be trained when the class opened: {persons} ({count} in all)",
    ),
    (
        "evidence_shared_phone",
        "电话相同：{persons}，本班共{count}人；这个号码在{n2}个班期的名册里有{n1}人使用",
        "one telephone: {persons} ({count} in this class); persons who use it: {n1}, in classes: {n2}",
    ),
    (
        "evidence_shared_account",
        "银行账号相同：{persons}，本班共{count}人；这个账号在{n2}个班期的名册里有{n1}人使用",
        "one bank account: {persons} ({count} in this class); persons who use it: {n1}, in classes: {n2}",
    ),
    (
        "evidence_shared_address",
        "住址相同：{persons}，本班共{count}人；这个住址在{n2}个班期的名册里有{n1}人使用",
        "one address: {persons} ({count} in this class); persons who give it: {n1}, in classes: {n2}",
    ),
    (
        "evidence_near_numbers",
        "证件号码与本班他人仅差1至3：{persons}，共{count}人，占名册{n1}人的{p2}；同工种{n4}个班期的中位数为{p3}",
        "ID numbers within 3 of another in the class: {persons} ({count} in all), {p2} of {n1}; the median of the occupation’s classes ({n4}) is {p3}",
    ),
    (
        "evidence_outside",
        "户籍在外地：{persons}，共{count}人，占可判断的{n1}人的{p2}；同工种{n4}个班期的中位数为{p3}",
        "registered out of the area: {persons} ({count} in all), {p2} of the {n1} of whom it is known; the median of the occupation’s classes ({n4}) is {p3}",
    ),
    // attendance
    ("evidence_full_sessions", "{n1}次课中{n2}次全勤", "sessions with nobody absent: {n2} of {n1}"),
    ("evidence_session", "{at}：应到{n1}人，实到{n2}人", "{at}: {n1} expected, {n2} present"),
    ("evidence_session_morning", "{at}上午：应到{n1}人，实到{n2}人", "{at}, morning: {n1} expected, {n2} present"),
    ("evidence_session_afternoon", "{at}下午：应到{n1}人，实到{n2}人", "{at}, afternoon: {n1} expected, {n2} present"),
    ("evidence_session_evening", "{at}晚上：应到{n1}人，实到{n2}人", "{at}, evening: {n1} expected, {n2} present"),
    (
        "evidence_burst",
        "{at}的课：{n1}人次签到，其中{n2}人次集中在{other_at}起的60秒内",
        "session of {at}: {n2} of {n1} sign-ins within 60 seconds from {other_at}",
    ),
    ("evidence_other_face", "{persons}：{at}签到，人脸或证件不符", "{persons}: signed in {at}, face or ID did not match"),
    ("evidence_away", "{persons}：{at}签到，距培训地点{n1}米", "{persons}: signed in {at}, {n1} metres from the venue"),
    // timetables
    ("evidence_hours", "课程表{n1}课时，核定{n2}课时", "the timetable has {n1} hours, {n2} are approved"),
    ("evidence_lesson", "{at}上课", "lesson {at}"),
    (
        "evidence_teacher_twice",
        "{teacher}：{at}在本班授课，{other_at}又在班期{unit}授课（{institution}）",
        "{teacher} teaches here {at}, and {unit} of {institution} {other_at}",
    ),
    (
        "evidence_teacher_rushed",
        "{teacher}：{at}在本班授课，{other_at}在另一地点为班期{unit}授课（{institution}）；中间只有{n1}分钟，路上至少要{n2}分钟",
        "{teacher} teaches here {at}, and {unit} of {institution} at another site {other_at}: {n1} minutes between, at least {n2} on the way",
    ),
    (
        "evidence_teacher_week",
        "{teacher}在{at}起的一周共授课{n1}小时（各班合计）",
        "{teacher} teaches {n1} hours in the week from {at} (all classes together)",
    ),
    ("evidence_unqualified", "{teacher}登记为不具备本工种授课资质", "{teacher} is registered as not qualified for the occupation"),
    (
        "evidence_room_twice",
        "本班{at}使用该场地，班期{unit}（{institution}）{other_at}也在使用",
        "the room is used here {at}, and by {unit} of {institution} {other_at}",
    ),
    ("evidence_crowded", "本班{n1}人，最小的场地只能容纳{n2}人", "{n1} people, and the smallest room holds {n2}"),
    // institutions and counties
    ("evidence_visit", "{at}检查，问题严重程度{p1}（未发现问题为0）", "visited on {at}; severity of what was found {p1} (nothing found: 0)"),
    (
        "evidence_seats",
        "本季度{n1}人；前四个季度依次为{n2}、{n3}、{n4}、{n5}人",
        "seats this quarter {n1}; in the four before {n2}, {n3}, {n4}, {n5}",
    ),
    ("evidence_complaint", "{at}收到投诉举报，计{p1}（查实的计100%）", "complaint of {at}, counted {p1} (a verified one 100%)"),
    (
        "evidence_exam",
        "近一年该机构本工种{n1}人参加考核，{n2}人合格（{p3}）；各机构合计{n4}人参加，{n5}人合格（{p6}）",
        "examinations of a year: the institution {n2} passed of {n1} ({p3}); all institutions {n5} of {n4} ({p6})",
    ),
    ("evidence_same_contact", "与{institution}的联系人相同", "has the contact of {institution}"),
    ("evidence_same_account", "与{institution}的银行账号相同", "has the bank account of {institution}"),
    ("evidence_same_site", "与{institution}的地址相同", "has the site of {institution}"),
    ("evidence_week_missing", "{at}：没有上报", "{at}: no list came"),
    ("evidence_week_late", "{at}：迟报（共报{n1}版）", "{at}: late (versions: {n1})"),
    ("evidence_week_corrected", "{at}：更正过（共报{n1}版）", "{at}: corrected (versions: {n1})"),
];
