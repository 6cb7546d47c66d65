//! Templates in both languages, their mistakes, and the values of functions.

use crate::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A world with one resource `Topic`, one export and two zones.
struct Small;

impl Known for Small {
    fn reference(&self, resource: &str) -> Option<Value> {
        (resource == "Topic").then(|| json!("arn:topic"))
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, Trouble> {
        match (resource, attribute) {
            ("Topic", "TopicName") => Ok(json!("alarms")),
            ("Topic", _) => Err(Mistake::of("no such attribute").into()),
            _ => Err(Trouble::Later),
        }
    }

    fn import(&self, name: &str) -> Option<String> {
        (name == "net-vpc").then(|| "vpc-1".to_owned())
    }

    fn zones(&self, region: &str) -> Vec<String> {
        vec![format!("{region}a"), format!("{region}b")]
    }

    fn dynamic(&self, service: &str, reference: &str) -> Result<String, Mistake> {
        Ok(format!("<{service} {reference}>"))
    }
}

const BOTH: &str = "
Parameters:
  Env: { Type: String, Default: dev }
  Names: { Type: CommaDelimitedList, Default: 'a, b' }
Mappings:
  Sizes: { dev: { Count: 1 }, prod: { Count: 3 } }
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !Condition IsDev]
Resources:
  Topic: { Type: 'AWS::SNS::Topic' }
  Late: { Type: 'AWS::SNS::Topic', DependsOn: Topic }
  Prod: { Type: 'AWS::SNS::Topic', Condition: IsProd }
";

fn evaluate(yaml: &str) -> Result<Option<Value>, Trouble> {
    let text = format!("{BOTH}Outputs:\n  It:\n    Value: {yaml}\n");
    let template = Template::parse(&text).unwrap();
    let settled = parameter::settle(&template, &BTreeMap::new(), |_| None).unwrap();
    let pseudo = Pseudo {
        account: "000000000000".to_owned(),
        region: "eu-west-1".to_owned(),
        stack_name: "shop".to_owned(),
        stack_id: "arn:stack".to_owned(),
        notifications: Vec::new(),
    };
    let scene =
        Scene { template: &template, parameters: &settled.values, pseudo: &pseudo, known: &Small };
    scene.value(&template.outputs["It"].value)
}

#[test]
fn functions_have_the_values_of_cloudformation() {
    for (written, expected) in [
        ("!Ref Env", json!("dev")),
        ("!Ref Names", json!(["a", "b"])),
        ("!Ref Topic", json!("arn:topic")),
        ("!Ref AWS::Partition", json!("aws")),
        ("!GetAtt Topic.TopicName", json!("alarms")),
        ("!GetAtt [Topic, TopicName]", json!("alarms")),
        (
            "!Sub '${AWS::Region}/${Topic.TopicName}/${!Literal}/${Env}'",
            json!("eu-west-1/alarms/${Literal}/dev"),
        ),
        ("!Sub ['${One}-${Env}', { One: !Select [1, !Ref Names] }]", json!("b-dev")),
        ("!Join ['-', [a, 1, true]]", json!("a-1-true")),
        ("!Split [',', 'a,b']", json!(["a", "b"])),
        ("!Select [1, !GetAZs '']", json!("eu-west-1b")),
        ("!FindInMap [Sizes, !Ref Env, Count]", json!(1)),
        ("!If [IsProd, 3, 1]", json!(1)),
        ("!If [IsDev, [1, !Ref AWS::NoValue], 2]", json!([1])),
        ("!ImportValue net-vpc", json!("vpc-1")),
        ("!Base64 hello", json!("aGVsbG8=")),
        ("!Cidr [10.0.0.0/16, 2, 8]", json!(["10.0.0.0/24", "10.0.1.0/24"])),
        ("{ Fn::Join: ['', [{ Ref: Env }]] }", json!("dev")),
        ("'{{resolve:ssm:/a/b}}!'", json!("<ssm /a/b>!")),
        (
            "{ Condition: { StringEquals: { a: !Ref Env } } }",
            json!({ "Condition": { "StringEquals": { "a": "dev" } } }),
        ),
    ] {
        assert_eq!(evaluate(written), Ok(Some(expected)), "{written}");
    }
    assert_eq!(evaluate("!Ref AWS::NoValue"), Ok(None));
    assert_eq!(evaluate("!GetAtt Late.TopicName"), Err(Trouble::Later));
}

#[test]
fn mistakes_of_functions_are_told_in_cloudformations_words() {
    for (written, expected) in [
        (
            "!Select [7, !Ref Names]",
            "Template error: Fn::Select cannot select nonexistent value at index 7",
        ),
        ("!ImportValue other", "No export named other found."),
        ("!FindInMap [Sizes, dev, X]", "Template error: Unable to get mapping for Sizes::dev::X"),
        ("!ToJsonString { a: 1 }", "Template error: unsupported function Fn::ToJsonString"),
    ] {
        assert_eq!(evaluate(written), Err(Mistake::of(expected).into()), "{written}");
    }
}

