use super::*;
use api::{Call, Field, Operation, elbv2, sts};

fn output(operation: &Operation, xml: &str) -> Result<Value> {
    crate::protocol::query::decode::answer(operation, xml.as_bytes())
}

fn caller(inside: &str) -> Result<sts::GetCallerIdentityResponse> {
    let xml = format!(
        "<?xml version=\"1.0\"?><GetCallerIdentityResponse xmlns=\"urn:x\"><GetCallerIdentityResult>\
         {inside}</GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    let value = output(sts::GetCallerIdentity::OPERATION, &xml)?;
    Ok(sts::GetCallerIdentityResponse::from_value(value).unwrap())
}

#[test]
fn text_is_read_with_its_entities() {
    let arn = |inside: &str| caller(inside).unwrap().arn;
    assert_eq!(arn("<Arn>a&lt;b&amp;c&#233;&#x26;</Arn>").as_deref(), Some("a<b&cé&"));
    assert_eq!(arn("<Arn>a<![CDATA[<b>&]]></Arn>").as_deref(), Some("a<b>&"));
    assert_eq!(arn("<Arn> a\r\n b&#xD;</Arn>").as_deref(), Some(" a\n b\r"));
    assert_eq!(arn("<Arn/>").as_deref(), Some(""));
    assert_eq!(arn("<ns:Arn xmlns:ns='urn:y'>a</ns:Arn>").as_deref(), Some("a"));
    assert_eq!(arn("<!-- no --><Unknown><Arn>b</Arn></Unknown><Account>1</Account>"), None);
}

#[test]
fn an_answer_that_makes_no_sense_is_told_from_one_that_does() {
    assert!(caller("<Arn>a</Arn>").is_ok());
    for inside in ["<Arn>a", "<Arn><b/></Arn>", "<Arn>&unknown;</Arn>", "</Arn>"] {
        assert!(caller(inside).is_err(), "{inside}");
    }
    for xml in ["", "no xml", "<a>", "<a/>", "<a><GetCallerIdentityResult>"] {
        assert!(output(sts::GetCallerIdentity::OPERATION, xml).is_err(), "{xml}");
    }
}

#[test]
fn lists_may_call_their_elements_as_they_like() {
    let xml = "<R><DescribeTagsResult><TagDescriptions><member><ResourceArn>a</ResourceArn>\
        <Tags><item><Key>k</Key></item></Tags></member><x/></TagDescriptions></DescribeTagsResult></R>";
    let value = output(elbv2::DescribeTags::OPERATION, xml).unwrap();
    let descriptions =
        elbv2::DescribeTagsOutput::from_value(value).unwrap().tag_descriptions.unwrap();
    assert_eq!(descriptions.len(), 2);
    assert_eq!(descriptions[0].tags.as_ref().unwrap()[0].key, "k");
}

#[test]
fn texts_are_found_wherever_they_stand() {
    let xml = b"<E><Error><Type>Sender</Type><Code>X</Code></Error><Code>Y</Code></E>";
    assert_eq!(texts(xml, ["Code", "Message"]), Ok([Some("X".to_owned()), None]));
}
