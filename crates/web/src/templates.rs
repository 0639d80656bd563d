//! The template engine: embedded files, strict about anything undefined, HTML-escaping always on.

use std::sync::Arc;

use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, State, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::Serialize;

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
    /// Compiles every embedded template. A template that does not compile stops the process at start, and the tests
    /// long before.
    #[expect(clippy::panic, reason = "an embedded template that does not compile is a broken build")]
    pub(crate) fn load(texts: Arc<Texts>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_name| AutoEscape::Html);
        environment.add_function("t", move |state: &State<'_, '_>, key: &str, kwargs: Kwargs| {
            texts.template_function(state, key, &kwargs)
        });
        for path in Files::iter() {
            let Some(file) = Files::get(&path) else { continue };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            if let Err(error) = environment.add_template_owned(path.to_string(), source) {
                panic!("template {path}: {error:#}");
            }
        }
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
