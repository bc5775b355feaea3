//! What the store and the rules call things, in words.

use super::ConsoleWords;

impl ConsoleWords {
    /// What a rule's name means ([`SendRefusal::rule`](crate::verification::SendRefusal::rule)); the name itself for one of another release.
    #[must_use]
    pub(crate) fn of_rule(&self, rule: &str) -> String {
        let word = match rule {
            "number_taken" => self.rule_number_taken,
            "cooldown" => self.rule_cooldown,
            "number_resting" => self.rule_number_resting,
            "subject_budget" => self.rule_subject_budget,
            "number_budget" => self.rule_number_budget,
            "requester_budget" => self.rule_requester_budget,
            "day_budget" => self.rule_day_budget,
            "country" => self.rule_country,
            "money" => self.rule_money,
            "sign_in_share" => self.rule_sign_in_share,
            "prefix_held" => self.rule_prefix_held,
            "country_held" => self.rule_country_held,
            "denied" => self.rule_denied,
            "challenge" => self.rule_challenge,
            other => other,
        };
        word.to_owned()
    }

    /// What the store calls something, in words; as it is for what this program does not know.
    #[must_use]
    pub(crate) fn of_stored(&self, name: &str) -> String {
        let word = match name {
            "accepted" => self.accepted,
            "failed" => self.failed,
            "unknown" => self.unknown,
            "reserved" => self.reserved,
            "delivered" => self.delivered,
            "sign_up" => self.sign_up,
            "sign_in" => self.sign_in,
            "everybody" => self.everybody,
            "console" => self.itself,
            "unlock" => self.done_unlock,
            "account remove" => self.done_remove,
            "unmask" => self.done_unmask,
            "console link" => self.done_link,
            "console enter" => self.done_enter,
            "client add" => self.done_client_add,
            "client rotate" => self.done_client_rotate,
            "client remove" => self.done_client_remove,
            "keys rotate" | "keys rotate --now" => self.done_keys,
            "hold lift" => self.lift,
            "hold keep" => self.keep,
            "guard.held" => self.event_held,
            "budget.warning" => self.event_warning,
            "budget.exhausted" => self.event_exhausted,
            "abuse.found" => self.event_abuse,
            other => other,
        };
        word.to_owned()
    }
}
