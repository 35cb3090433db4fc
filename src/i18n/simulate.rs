//! Simulated sets of tables.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    ("help_simulate", "按种子生成一套合成数据，用于检验风险指标和测速", "Make a synthetic set of tables from a seed, to measure signals and times"),
    ("help_quality", "用合成数据检验风险指标和评分卡的效果", "Hold signals and a scorecard against a synthetic set’s truth"),
    ("help_arg_simulated_set", "simulate 生成的文件夹", "A folder made by simulate"),
    ("help_arg_model_judged", "评分卡文件；不写则用程序自带的评分卡", "A scorecard’s file; without it the one that comes with the program"),
    ("help_arg_capacity", "每周检查多少个班期（可写多次）", "Visits of a week (may be repeated)"),
    ("scale_city", "市", "city"),
    ("scale_province", "省", "province"),
    ("scale_nation", "全国", "nation"),
    (
        "quality_title",
        "评分卡 {model}，合成数据：规模{scale}，种子 {seed}，入围 {classes} 个班期",
        "{model} on a synthetic {scale}, seed {seed}, {classes} classes in the frame",
    ),
    (
        "quality_synthetic",
        "数据全部由程序生成，植入问题的比例是人为设定的；分值凭业务判断确定，未按本数据调整。结果只说明指标起不起作用，不说明实际能查出多少。",
        "All data are invented, the rates of what is planted were chosen; points were set by reason and not fitted to these data. It shows that signals work, not how much they will find.",
    ),
    ("quality_signal", "指标", "signal"),
    ("quality_planted", "植入", "planted"),
    ("quality_innocent", "未植入", "others"),
    ("quality_points", "加分", "points"),
    ("quality_missing", "缺失", "missing"),
    (
        "quality_points_note",
        "加分：按评分卡得分高于最低档的班期所占比例。AUC：植入班期排在未植入班期之前的概率，0.5 为无作用。",
        "points: share of classes that get more than the lowest bin. AUC: how often a planted class stands above another; 0.5 is no use.",
    ),
    ("quality_target_any", "本班植入任何问题", "any violation planted in the class"),
    ("quality_target_grave", "本班植入虚报人数、出勤或课时", "false heads, attendance or hours planted in the class"),
    (
        "quality_target",
        "查找对象：{target}，共 {classes} 个班期（{rate}）；总分 AUC {auc}；按规模度量抽取平均命中 {weighted}",
        "looked for: {target}, {classes} classes ({rate}); AUC of the score {auc}; a draw by size measures finds {weighted} on average",
    ),
    (
        "quality_at",
        "  查分数最高的 {capacity} 个：命中 {precision}，占全部问题班期的 {recall}，为随机抽取的 {lift} 倍（最好的单项指标 {best} 为 {best_lift} 倍）",
        "  the {capacity} highest scores: {precision} found, {recall} of all, {lift} times random selection (best single signal, {best}: {best_lift})",
    ),
    ("quality_bands", "  各级（问题班期/全部班期）：{bands}", "  bands (looked for / all): {bands}"),
    ("quality_real", "{folder} 不是合成数据：真实数据没有标准答案", "{folder} isn’t synthetic: nobody knows the truth of real data"),
    ("quality_truth", "标准答案 {file} 有误：{reason}", "the truth {file} is wrong: {reason}"),
    ("help_arg_scale", "规模：city（市）、province（省）或 nation（全国）", "Scale: city, province or nation"),
    ("help_arg_classes", "班期总数（不写则按规模）", "Classes in all (the scale's number where left out)"),
    (
        "simulate_title",
        "合成数据，种子 {seed}：其中的人员、班期、机构均为虚构",
        "synthetic data, seed {seed}: no person, class or institution in it is real",
    ),
    ("simulate_working", "正在生成", "making it"),
    (
        "simulate_done",
        "已写入 {path}，封存时间 {frozen_at}。植入的问题共 {planted} 处，见 truth 文件夹（评分不读取）",
        "written to {path}, frozen at {frozen_at}; {planted} violations are planted, told in the folder truth, which scoring never opens",
    ),
    (
        "help_arg_workbooks",
        "同时写出各县当周的台账统计表和课程表（仅限 city）",
        "Also write each county's ledger and timetable of the week (city only)",
    ),
    ("simulate_books", "已写入 {count} 个工作簿：{path}", "{count} workbooks are in {path}"),
    ("simulate_books_scale", "只有 city 规模才能写出工作簿", "workbooks can only be written at the scale city"),
    ("simulate_failed", "无法生成数据表：{reason}", "a table could not be made: {reason}"),
    ("simulate_scale", "规模“{value}”不可用。请用 city、province 或 nation", "the scale “{value}” is unknown: use city, province or nation"),
    ("simulate_range", "{name} 应在 {min} 至 {max} 之间，现为 {value}", "{name} must be from {min} to {max}, not {value}"),
    ("simulate_week", "{week} 没有工作日，不能作为封存的周", "{week} has no working day and can't be the week of a freeze"),
];
