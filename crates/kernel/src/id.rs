//! Ids as types: a deal's id cannot be passed where an order's is asked for. All are PostgreSQL `bigint`
//! identities; zero and negatives never occur.

/// Declares an id newtype over `i64` that is also a diesel `BigInt` column, a serde number and a path segment.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            $crate::macro_support::serde::Serialize, $crate::macro_support::serde::Deserialize,
            $crate::macro_support::schemars::JsonSchema,
            $crate::macro_support::diesel::expression::AsExpression, $crate::macro_support::diesel::deserialize::FromSqlRow,
        )]
        #[serde(crate = "kernel::macro_support::serde", transparent)]
        #[schemars(crate = "kernel::macro_support::schemars", extend("minimum" = 1))]
        #[diesel(sql_type = $crate::macro_support::diesel::sql_types::BigInt)]
        pub struct $name(pub i64);

        $crate::id!(@impls $name);
    };
    (@impls $name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }

        impl $crate::macro_support::diesel::deserialize::FromSql<
            $crate::macro_support::diesel::sql_types::BigInt,
            $crate::macro_support::diesel::pg::Pg,
        > for $name
        {
            fn from_sql(
                bytes: $crate::macro_support::diesel::pg::PgValue<'_>,
            ) -> $crate::macro_support::diesel::deserialize::Result<Self> {
                <i64 as $crate::macro_support::diesel::deserialize::FromSql<
                    $crate::macro_support::diesel::sql_types::BigInt,
                    $crate::macro_support::diesel::pg::Pg,
                >>::from_sql(bytes)
                .map($name)
            }
        }

        impl $crate::macro_support::diesel::serialize::ToSql<
            $crate::macro_support::diesel::sql_types::BigInt,
            $crate::macro_support::diesel::pg::Pg,
        > for $name
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::macro_support::diesel::serialize::Output<
                    'b,
                    '_,
                    $crate::macro_support::diesel::pg::Pg,
                >,
            ) -> $crate::macro_support::diesel::serialize::Result {
                <i64 as $crate::macro_support::diesel::serialize::ToSql<
                    $crate::macro_support::diesel::sql_types::BigInt,
                    $crate::macro_support::diesel::pg::Pg,
                >>::to_sql(&self.0, out)
            }
        }
    };
}

id!(
    /// A town's programme: the tenant every row belongs to (団体).
    OrganizationId
);
id!(
    /// One human being in one town, whatever roles they hold there (職員, ワーカー).
    PersonId
);
id!(
    /// A signed-in browser.
    SessionId
);
id!(
    /// A client or prospect company (企業).
    CompanyId
);
id!(
    /// A person at a company (担当者).
    ContactId
);
id!(
    /// Two companies or two contacts made one (統合).
    MergeId
);
id!(
    /// A prospect not yet qualified (見込み).
    LeadId
);
id!(
    /// An opportunity on the board (商談).
    DealId
);
id!(
    /// A column of the board (段階).
    BoardStageId
);
id!(
    /// A call, mail, visit, meeting, note or task about a company (活動).
    ActivityId
);
id!(
    /// One version of a quote (見積).
    QuoteId
);
id!(
    /// A client's order (受注).
    OrderId
);
id!(
    /// A kind of piece inside an order (業務).
    JobId
);
id!(
    /// The smallest thing one worker does (単位作業).
    UnitId
);
id!(
    /// A unit put before one worker (offer).
    OfferId
);
id!(
    /// One worker's hold on one unit (割当).
    AssignmentId
);
id!(
    /// One handed-in version of a unit's work (提出).
    SubmissionId
);
id!(
    /// One checker's verdict on one submission (検品).
    ReviewId
);
id!(
    /// A bundle handed to the client (納品).
    DeliveryId
);
id!(
    /// A resident registered for work (住民ワーカー).
    WorkerId
);
id!(
    /// A stored file's metadata row.
    FileId
);
id!(
    /// A recorded business fact.
    EventId
);
id!(
    /// A piece of background machine work. Never called a job.
    TaskId
);
id!(
    /// One mail to one recipient.
    MessageId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_plain_number_on_the_wire_and_in_paths() {
        assert_eq!(serde_json::to_string(&DealId(42)).unwrap(), "42");
        assert_eq!("42".parse::<DealId>().unwrap(), DealId(42));
        assert!("4x2".parse::<DealId>().is_err());
    }
}