#[test]
fn mistakes_of_templates_are_told_in_cloudformations_words() {
    let one = "Resources: { A: { Type: 'T' } }";
    for (text, expected) in [
        ("Resources: {}", "Template format error: At least one Resources member must be defined."),
        ("Resources:\n  A: [", "Template format error: YAML not well-formed. (line 2, column 6)"),
        ("{\"Resources\": ", "Template format error: JSON not well-formed. (line 1, column 14)"),
        ("Stuff: 1\nResources: {}", "Invalid template property or properties [Stuff]"),
        ("Resources: { A: { Typ: T } }", "Invalid template resource property 'Typ'"),
        (
            "Resources: { A: {} }",
            "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
        ),
        (
            "Resources: { a-b: { Type: T } }",
            "Template format error: Resource name a-b is non alphanumeric.",
        ),
        (
            "Resources: { A: { Type: T, Properties: { P: !Ref B } } }",
            "Template format error: Unresolved resource dependencies [B] in the Resources block of the template",
        ),
        (
            "Resources: { A: { Type: T, Properties: { P: !Sub '${B.Arn}' } } }",
            "Template error: instance of Fn::GetAtt references undefined resource B",
        ),
        (
            "Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, DependsOn: A }, C: { Type: T, DependsOn: A } }",
            "Circular dependency between resources: [A, B]",
        ),
        (
            "Resources: { A: { Type: T, Condition: C } }",
            "Template format error: Unresolved condition dependency C in the Resources block of the template",
        ),
        (
            &format!("Parameters: {{ P: {{ Type: Text }} }}\n{one}"),
            "Template format error: Unrecognized parameter type: Text",
        ),
        (
            &format!("Conditions: {{ C: !Equals [!Ref A, 1] }}\n{one}"),
            "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template",
        ),
        (
            "Resources: { A: { Type: T, DeletionPolicy: Keep } }",
            "Template format error: Unrecognized DeletionPolicy Keep for resource A",
        ),
    ] {
        assert_eq!(Template::parse(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn json_and_yaml_of_the_same_template_are_equal() {
    let yaml = Template::parse(
        "Resources: { A: { Type: T, Properties: { P: !GetAtt B.C } }, B: { Type: T } }",
    );
    let json = Template::parse(
        r#"{"Resources":{"A":{"Type":"T","Properties":{"P":{"Fn::GetAtt":["B","C"]}}},"B":{"Type":"T"}}}"#,
    );
    assert_eq!(yaml, json);
    assert_eq!(order::dependencies(&json.unwrap())["A"], ["B".to_owned()].into());
}

#[test]
fn plain_scalars_keep_what_people_mean() {
    let text = "Resources: { A: { Type: T, Properties: { Id: 012345678901, Day: 2012-10-17, N: 10, F: 1.10, Yes: yes, Text: !!str 5 } } }";
    let template = Template::parse(text).unwrap();
    let expected = json!({ "Id": "012345678901", "Day": "2012-10-17", "N": 10, "F": "1.10", "Yes": true, "Text": "5" });
    assert_eq!(template.resources["A"].properties, expected);
}

#[test]
fn parameters_take_only_what_the_template_allows() {
    let text = "
Parameters:
  Size: { Type: String, AllowedValues: [a, b], Default: a }
  Count: { Type: Number, MinValue: 1, MaxValue: 3, Default: 1 }
  Name: { Type: String, AllowedPattern: '[a-z]+', MaxLength: 3, Default: x }
  Word: { Type: String, MinLength: 2, ConstraintDescription: be long, Default: xx }
  Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /v }
Resources: { A: { Type: T } }";
    let template = Template::parse(text).unwrap();
    let settle = |name: &str, value: &str| {
        let given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        parameter::settle(&template, &given, |name| (name == "/v").then(|| "21".to_owned()))
    };
    assert_eq!(settle("Size", "b").unwrap().values["Version"], json!("21"));
    for (name, value, expected) in [
        ("Size", "c", "Parameter 'Size' must be one of AllowedValues"),
        ("Count", "4", "Parameter 'Count' must be a number not greater than 3"),
        ("Count", "x", "Parameter 'Count' must be a number"),
        ("Name", "A", "Parameter 'Name' must match pattern [a-z]+"),
        ("Name", "abcd", "Parameter 'Name' must contain at most 3 characters"),
        ("Word", "w", "Parameter 'Word' failed to satisfy constraint: be long"),
        ("Other", "w", "Parameters: [Other] do not exist in the template"),
        ("Version", "/w", "Unable to fetch parameters [/w] from parameter store for this account."),
    ] {
        assert_eq!(settle(name, value).unwrap_err().to_string(), expected);
    }
    let text = text.replace(", Default: a }", "}");
    let template = Template::parse(&text).unwrap();
    let missing = parameter::settle(&template, &BTreeMap::new(), |_| None).unwrap_err();
    assert_eq!(missing.to_string(), "Parameters: [Size] must have values");
}

#[test]
fn a_rule_that_does_not_hold_refuses_the_parameters() {
    let text = "
Parameters: { V: { Type: String, Default: '5' } }
Rules:
  Check:
    Assertions:
      - Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '5'], !Ref V] }] }
        AssertDescription: too old
Resources: { A: { Type: T } }";
    let template = Template::parse(text).unwrap();
    let assert = |version: &str| {
        let given = BTreeMap::from([("V".to_owned(), version.to_owned())]);
        let settled = parameter::settle(&template, &given, |_| None).unwrap();
        let pseudo = Pseudo {
            account: String::new(),
            region: String::new(),
            stack_name: String::new(),
            stack_id: String::new(),
            notifications: Vec::new(),
        };
        let parameters = &settled.values;
        Scene { template: &template, parameters, pseudo: &pseudo, known: &Small }.assert_rules()
    };
    assert_eq!(assert("6"), Ok(()));
    let expected = "Template parameters failed to satisfy rule: too old";
    assert_eq!(assert("5"), Err(Mistake::of(expected).into()));
}
