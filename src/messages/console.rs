//! The words of the operator's console. Each language gives all of them.

mod stored;

use super::words::words;

words! {
    struct ConsoleWords;
    /// What the list of screens is called.
    nav,
    /// Who is at the console; `{name}`.
    operator,
    /// Title of the first screen.
    today,
    /// Title of the screen of countries and prefixes.
    places,
    /// Title of the screen of one number.
    number,
    /// Title of the screen of what looks like abuse.
    abuse,
    /// Title of the screen of what operators did.
    audit,
    /// Which time the first screen is about.
    today_lead,
    /// Codes handed to a vendor.
    sends,
    /// Challenges that were proven.
    verified,
    /// Different numbers.
    numbers,
    /// Different browsers.
    browsers,
    /// How many of the numbers were proven.
    conversion,
    /// Title of the chart.
    chart_title,
    /// What the chart shows; `{sends}`, `{verified}`, `{most}`.
    chart_about,
    /// Opens the table with the figures of the chart.
    as_table,
    /// An hour of the chart.
    hour,
    /// Heading of the refusals by rule.
    refusals,
    /// A rule of sends.
    rule,
    /// How often.
    times,
    /// An empty list.
    none,
    /// Heading of what is spent of the day.
    budget,
    /// What is spent of it; `{spent}`, `{most}`.
    budget_spent,
    /// Heading of the vendors.
    vendors,
    /// A vendor.
    vendor,
    /// The vendor took it.
    accepted,
    /// It certainly was not sent.
    failed,
    /// Nobody knows whether it was sent.
    unknown,
    /// It is under way.
    reserved,
    /// What the screen of places tells.
    places_lead,
    /// Heading of the countries.
    countries,
    /// A country.
    country,
    /// Heading of the prefixes.
    prefixes,
    /// A prefix.
    prefix,
    /// What the screen of one number is for.
    number_lead,
    /// Label of the field of a number.
    number_field,
    /// Button that looks a number up.
    search,
    /// Leads to another number.
    another,
    /// When an account was made.
    account,
    /// The number has no account.
    no_account,
    /// Whether a code may be sent.
    verdict,
    /// A code may be sent.
    may_now,
    /// When one may be; `{time}`.
    not_before,
    /// None may be sent, and nobody knows until when.
    not_now,
    /// Which rule stops it.
    why,
    /// How many sends count; `{count}`, `{most}`.
    counted,
    /// Sends to the number that count.
    counted_number,
    /// Sends of the service that count.
    counted_service,
    /// Heading of the sends.
    sends_of_number,
    /// Heading of the refusals.
    refused_of_number,
    /// Heading of what operators did.
    done_to_number,
    /// When.
    at,
    /// Which browser asked.
    browser,
    /// From which address.
    address,
    /// What for.
    purpose,
    /// To sign up.
    sign_up,
    /// To sign in.
    sign_in,
    /// What became of it.
    result,
    /// The text reached a phone.
    delivered,
    /// Guesses at its challenge.
    guesses,
    /// Whether it counts.
    counts,
    /// It does.
    yes,
    /// It does not.
    no,
    /// Who did it.
    actor,
    /// What was done.
    action,
    /// To whom.
    target,
    /// What it was for.
    reason,
    /// Heading, and button, of what lifts a stop.
    unlock,
    /// What it does.
    unlock_lead,
    /// That it was done; `{count}`.
    lifted,
    /// Heading, and button, of what shows the whole number.
    unmask,
    /// What it does.
    unmask_lead,
    /// What the whole number is called.
    unmasked,
    /// A reason is missing.
    reason_missing,
    /// A reason is too long; `{count}`.
    reason_long,
    /// What the screen of abuse tells.
    abuse_lead,
    /// Browsers that asked for many numbers.
    abuse_browsers,
    /// Addresses from which many numbers were asked for.
    abuse_addresses,
    /// Networks from which many numbers were asked for.
    abuse_networks,
    /// Prefixes with many sends that nobody proved.
    abuse_prefixes,
    /// Hours with a burst of new accounts.
    abuse_bursts,
    /// Numbers that were erased more than once.
    abuse_removed,
    /// A network.
    network,
    /// What the audit is.
    audit_lead,
    /// Leads to older lines.
    older,
    /// A deed that concerns every number.
    everybody,
    /// A deed that concerns no number.
    itself,
    /// An action.
    done_unlock,
    /// An action.
    done_remove,
    /// An action.
    done_unmask,
    /// An action.
    done_link,
    /// An action.
    done_enter,
    /// An action.
    done_client_add,
    /// An action.
    done_client_rotate,
    /// An action.
    done_client_remove,
    /// An action.
    done_keys,
    /// Title of the page of a link.
    enter,
    /// What the link is.
    enter_lead,
    /// Button that uses it.
    enter_button,
    /// Title of the page of a link that is over.
    link_over,
    /// What to do.
    link_over_lead,
    /// Title of the way in.
    sign_in_title,
    /// What to do.
    sign_in_lead,
    /// Heading of the way in by a number.
    by_number,
    /// What happens then.
    by_number_lead,
    /// That a code may be on its way.
    code_asked,
    /// A code that is not right, whatever is wrong.
    code_refused,
    /// Leads back to the field of the number.
    ask_again,
    /// A rule.
    rule_number_taken,
    /// A rule.
    rule_cooldown,
    /// A rule.
    rule_number_resting,
    /// A rule.
    rule_subject_budget,
    /// A rule.
    rule_number_budget,
    /// A rule.
    rule_requester_budget,
    /// A rule.
    rule_day_budget,
    /// A rule.
    rule_country,
    /// Title of the screen of what the guard holds.
    holds,
    /// What that screen tells.
    holds_lead,
    /// Heading of what is held.
    held_now,
    /// Heading of what was held.
    held_before,
    /// A prefix or a country.
    held_key,
    /// It is acted on.
    held_on,
    /// It is only written down.
    held_watch,
    /// What a rule saw.
    evidence,
    /// When something ends.
    until,
    /// Button that ends a hold.
    lift,
    /// Button that lets a hold last.
    keep,
    /// Heading of what happened.
    events,
    /// Something is held.
    event_held,
    /// Much of a budget is spent.
    event_warning,
    /// All of a budget is spent.
    event_exhausted,
    /// Something looks like abuse.
    event_abuse,
    /// Heading of what sends cost.
    money,
    /// What they cost; `{spent}`, `{most}`.
    money_spent,
    /// There is no budget.
    no_budget,
    /// A rule.
    rule_money,
    /// A rule.
    rule_sign_in_share,
    /// A rule.
    rule_prefix_held,
    /// A rule.
    rule_country_held,
    /// A rule.
    rule_denied,
    /// A rule.
    rule_challenge,
}
