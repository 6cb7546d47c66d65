//! JavaScript and TypeScript, as far as readers ask for it.
//!
//! A term is a syntax tree with everything left out that no reader asks for: types, parentheses,
//! `await`, loops. What stands inside such a thing stands in its place. Readers know terms only; no
//! reader knows the parser.

/// A piece of a script.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// Offset of the first byte.
    pub(crate) start: u32,
    /// Offset after the last byte.
    pub(crate) end: u32,
    pub(crate) kind: Kind,
}

/// What a piece of a script is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Text(Box<str>),
    Number(f64),
    Flag(bool),
    /// `null` and `undefined`.
    Nothing,
    /// An identifier, `this` among them.
    Name(Box<str>),
    /// `object.name`, `object?.name`, `object["name"]`.
    Member(Box<Term>, Box<str>),
    /// `object[key]`.
    Index(Box<(Term, Term)>),
    /// A call, or `new`.
    Call(Box<Call>),
    /// `{key: value}`; spread values have the key `...`.
    Object(Vec<(Box<str>, Term)>),
    List(Vec<Term>),
    /// `a ?? b` and `a || b`.
    Either(Box<(Term, Term)>),
    /// `test ? a : b`.
    Choice(Box<(Term, Term, Term)>),
    /// A template, or texts joined by `+`, in order.
    Joined(Vec<Term>),
    /// `a === b` and `a == b`, and each case of a `switch`.
    Same(Box<(Term, Term)>),
    /// `!a`.
    Not(Box<Term>),
    Function(Box<Function>),
    Class(Box<Class>),
    /// A declaration.
    Bind(Box<Bind>),
    /// `target = value`.
    Assign(Box<(Term, Term)>),
    If(Box<If>),
    Return(Vec<Term>),
    Throw(Vec<Term>),
    /// Anything else, with what is inside.
    Other(Vec<Term>),
}

/// `callee(arguments)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) callee: Term,
    pub(crate) arguments: Vec<Term>,
}

/// A function, arrow function or method.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Function {
    pub(crate) name: Option<Box<str>>,
    pub(crate) parameters: Vec<Pattern>,
    /// Statements; the one of an arrow function without braces is a [`Kind::Return`].
    pub(crate) body: Vec<Term>,
}

/// A class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Class {
    pub(crate) name: Option<Box<str>>,
    pub(crate) decorators: Vec<Term>,
    pub(crate) members: Vec<Member>,
}

/// A method or a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: Box<str>,
    pub(crate) decorators: Vec<Term>,
    pub(crate) value: Option<Term>,
}

/// `const pattern = value`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bind {
    pub(crate) pattern: Pattern,
    pub(crate) value: Term,
}

/// What a value is taken apart into.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    Name(Box<str>),
    Fields(Vec<Field>),
    /// Lists and what is nested: only the names are kept.
    Names(Vec<Box<str>>),
}

/// `{key: local = fallback}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) key: Box<str>,
    pub(crate) local: Box<str>,
    pub(crate) fallback: Option<Term>,
}

/// `if (test) then else otherwise`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct If {
    pub(crate) test: Term,
    pub(crate) then: Vec<Term>,
    pub(crate) otherwise: Vec<Term>,
}

// === impl Term ===

impl Term {
    /// The text of a literal.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The name of an identifier.
    pub(crate) fn name(&self) -> Option<&str> {
        if let Kind::Name(name) = &self.kind { Some(name) } else { None }
    }

    /// The call that this is.
    pub(crate) fn call(&self) -> Option<&Call> {
        if let Kind::Call(call) = &self.kind { Some(call) } else { None }
    }

    /// The function that this is.
    pub(crate) fn function(&self) -> Option<&Function> {
        if let Kind::Function(function) = &self.kind { Some(function) } else { None }
    }

