//! Refusals that only a system's requests meet.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    ("body_large", "内容过大，最多64兆字节", "that is too large; 64 MiB at most"),
    ("request_body", "请求内容无法读取：{reason}", "the request’s body cannot be read: {reason}"),
    ("request_query", "网址中“?”之后的参数不对：{reason}", "what stands behind the question mark is wrong: {reason}"),
    ("request_path", "网址不对：{reason}", "the address is wrong: {reason}"),
    ("request_odd", "请求不合规定", "the request is malformed"),
    ("request_type", "内容类型不对", "the content is of another media type than this takes"),
    ("request_method", "此网址不接受这种请求方法", "this address does not take that method"),
    ("request_slow", "办理时间过长，已中止。请稍后重试", "this took too long and was ended; try again later"),
    ("request_under_way", "同一请求正在办理，请稍候再问", "the same request is under way; ask again in a moment"),
    ("server_broken", "系统内部出错", "something failed inside"),
    ("too_many", "请求过多，请{seconds}秒后再试", "too many requests; try again in {seconds} seconds"),
    ("idempotency_key", "Idempotency-Key 须为1至100个可见的英文字符", "an Idempotency-Key is 1 to 100 visible ASCII characters"),
    ("idempotency_other", "这个 Idempotency-Key 已用于另一请求", "this Idempotency-Key was used for another request"),
    ("proof_sizes", "树大小不对：{from} 到 {to}", "there is no proof from size {from} to size {to}"),
    ("submission_none_given", "没有收到文件：表单各部分须有文件名", "no file came: each part of the form needs a file name"),
    ("submission_county", "请指明单位（county）", "say which county"),
];
