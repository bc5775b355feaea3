//! The country that a number is from: what was typed, and how it is written, follow the choice, and the choice a plus.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use super::dom::{data, find, find_all, set_text};
use super::{field, view};

/// Where somebody typed into the field of a number.
pub(super) fn typed(number: &HtmlInputElement) {
    let Some(form) = number.form() else { return };
    let form = ["#", &form.id()].concat();
    follow(&form, &number.value());
    let groups = chosen(&form).unwrap_or_else(|| number.clone().into());
    field::group_number(number, &data(&groups, "data-groups"));
}

/// Where somebody chose another.
pub(super) fn picked(select: &HtmlElement) {
    let Some(form) = select.closest("form").ok().flatten() else { return };
    show_example(&["#", &form.id()].concat());
}

/// A plus and a calling code choose the country that they are of; the one that is chosen stays if it shares them.
fn follow(form: &str, typed: &str) {
    let Some((_, number)) = typed.split_once('+') else { return };
    let number = field::digits(number);
    let is_of = |option: &HtmlElement| {
        let text = option.text_content().unwrap_or_default();
        text.rsplit_once('+').is_some_and(|(_, code)| number.starts_with(code))
    };
    if chosen(form).is_none_or(|option| is_of(&option)) {
        return;
    }
    let options: Vec<_> = find_all(&[form, " option"].concat()).into_iter().filter(is_of).collect();
    let main = options.iter().find(|option| option.has_attribute("data-main"));
    let (Some(option), Some(select)) = (main.or(options.first()), find(&[form, " select"].concat())) else { return };
    // Every control has its value by the same name.
    select.unchecked_ref::<HtmlInputElement>().set_value(&data(option, "value"));
    show_example(form);
}

fn chosen(form: &str) -> Option<HtmlElement> {
    find(&[form, " option:checked"].concat())
}

fn show_example(form: &str) {
    let slot = find(&[form, " [data-slot=example]"].concat());
    if let (Some(option), Some(slot)) = (chosen(form), slot) {
        set_text(&slot, &view::filled(&data(&slot, "data-words"), &data(&option, "data-example")));
    }
}