    /// The value under a key of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Kind::Object(fields) = &self.kind else { return None };
        fields.iter().find(|(name, _)| **name == *key).map(|(_, value)| value)
    }

    /// The fields of an object; nothing for anything else.
    pub(crate) fn fields(&self) -> &[(Box<str>, Self)] {
        if let Kind::Object(fields) = &self.kind { fields } else { &[] }
    }

    /// The items of a list; nothing for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// Names joined by dots, as written: `process.env.PORT`, `this.app`.
    pub(crate) fn path(&self) -> Option<String> {
        match &self.kind {
            Kind::Name(name) => Some(name.to_string()),
            Kind::Member(object, name) => Some(format!("{}.{name}", object.path()?)),
            _ => None,
        }
    }

    /// Whether this is the path, as written.
    pub(crate) fn is_path(&self, path: &str) -> bool {
        match (&self.kind, path.rsplit_once('.')) {
            (Kind::Name(name), None) => **name == *path,
            (Kind::Member(object, name), Some((before, last))) => {
                **name == *last && object.is_path(before)
            }
            _ => false,
        }
    }

    /// Every term inside this one, itself first, in the order of the text.
    pub(crate) fn all<'t>(&'t self, visit: &mut impl FnMut(&'t Self)) {
        visit(self);
        self.each(&mut |child| child.all(visit));
    }

    /// The terms right below this one.
    pub(crate) fn each<'t>(&'t self, visit: &mut dyn FnMut(&'t Self)) {
        match &self.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Flag(_) | Kind::Nothing | Kind::Name(_) => {}
            Kind::Member(inner, _) | Kind::Not(inner) => visit(inner),
            Kind::Index(pair) | Kind::Either(pair) | Kind::Same(pair) | Kind::Assign(pair) => {
                visit(&pair.0);
                visit(&pair.1);
            }
            Kind::Call(call) => {
                visit(&call.callee);
                call.arguments.iter().for_each(visit);
            }
            Kind::Object(fields) => fields.iter().for_each(|(_, value)| visit(value)),
            Kind::Choice(choice) => {
                visit(&choice.0);
                visit(&choice.1);
                visit(&choice.2);
            }
            Kind::List(items)
            | Kind::Joined(items)
            | Kind::Return(items)
            | Kind::Throw(items)
            | Kind::Other(items) => items.iter().for_each(visit),
            Kind::Function(function) => {
                function.parameters.iter().for_each(|pattern| pattern.each(visit));
                function.body.iter().for_each(visit);
            }
            Kind::Class(class) => class.each(visit),
            Kind::Bind(bind) => {
                bind.pattern.each(visit);
                visit(&bind.value);
            }
            Kind::If(branch) => {
                visit(&branch.test);
                branch.then.iter().chain(&branch.otherwise).for_each(visit);
            }
        }
    }
}

// === impl Call ===

impl Call {
    /// The object and the name of a method that is called.
    pub(crate) fn method(&self) -> Option<(&Term, &str)> {
        if let Kind::Member(object, name) = &self.callee.kind { Some((object, name)) } else { None }
    }

    /// The last name of what is called: `express` in `express()`, `get` in `app.get()`.
    pub(crate) fn verb(&self) -> Option<&str> {
        match &self.callee.kind {
            Kind::Name(name) | Kind::Member(_, name) => Some(name),
            _ => None,
        }
    }

    /// An argument that is an object.
    pub(crate) fn options(&self) -> Option<&Term> {
        self.arguments.iter().find(|argument| matches!(argument.kind, Kind::Object(_)))
    }
}

// === impl Function ===

impl Function {
    /// The values that it returns; those of functions inside it are not its own.
    pub(crate) fn returns(&self) -> Vec<&Term> {
        fn collect<'t>(term: &'t Term, values: &mut Vec<&'t Term>) {
            match &term.kind {
                Kind::Return(terms) => values.extend(terms),
                Kind::Function(_) | Kind::Class(_) => {}
                _ => term.each(&mut |child| collect(child, values)),
            }
        }
        let mut values = Vec::new();
        self.body.iter().for_each(|term| collect(term, &mut values));
        values
    }
}

// === impl Class ===

impl Class {
    fn each<'t>(&'t self, visit: &mut dyn FnMut(&'t Term)) {
        self.decorators.iter().for_each(&mut *visit);
        for member in &self.members {
            member.decorators.iter().chain(&member.value).for_each(&mut *visit);
        }
    }
}

// === impl Pattern ===

impl Pattern {
    /// The names that it binds.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Name(name) => vec![name],
            Self::Fields(fields) => fields.iter().map(|field| &*field.local).collect(),
            Self::Names(names) => names.iter().map(|name| &**name).collect(),
        }
    }

    fn each<'t>(&'t self, visit: &mut dyn FnMut(&'t Term)) {
        if let Self::Fields(fields) = self {
            fields.iter().filter_map(|field| field.fallback.as_ref()).for_each(visit);
        }
    }
}
