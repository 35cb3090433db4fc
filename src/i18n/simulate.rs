//! Simulated sets of tables.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    ("help_simulate", "按种子生成一套合成数据，用于检验风险指标和测速", "Make a synthetic set of tables from a seed, to measure signals and times"),
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
