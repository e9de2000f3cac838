//! The search: headings, scopes and errors, by the words that stand in them.

use leptos::prelude::*;
use protocol::{
    error_catalogue::{self, Section},
    locale::Locale,
    scope::{Permission, ScopeToken},
};

use super::{
    Head, Page, Shell,
    scopes::{licence, offered},
    texts,
};
use crate::{
    components::{DocumentSection, Machine, permission_key},
    i18n::Texts,
};

/// As much of a query as is looked at, in characters.
const LONGEST_QUERY: usize = 100;

/// What was found.
struct Found {
    sections: Vec<(Page, &'static str, &'static str)>,
    scopes: Vec<ScopeToken>,
    errors: Vec<&'static str>,
}

impl Found {
    fn count(&self) -> usize {
        self.sections.len() + self.scopes.len() + self.errors.len()
    }
}

/// Everything in which all words of the query stand. English finds too, whatever the language.
fn find(t: Texts, query: &str) -> Found {
    let query: String = query.chars().take(LONGEST_QUERY).collect();
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let fits = |text: String| {
        let text = text.to_lowercase();
        !words.is_empty() && words.iter().all(|word| text.contains(word))
    };
    let sections = Page::ALL.into_iter().flat_map(|page| {
        let sections = page.sections().iter();
        sections.map(move |(id, heading)| (page, *id, *heading))
    });
    Found {
        sections: sections
            .filter(|(page, _, heading)| fits(of_section(t, *page, heading)))
            .collect(),
        scopes: offered()
            .into_iter()
            .filter(|(token, permission)| fits(of_scope(t, token, permission)))
            .map(|(token, _)| token)
            .collect(),
        errors: error_catalogue::sections()
            .into_iter()
            .filter(|section| fits(of_error(section)))
            .map(|section| section.anchor)
            .collect(),
    }
}

fn of_section(t: Texts, page: Page, heading: &str) -> String {
    let said = |t: Texts| format!("{} {}", t.say(page.name()), t.say(heading));
    format!("{} {}", said(t), said(Texts::of(Locale::En)))
}

fn of_scope(t: Texts, token: &ScopeToken, permission: &Permission) -> String {
    let said = |t: Texts| {
        let clusters = permission.clusters().iter();
        let clusters = clusters.map(|cluster| t.say(&permission_key(cluster.key())));
        format!(
            "{} {}",
            clusters.collect::<Vec<_>>().join(" "),
            t.say(licence(permission))
        )
    };
    format!("{token} {} {}", said(t), said(Texts::of(Locale::En)))
}

fn of_error(section: &Section) -> String {
    let mut text = format!("{} {}", section.anchor, section.anchor.replace('-', " "));
    for case in &section.cases {
        let description = case.description.as_deref().unwrap_or_default();
        text.push_str(&format!(" {} {description} {}", case.code, case.developer));
    }
    text
}

/// What was found, or, when nothing was, all scopes and all errors.
#[component]
pub fn FoundPage(
    /// What was searched for, as typed.
    query: String,
) -> AnyView {
    let t = texts();
    let mut found = find(t, &query);
    let count = found.count();
    let lead = if count > 0 {
        t.with("docs-found", &[("count", count.into())])
    } else {
        found.scopes = offered().into_iter().map(|(token, _)| token).collect();
        found.errors = error_catalogue::sections()
            .iter()
            .map(|section| section.anchor)
            .collect();
        t.say("docs-found-none")
    };
    let sections = found.sections.into_iter().map(move |(page, id, heading)| {
        let words = format!("{} – {}", t.say(page.name()), t.say(heading));
        (format!("{}#{id}", page.path()), words.into_any())
    });
    let machine = |words: String| view! { <Machine words /> }.into_any();
    let scopes = found.scopes.into_iter().map(move |token| {
        let href = format!("{}#{token}", Page::Scopes.path());
        (href, machine(token.to_string()))
    });
    let errors = found.errors.into_iter().map(move |anchor| {
        let href = format!("{}#{anchor}", Page::Errors.path());
        (href, machine(anchor.to_owned()))
    });
    view! {
        <Shell t title=t.say("docs-found-title") query>
            <Head heading=t.say("docs-found-heading") lead=vec![lead.into_any()] />
            <List id="sections" heading=t.say("docs-found-sections") links=sections.collect() />
            <List id="scopes" heading=t.say("docs-scopes") links=scopes.collect() />
            <List id="errors" heading=t.say("docs-errors") links=errors.collect() />
        </Shell>
    }
    .into_any()
}

/// Links under a heading; nothing when there are none.
#[component]
fn List(id: &'static str, heading: String, links: Vec<(String, AnyView)>) -> AnyView {
    if links.is_empty() {
        return ().into_any();
    }
    let items = links.into_iter().map(|(href, words)| {
        view! {
            <li>
                <a href=href>{words}</a>
            </li>
        }
    });
    view! {
        <DocumentSection id heading=heading.into_any()>
            <ul class="p-help">{items.collect_view()}</ul>
        </DocumentSection>
    }
    .into_any()
}

/// The field above every page. A plain GET: the result has an address.
#[component]
pub(super) fn SearchForm(
    t: Texts,
    /// What was searched for.
    query: String,
) -> AnyView {
    view! {
        <form class="c-search" role="search" method="get" action=Page::Start.path()>
            <label class="l-aside" for="q">
                {t.say("docs-search-label")}
            </label>
            <input
                class="c-input"
                id="q"
                type="search"
                name="q"
                maxlength=LONGEST_QUERY.to_string()
                value=query
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="search"
            />
            <button class="c-button" type="submit">
                {t.say("docs-search")}
            </button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_must_stand_in_what_is_found() {
        let t = Texts::of(Locale::En);
        let found = find(t, "PKCE missing");
        assert_eq!(found.errors, ["pkce-missing"]);
        assert!(found.scopes.is_empty());
        let found = find(t, "transferfunds");
        assert_eq!(found.scopes.len(), 1);
        assert_eq!(find(t, "no such words anywhere").count(), 0);
        assert_eq!(find(t, "   ").count(), 0);
    }

    #[test]
    fn headings_are_found_in_the_language_of_the_page_and_in_english() {
        let has = |query| {
            let found = find(Texts::of(Locale::Lt), query);
            found.sections.iter().any(|(_, id, _)| *id == "revoking")
        };
        assert!(has("atšaukimas") && has("ATŠAUKIMAS") && has("revoking"));
        assert!(!has("отзыв"));
    }

    #[test]
    fn an_endless_query_is_looked_at_only_so_far() {
        let long = format!("wallet {}", " ".repeat(LONGEST_QUERY)) + "nothing";
        assert_eq!(find(Texts::of(Locale::En), &long).scopes.len(), 1);
    }
}
