//! What a person may be to the office. The last three keep each other in check（三员分立）: nobody is two of them.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A county's clerk, for that county alone.
    County,
    Bureau,
    Discipline,
    Analyst,
    Inspector,
    /// 系统管理员: makes accounts, keeps the machine; gives no rights and sees no classes.
    SystemAdmin,
    /// 安全管理员: gives roles.
    SecurityAdmin,
    /// 安全审计员: sees who did and looked at what.
    Auditor,
}

impl Role {
    pub const ALL: [Self; 8] =
        [Self::County, Self::Bureau, Self::Discipline, Self::Analyst, Self::Inspector, Self::SystemAdmin, Self::SecurityAdmin, Self::Auditor];

    /// The three of whom one person may be only one, and nothing else besides.
    pub const ADMINISTRATORS: [Self; 3] = [Self::SystemAdmin, Self::SecurityAdmin, Self::Auditor];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::County => "county",
            Self::Bureau => "bureau",
            Self::Discipline => "discipline",
            Self::Analyst => "analyst",
            Self::Inspector => "inspector",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::Auditor => "auditor",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether one person may hold both: an administrator holds nothing else, and the bureau's acts and the discipline
    /// group's need two people.
    pub fn goes_with(self, other: Self) -> bool {
        let is_alone = |role: Self| Self::ADMINISTRATORS.contains(&role) || role == Self::County;
        let is_party = |role: Self| matches!(role, Self::Bureau | Self::Discipline);
        self == other || !(is_alone(self) || is_alone(other) || is_party(self) && is_party(other))
    }
}
