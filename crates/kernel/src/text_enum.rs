//! Enums stored as TEXT under a CHECK: values come and go by plain migrations, and `schema.rs` needs no custom
//! SQL types.

/// Declares an enum whose variants are stored, sent and parsed as the given words.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            $crate::macro_support::serde::Serialize, $crate::macro_support::serde::Deserialize,
            $crate::macro_support::schemars::JsonSchema,
            $crate::macro_support::diesel::expression::AsExpression, $crate::macro_support::diesel::deserialize::FromSqlRow,
        )]
        #[serde(crate = "kernel::macro_support::serde")]
        #[schemars(crate = "kernel::macro_support::schemars")]
        #[diesel(sql_type = $crate::macro_support::diesel::sql_types::Text)]
        $(#[$meta])*
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word stored in the database and used on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::text::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::text::UnknownWord),
                }
            }
        }

        $crate::text_enum!(@columns $name);
    };
    (@columns $name:ident) => {
        impl $crate::macro_support::diesel::deserialize::FromSql<
            $crate::macro_support::diesel::sql_types::Text,
            $crate::macro_support::diesel::pg::Pg,
        > for $name
        {
            fn from_sql(
                bytes: $crate::macro_support::diesel::pg::PgValue<'_>,
            ) -> $crate::macro_support::diesel::deserialize::Result<Self> {
                let word = <String as $crate::macro_support::diesel::deserialize::FromSql<
                    $crate::macro_support::diesel::sql_types::Text,
                    $crate::macro_support::diesel::pg::Pg,
                >>::from_sql(bytes)?;
                word.parse()
                    .map_err(|_unknown| format!("unknown {} in the database: {word}", stringify!($name)).into())
            }
        }

        impl $crate::macro_support::diesel::serialize::ToSql<
            $crate::macro_support::diesel::sql_types::Text,
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
                <str as $crate::macro_support::diesel::serialize::ToSql<
                    $crate::macro_support::diesel::sql_types::Text,
                    $crate::macro_support::diesel::pg::Pg,
                >>::to_sql(self.as_str(), out)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    text_enum!(
        /// Two words.
        Pace { Slow = "slow", AtOnce = "at_once" }
    );

    #[test]
    fn words_round_trip_and_unknown_ones_are_refused() {
        for pace in Pace::ALL {
            assert_eq!(pace.as_str().parse::<Pace>().unwrap(), *pace);
            assert_eq!(serde_json::to_string(pace).unwrap(), format!("\"{pace}\""));
        }
        assert!("At_Once".parse::<Pace>().is_err());
    }
}
