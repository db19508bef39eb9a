package dev.doppel.vcloud;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An element of the older API's requests and responses, which are XML, in the vendor's namespace.
 * Immutable.
 *
 * @param children elements, and texts as strings
 */
record VcloudXml(String name, Map<String, String> attributes, List<Object> children) {

  static final String NAMESPACE = "http://www.vmware.com/vcloud/v1.5";

  private static final String PROLOG =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

  static VcloudXml element(String name) {
    return new VcloudXml(name, Map.of(), List.of());
  }

  static VcloudXml element(String name, String text) {
    return element(name).with(text);
  }

  static VcloudXml element(String name, boolean value) {
    return element(name, Boolean.toString(value));
  }

  static VcloudXml element(String name, int value) {
    return element(name, Integer.toString(value));
  }

  /** Returns the root of a document. */
  static VcloudXml root(String name) {
    return element(name).with("xmlns", NAMESPACE);
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

  /** Returns this element with an element of text, unless the text is empty. */
  VcloudXml withText(String element, Optional<String> text) {
    return text.filter(some -> !some.isEmpty())
        .map(some -> with(element(element, some)))
        .orElse(this);
  }

  /** Returns the value of an attribute that is present and not empty. */
  Optional<String> attribute(String attribute) {
    return Optional.ofNullable(attributes.get(attribute)).filter(value -> !value.isEmpty());
  }

  /** Returns the child elements. */
  Stream<VcloudXml> elements() {
    return children.stream().filter(VcloudXml.class::isInstance).map(VcloudXml.class::cast);
  }

  /** Returns the child elements with this name. */
  Stream<VcloudXml> elements(String element) {
    return elements().filter(child -> child.name.equals(element));
  }

  /** Returns the first child element with this name. */
  Optional<VcloudXml> find(String element) {
    return elements(element).findFirst();
  }

  /** Returns the text of the first child element with this name; empty if there is none. */
  Optional<String> text(String element) {
    return find(element).map(VcloudXml::text);
  }

  /** Returns the text in this element, without that in child elements. */
  String text() {
    return children.stream()
        .filter(child -> !(child instanceof VcloudXml))
        .map(Object::toString)
        .collect(Collectors.joining());
  }

  /**
   * Returns the document with this root, in one line below its prolog. Line feeds in attributes are
   * escaped, unlike by the JDK's writer, since readers would take them for blanks.
   */
  String document() {
    var text = new StringBuilder(PROLOG);
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    text.append('<').append(name);
    attributes.forEach(
        (attribute, value) -> {
          text.append(' ').append(attribute).append("=\"");
          escape(value, text);
          text.append('"');
        });
    if (children.isEmpty()) {
      text.append("/>");
      return;
    }
    text.append('>');
    for (var child : children) {
      if (child instanceof VcloudXml element) {
        element.write(text);
      } else {
        escape(child.toString(), text);
      }
    }
    text.append("</").append(name).append('>');
  }

  /**
   * Appends a text of an element or an attribute, escaped, and without the characters that XML
   * can't represent but names may contain.
   */
  private static void escape(String value, StringBuilder text) {
    value.codePoints().forEach(c -> append(text, c));
  }

  private static void append(StringBuilder escaped, int c) {
    switch (c) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\t', '\n', '\r' -> escaped.append("&#").append(c).append(';');
      default -> escaped.appendCodePoint(isLegal(c) ? c : 0xFFFD);
    }
  }

  /** Returns whether XML can represent a code point; tabs and line ends are escaped here. */
  static boolean isLegal(int c) {
    return (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
  }

  /** Omits everything but the name, since an element may be a password. */
  @Override
  public String toString() {
    return "<" + name + ">";
  }
}
