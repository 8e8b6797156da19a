//! Full answers are Markdown that staff wrote, imported perhaps from elsewhere: as HTML that cannot do anything but be read.
//!
//! HTML within it is left out, links lead to the web, to mail and to telephones only, pictures leave their words behind: a page
//! loads nothing from elsewhere. Headings begin below those of the page.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Markdown as HTML.
#[must_use]
pub fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, options).filter_map(tame));
    html
}

/// The words alone, for whoever has no room for more.
#[must_use]
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new(markdown) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tame(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock | Tag::Image { .. }) => return None,
        Event::End(TagEnd::HtmlBlock | TagEnd::Image) => return None,
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lower(level), id: None, classes: vec![], attrs: vec![] })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let dest_url = if leads_out(&dest_url) { dest_url } else { CowStr::Borrowed("") };
            Event::Start(Tag::Link { link_type, dest_url, title: CowStr::Borrowed(""), id })
        }
        other => other,
    })
}

fn leads_out(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme))
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        // most begin with the second level, some with the first: below the question, the page's h1, neither leaves one out
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H2,
        HeadingLevel::H3 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_staff_write_is_shown_and_what_could_act_is_not() {
        assert_eq!(html("# A\n\n- *one*\n- two"), "<h2>A</h2>\n<ul>\n<li><em>one</em></li>\n<li>two</li>\n</ul>\n");
        assert_eq!(html("a <b onclick=x>b</b> <script>alert(1)</script>"), "<p>a b alert(1)</p>\n");
        assert_eq!(html("[x](javascript:alert(1)) ![y](https://a.example/b.png)"), "<p><a href=\"\">x</a> y</p>\n");
        assert!(html("[x](https://a.example/?b=c\"d)").contains("href=\"https://a.example/?b=c%22d\""));
        assert_eq!(plain("# A\n\n- *one*\n- [two](https://x)"), "A one two");
    }

    proptest! {
        /// Whatever is written: only elements that Markdown has, and no attribute but a few.
        #[test]
        fn nothing_but_text_comes_out(text in r#"([a-z<>/="':\[\]()!#*`&; \n]|<script>|<img src=x onerror=|javascript:|<a href=){0,60}"#) {
            let page = scraper::Html::parse_fragment(&html(&text));
            let every = scraper::Selector::parse("*").unwrap();
            let known = ["html", "p", "em", "strong", "a", "code", "pre", "ul", "ol", "li", "blockquote", "h2", "h3", "h4",
                "hr", "br", "del", "table", "thead", "tbody", "tr", "th", "td"];
            for element in page.select(&every) {
                prop_assert!(known.contains(&element.value().name()), "{}", element.html());
                for (name, value) in element.value().attrs() {
                    prop_assert!(matches!(name, "href" | "start" | "class" | "style"), "{name}={value}");
                    prop_assert!(name != "href" || value.is_empty() || leads_out(value), "{}", value);
                }
            }
        }
    }
}
