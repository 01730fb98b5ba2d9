package io.slipway.aws;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The little XML that S3 speaks. */
final class S3Xml {

    private S3Xml() {}

    static String element(String name, Object content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    static String text(String name, String content) {
        return element(name, content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    static List<Element> elements(byte[] document, String name) {
        try {
            DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
            parsers.setNamespaceAware(true);
            NodeList found = parsers.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(document))
                    .getElementsByTagNameNS("*", name);
            List<Element> elements = new ArrayList<>();
            for (int i = 0; i < found.getLength(); i++) {
                elements.add((Element) found.item(i));
            }
            return elements;
        } catch (Exception e) {
            throw new IllegalArgumentException("not XML", e);
        }
    }

    /** The text of the child, or an empty string. */
    static String child(Element parent, String name) {
        NodeList found = parent.getElementsByTagNameNS("*", name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
