//! Signing in, accounts, roles and tokens.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    (
        "sign_in_wrong",
        "账号、密码或动态码不对，或者账号已停用、因连续输错已锁定15分钟",
        "name, password or code is wrong, or the account is disabled or locked for 15 minutes",
    ),
    ("sign_in_code", "请输入动态码", "enter the code of your second factor"),
    ("sign_in_locked", "连续输错次数过多，账号已锁定15分钟", "too many wrong attempts: the account is locked for 15 minutes"),
    ("sign_in_needed", "请先登录", "sign in first"),
    ("right_missing", "您的角色没有这项权限", "your role does not allow this"),
    ("form_token", "页面已过期或者来自别处，请刷新后重试", "the page is out of date or came from elsewhere; reload it and try again"),
    (
        "account_name",
        "账号“{found}”不合规定：2至32个小写英文字母、数字、点或横线，以字母开头",
        "“{found}” is no account name: 2 to 32 small letters, digits, dots or dashes, a letter first",
    ),
    ("account_full_name", "请填写名称（不超过40个字）", "give a name of at most 40 characters"),
    ("account_taken", "账号 {name} 已存在", "the account {name} is there already"),
    ("account_unknown", "没有账号 {name}", "there is no account {name}"),
    ("account_roles", "{one}与{other}不能由一人兼任", "{one} and {other} may not be one person"),
    ("account_county", "县区经办人须指定所属单位，其他角色不指定", "a county clerk needs a county, and nobody else has one"),
    ("account_own_roles", "不能更改自己的权限", "nobody changes their own rights"),
    ("account_password", "密码至少{min}位", "a password has at least {min} characters"),
    ("account_old_password", "原密码不对", "the old password is wrong"),
    ("account_same_password", "新密码不能与原密码相同", "the new password must be another one"),
    ("account_totp", "动态码无法启用：{reason}", "the second factor cannot be used: {reason}"),
    ("account_totp_code", "动态码不对。请核对手机时间后重试", "that code is wrong; check the telephone’s clock and try again"),
    ("account_set_up", "系统已初始化，请直接登录", "the installation is set up already; sign in"),
    ("account_set_up_code", "初始化口令不对，请看服务器上显示的口令", "that is not the code that the server printed"),
    (
        "token_scopes",
        "请选择令牌的用途（{scopes}）；报送用的令牌须指定单位",
        "choose what the token is for ({scopes}); one that submits needs a county",
    ),
    ("role_county", "县区经办人", "county clerk"),
    ("role_bureau", "市局", "bureau"),
    ("role_discipline", "纪检组", "discipline group"),
    ("role_analyst", "分析人员", "analyst"),
    ("role_inspector", "检查人员", "inspector"),
    ("role_system_admin", "系统管理员", "system administrator"),
    ("role_security_admin", "安全管理员", "security administrator"),
    ("role_auditor", "安全审计员", "auditor"),
];
