//! The regional minimum wage (地域別最低賃金), beside which a coordinator sees what an hour of a job comes to. Telework on
//! contract is no employment and the wage does not bind it; the ministry asks orderers to keep it in mind when setting
//! pay (domain.md 3.2). Workers never see this comparison: it is no promise about an hour.

use chrono::NaiveDate;
use kernel::{MunicipalCode, Yen};

/// What an hour of employment pays at least in one prefecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinimumWage {
    /// Yen an hour.
    pub hourly: Yen,
    /// From which day.
    pub since: NaiveDate,
}

/// Yen and first day for each prefecture in the order of their codes (厚生労働省, 令和7年度地域別最低賃金の全国一覧).
#[rustfmt::skip]
const PREFECTURES: [(i64, (i32, u32, u32)); 47] = [
    (1075, (2025, 10, 4)), (1029, (2025, 11, 21)), (1031, (2025, 12, 1)), (1038, (2025, 10, 4)), (1031, (2026, 3, 31)),
    (1032, (2025, 12, 23)), (1033, (2026, 1, 1)), (1074, (2025, 10, 12)), (1068, (2025, 10, 1)), (1063, (2026, 3, 1)),
    (1141, (2025, 11, 1)), (1140, (2025, 10, 3)), (1226, (2025, 10, 3)), (1225, (2025, 10, 4)), (1050, (2025, 10, 2)),
    (1062, (2025, 10, 12)), (1054, (2025, 10, 8)), (1053, (2025, 10, 8)), (1052, (2025, 12, 1)), (1061, (2025, 10, 3)),
    (1065, (2025, 10, 18)), (1097, (2025, 11, 1)), (1140, (2025, 10, 18)), (1087, (2025, 11, 21)), (1080, (2025, 10, 5)),
    (1122, (2025, 11, 21)), (1177, (2025, 10, 16)), (1116, (2025, 10, 4)), (1051, (2025, 11, 16)), (1045, (2025, 11, 1)),
    (1030, (2025, 10, 4)), (1033, (2025, 11, 17)), (1047, (2025, 12, 1)), (1085, (2025, 11, 1)), (1043, (2025, 10, 16)),
    (1046, (2026, 1, 1)), (1036, (2025, 10, 18)), (1033, (2025, 12, 1)), (1023, (2025, 12, 1)), (1057, (2025, 11, 16)),
    (1030, (2025, 11, 21)), (1031, (2025, 12, 1)), (1034, (2026, 1, 1)), (1035, (2026, 1, 1)), (1023, (2025, 11, 16)),
    (1026, (2025, 11, 1)), (1023, (2025, 12, 1)),
];

impl MinimumWage {
    /// Of the prefecture a town lies in; none where the code names no prefecture.
    pub fn of(town: &MunicipalCode) -> Option<Self> {
        let prefecture: usize = town.as_str().get(..2)?.parse().ok()?;
        let (yen, (year, month, day)) = *PREFECTURES.get(prefecture.checked_sub(1)?)?;
        Some(Self { hourly: Yen(yen), since: NaiveDate::from_ymd_opt(year, month, day)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_compared_with_its_own_prefecture() {
        let of = |code: &str| MinimumWage::of(&MunicipalCode::parse(code).unwrap()).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(of("203246"), MinimumWage { hourly: Yen(1061), since: day("2025-10-03") });
        assert_eq!(of("131016").hourly, Yen(1226));
        assert!(
            PREFECTURES
                .iter()
                .all(|(_, (year, month, day))| { NaiveDate::from_ymd_opt(*year, *month, *day).is_some() })
        );
        assert_eq!(PREFECTURES.iter().map(|(yen, _)| yen).min(), Some(&1023), "no prefecture pays less");
    }
}
