//! What an application asks to know.

use std::fmt::{Display, Formatter};

/// A scope that means something here; others are ignored (RFC 6749, 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Who it is.
    Openid,
    /// What to call them.
    Profile,
    /// Their number.
    Phone,
    /// An address that is theirs by name only.
    Email,
    /// To know them also when they are not there.
    OfflineAccess,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Openid, Self::Profile, Self::Phone, Self::Email, Self::OfflineAccess];

    /// Its name in a request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Openid => "openid",
            Self::Profile => "profile",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A set of scopes, in an order of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Those of a list that mean something here.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut scopes: Vec<_> = text.split(' ').filter_map(Scope::parse).collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Every scope for which `may` holds.
    #[must_use]
    pub fn all_that(may: impl Fn(Scope) -> bool) -> Self {
        Self(Scope::ALL.into_iter().filter(|scope| may(*scope)).collect())
    }

    /// Whether a scope is among them.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Those that are in both.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self(self.0.iter().copied().filter(|scope| other.has(*scope)).collect())
    }
}

impl Display for Scopes {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_any_order_and_said_in_ours() {
        assert_eq!(Scopes::parse("phone  openid groups phone").to_string(), "openid phone");
        assert_eq!(Scopes::parse("").to_string(), "");
        let may = Scopes::parse("openid profile");
        assert_eq!(Scopes::parse("phone profile openid").within(&may), may);
        assert!(!Scopes::parse("OPENID").has(Scope::Openid));
    }
}
