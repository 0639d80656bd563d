//! The template engine: embedded files, strict about anything undefined, HTML-escaping always on. The engine's own
//! escaper also turns every `/` into an entity, which is valid, heavier and unreadable; ours escapes the five signs
//! that mean something in text and in quoted attributes.

use std::sync::Arc;

use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, escape_formatter};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::refusals;
use crate::texts::Texts;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates"]
#[include = "*.html"]
struct Files;

/// All page templates.
#[derive(Debug)]
pub(crate) struct Templates {
    environment: Environment<'static>,
}

/// What a template is rendered with.
#[derive(Serialize)]
pub(crate) struct Context<'a, S, P> {
    pub(crate) shell: &'a S,
    pub(crate) page: &'a P,
}

impl Templates {
    /// All embedded templates, each compiled when it is first asked for: nobody looks at all pages, and what is compiled takes
    /// several times the room of its text. That every one compiles is a test's to say.
    pub(crate) fn load(texts: Arc<Texts>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_name| AutoEscape::Html);
        environment.set_formatter(escape);
        refusals::add_to(&mut environment);
        environment.add_function("t", move |state: &State<'_, '_>, key: &str, kwargs: Kwargs| {
            texts.template_function(state, key, &kwargs)
        });
        environment.set_loader(|path| {
            Ok(Files::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned()))
        });
        Self { environment }
    }

    /// Renders the template at `path` (relative to the templates folder).
    pub(crate) fn render<S: Serialize, P: Serialize>(
        &self,
        path: &str,
        context: &Context<'_, S, P>,
    ) -> Result<String, Error> {
        self.environment.get_template(path)?.render(Value::from(Serde(context)))
    }
}

/// Writes a value as text of a page. Markup of our own (macros, captured blocks) is marked safe and passes.
fn escape(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_safe() || value.is_undefined() || *state.auto_escape() != AutoEscape::Html {
        return escape_formatter(out, state, value);
    }
    let shown = value.to_string();
    let mut plain_from = 0;
    for (at, sign) in shown.match_indices(['&', '<', '>', '"', '\'']) {
        out.write_str(shown.get(plain_from..at).unwrap_or_default())?;
        out.write_str(entity(sign))?;
        plain_from = at + sign.len();
    }
    Ok(out.write_str(shown.get(plain_from..).unwrap_or_default())?)
}

fn entity(sign: &str) -> &'static str {
    match sign {
        "&" => "&amp;",
        "<" => "&lt;",
        ">" => "&gt;",
        "\"" => "&quot;",
        _ => "&#39;",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Renders `source` with `value` as the product's pages are rendered.
    fn rendered(source: &'static str, value: impl Serialize) -> String {
        let mut templates = Templates::load(Arc::new(Texts::load()));
        templates.environment.add_template("test", source).unwrap();
        let shell =
            minijinja::context! { lang => "ja", assets => minijinja::context! { icons => "icons.svg" } };
        templates.render("test", &Context { shell: &shell, page: &value }).unwrap()
    }

    #[test]
    fn every_template_compiles() {
        let templates = Templates::load(Arc::new(Texts::load()));
        assert!(Files::iter().count() > 100);
        for path in Files::iter() {
            templates.environment.get_template(&path).unwrap_or_else(|error| panic!("{path}: {error:#}"));
        }
    }

    #[test]
    fn what_people_typed_never_becomes_markup() {
        let hostile = r#"</p><script>alert("x" + 'y')</script>&amp;<img src=x onerror=a>"#;
        let safe = "&lt;/p&gt;&lt;script&gt;alert(&quot;x&quot; + &#39;y&#39;)&lt;/script&gt;&amp;amp;\
            &lt;img src=x onerror=a&gt;";
        assert_eq!(rendered("<p>{{ page }}</p>", hostile), format!("<p>{safe}</p>"));
        assert_eq!(rendered("<a title=\"{{ page }}\">", hostile), format!("<a title=\"{safe}\">"));
        assert_eq!(rendered("<a title='{{ page }}'>", hostile), format!("<a title='{safe}'>"));
        assert_eq!(rendered("{{ page|join(',') }}", [hostile]), safe);
        assert_eq!(rendered("{{ page ~ '<' }}", hostile), format!("{safe}&lt;"));
        assert!(!rendered("{{ page }}", [hostile, hostile]).contains(['<', '>', '"', '\'']));
        let in_macro = "{% from 'components/cards.html' import row %}{{ row(page, page) }}";
        let twice = format!("<div class=\"dl__row\"><dt>{safe}</dt><dd>{safe}</dd></div>");
        assert_eq!(
            rendered(in_macro, hostile),
            twice,
            "a macro's own markup stays, what it was given does not"
        );
    }

    #[test]
    fn addresses_stay_readable() {
        assert_eq!(rendered("<a href=\"{{ page }}\">", "/a/b?c=d&e=/"), "<a href=\"/a/b?c=d&amp;e=/\">");
        assert_eq!(rendered("{{ page }}", 1234), "1234");
    }

    #[test]
    fn what_is_undefined_stops_the_page() {
        let templates = Templates::load(Arc::new(Texts::load()));
        let broken =
            templates.environment.render_str("{{ page.missing }}", minijinja::context! { page => 1 });
        assert!(broken.is_err());
    }

    #[test]
    fn a_summary_names_its_fields_in_their_order_and_links_to_those_that_are_there() {
        let page = "{% from 'components/fields.html' import text_field, error_summary, refusals as drawn %}\
            {% set main %}{{ error_summary(page) }}{{ text_field('lines[0].name', '会社名', page[1]) }}\
            {{ text_field('number', '法人番号', page[0]) }}{% endset %}{{ drawn(refusals()) }}";
        let errors = serde_json::json!([
            { "name": "number", "text": "数字で", "error": "数字で" },
            { "name": "lines[0].name", "text": "入力してください", "error": "入力してください" },
            { "name": "", "text": "ほかの人が先に変更しました" },
        ]);
        let shown = rendered(page, errors);
        let list = shown.split("<ul>").nth(1).unwrap().split("</ul>").next().unwrap();
        let entries = [
            "<li>ほかの人が先に変更しました</li>",
            "<li><a href=\"#f-lines-0-name\">会社名：入力してください</a></li>",
            "<li><a href=\"#f-number\">法人番号：数字で</a></li>",
        ];
        assert_eq!(list, entries.concat());
    }
}
