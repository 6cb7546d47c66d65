//! Words out of a list.

use super::{Kind, Shape};
use crate::cx::Cx;
use crate::nearest::suggest;
use crate::yaml::Node;
use crate::{Code, Diagnostic};
use serde_json::{Value as Json, json};

/// A possible word, what it means to the program and what it means to the user.
#[derive(Debug)]
pub(crate) struct Choice<T> {
    pub(crate) word: &'static str,
    pub(crate) value: T,
    pub(crate) meaning: &'static str,
}

/// One of these words.
pub(crate) fn one_of<T: Copy + 'static>(choices: &'static [Choice<T>]) -> impl Kind<Value = T> {
    OneOf { choices }
}

impl<T> Choice<T> {
    pub(crate) const fn new(word: &'static str, value: T, meaning: &'static str) -> Self {
        Self { word, value, meaning }
    }
}

struct OneOf<T: 'static> {
    choices: &'static [Choice<T>],
}

impl<T: Copy> Kind for OneOf<T> {
    type Value = T;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<T> {
        let text = cx.text(node, "a word")?.text;
        if let Some(choice) = self.choices.iter().find(|choice| choice.word == text) {
            return Some(choice.value);
        }
        let message = format!("{} can't be {}", cx.name(), cx.quote(node.span));
        let hint = suggest(&text, self.choices.iter().map(|choice| choice.word));
        cx.report(Diagnostic::new(Code::UnknownWord, node.span, message).maybe_hint(hint));
        None
    }

    fn shape(&self) -> Shape {
        let meanings = |choice: &Choice<T>| format!("`{}` ({})", choice.word, choice.meaning);
        let words: Vec<String> = self.choices.iter().map(meanings).collect();
        // `oneOf` with `const` lets editors show each word's meaning while `enum` could not.
        let schema: Vec<Json> = self
            .choices
            .iter()
            .map(|choice| json!({"const": choice.word, "description": choice.meaning}))
            .collect();
        Shape::scalar(words.join(", "), json!({"oneOf": schema}))
    }
}
