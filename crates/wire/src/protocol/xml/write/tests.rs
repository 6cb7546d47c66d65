use super::*;

fn leaf(text: &str) -> String {
    let mut writer = Writer::new(Naming::Query);
    writer.leaf("a", text);
    String::from_utf8(writer.into_bytes()).unwrap()
}

#[test]
fn text_is_escaped() {
    assert_eq!(leaf("a<b>&\"'"), "<a>a&lt;b&gt;&amp;\"'</a>\n");
    assert_eq!(leaf("é\t\n"), "<a>é\t\n</a>\n");
    assert_eq!(leaf("a\r\nb"), "<a>a&#xD;\nb</a>\n");
}

#[test]
fn characters_that_xml_cannot_hold_are_replaced() {
    assert_eq!(leaf("a\0b\u{1b}c\u{ffff}"), "<a>a\u{fffd}b\u{fffd}c\u{fffd}</a>\n");
}

#[test]
fn elements_are_indented_as_the_service_does() {
    let text = |naming| {
        let mut writer = Writer::new(naming);
        writer.root("r", "urn:x", |writer| writer.element("e", |writer| writer.leaf("l", "1")));
        String::from_utf8(writer.into_bytes()).unwrap()
    };
    assert_eq!(text(Naming::Query), "<r xmlns=\"urn:x\">\n  <e>\n    <l>1</l>\n  </e>\n</r>\n");
    assert_eq!(
        text(Naming::Ec2),
        "<r xmlns=\"urn:x\">\n    <e>\n        <l>1</l>\n    </e>\n</r>\n"
    );
}
