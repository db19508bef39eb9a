package dev.doppel.vcloud;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An element of the older API's responses, which are XML. Immutable.
 *
 * @param children elements, and texts as strings
 */
record VcloudXml(String name, Map<String, String> attributes, List<Object> children) {

  static final String NAMESPACE = "http://www.vmware.com/vcloud/v1.5";

  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newInstance();

  private static final String PROLOG =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

  static VcloudXml element(String name) {
    return new VcloudXml(name, Map.of(), List.of());
  }

  static VcloudXml element(String name, String text) {
    return element(name).with(text);
  }

  VcloudXml with(String attribute, String value) {
    var all = new LinkedHashMap<>(attributes);
    all.put(attribute, value);
    return new VcloudXml(name, all, children);
  }

  VcloudXml with(Object child) {
    var all = new ArrayList<>(children);
    all.add(child);
    return new VcloudXml(name, attributes, all);
  }

  VcloudXml withAll(List<VcloudXml> elements) {
    var all = new ArrayList<>(children);
    all.addAll(elements);
    return new VcloudXml(name, attributes, all);
  }

  /** Returns the document with this root, in one line below its prolog. */
  String document() {
    var text = new StringWriter();
    try {
      var writer = FACTORY.createXMLStreamWriter(text);
      write(writer);
      writer.writeEndDocument(); // also closes an empty root
      writer.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("element can't be written as XML: " + name, e);
    }
    return PROLOG + text;
  }

  private void write(XMLStreamWriter writer) throws XMLStreamException {
    if (children.isEmpty()) {
      writer.writeEmptyElement(name);
    } else {
      writer.writeStartElement(name);
    }
    for (var attribute : attributes.entrySet()) {
      writer.writeAttribute(attribute.getKey(), replaceIllegal(attribute.getValue()));
    }
    for (var child : children) {
      if (child instanceof VcloudXml element) {
        element.write(writer);
      } else {
        writer.writeCharacters(replaceIllegal(child.toString()));
      }
    }
    if (!children.isEmpty()) {
      writer.writeEndElement();
    }
  }

  /** Replaces the characters that XML can't represent but names may contain. */
  private static String replaceIllegal(String text) {
    return text.codePoints()
        .map(c -> isLegal(c) ? c : 0xFFFD)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isLegal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
