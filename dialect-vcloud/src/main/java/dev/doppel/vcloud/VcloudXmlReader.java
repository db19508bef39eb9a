package dev.doppel.vcloud;

import dev.doppel.users.Failure;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a document of the older API. Document type declarations are refused, so that a document can
 * define no entities and refer to nothing outside itself.
 */
final class VcloudXmlReader {

  private static final int MAX_DEPTH = 32;

  /** The one of the JDK, whatever else an application has on its class path. */
  private static final XMLInputFactory FACTORY = newFactory();

  private static final Pattern ENCODING =
      Pattern.compile("<\\?xml[^>]*?\\sencoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");

  /** The time that the parser needs grows with the square of their number. */
  private static final int MAX_NAMESPACES = 1_000;

  private static final Pattern NAMESPACE = Pattern.compile("xmlns");

  private final XMLStreamReader reader;

  private VcloudXmlReader(XMLStreamReader reader) {
    this.reader = reader;
  }

  private static XMLInputFactory newFactory() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("a reference outside the document");
        });
    return factory;
  }

  /**
   * Returns the root of a document. Comments, processing instructions and attributes with a prefix
   * are passed over.
   *
   * @throws Failure MALFORMED_BODY with a message that quotes no value, if the bytes are no XML,
   *     have a document type declaration, are nested too deeply, declare too many namespaces, or if
   *     an element is not in the vendor's namespace
   */
  static VcloudXml read(byte[] document) {
    try {
      var reader = FACTORY.createXMLStreamReader(new StringReader(decode(document)));
      try {
        return new VcloudXmlReader(reader).document();
      } finally {
        reader.close();
      }
    } catch (CharacterCodingException | XMLStreamException | RuntimeException notXml) {
      if (notXml instanceof Failure refused) {
        throw refused;
      }
      throw newException("The request body is not valid XML.");
    }
  }

  /**
   * Returns the text of a document in the encoding that it declares. The parser isn't given the
   * bytes, since it prints those that are malformed to standard error.
   */
  private static String decode(byte[] document) throws CharacterCodingException {
    var start =
        new String(document, 0, Math.min(document.length, 200), StandardCharsets.ISO_8859_1);
    var charset = StandardCharsets.UTF_8;
    var declaration = ENCODING.matcher(start);
    if (start.startsWith("\u00fe\u00ff") || start.startsWith("\u00ff\u00fe")) {
      charset = StandardCharsets.UTF_16;
    } else if (declaration.lookingAt()) {
      charset = Charset.forName(declaration.group(1));
    }
    var text = charset.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    if (NAMESPACE.matcher(text).results().skip(MAX_NAMESPACES).findFirst().isPresent()) {
      throw newException("The request body declares too many namespaces.");
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static Failure newException(String message) {
    return Failure.of(Failure.Reason.MALFORMED_BODY, message);
  }

  private VcloudXml document() throws XMLStreamException {
    while (reader.next() != XMLStreamConstants.START_ELEMENT) {
      if (reader.getEventType() == XMLStreamConstants.DTD) {
        throw newException("A document type declaration is not allowed.");
      }
    }
    var root = element(1);
    while (reader.hasNext()) {
      reader.next(); // fails if something follows the root
    }
    return root;
  }

  private VcloudXml element(int depth) throws XMLStreamException {
    if (depth > MAX_DEPTH) {
      throw newException("The elements of the request body are nested too deeply.");
    }
    var name = requireName();
    var attributes = attributes();
    var children = new ArrayList<Object>();
    while (reader.next() != XMLStreamConstants.END_ELEMENT) {
      switch (reader.getEventType()) {
        case XMLStreamConstants.START_ELEMENT -> children.add(element(depth + 1));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            children.add(reader.getText());
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw newException("The request body refers to an entity that is not defined.");
        default -> {}
      }
    }
    return new VcloudXml(name, attributes, withoutIndentation(children));
  }

  private String requireName() {
    var name = reader.getLocalName();
    if (!VcloudXml.NAMESPACE.equals(reader.getNamespaceURI())) {
      throw newException("cvc-elt.1: Cannot find the declaration of element '%s'.".formatted(name));
    }
    return name;
  }

  private Map<String, String> attributes() {
    var attributes = new LinkedHashMap<String, String>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      if (reader.getAttributePrefix(i) == null || reader.getAttributePrefix(i).isEmpty()) {
        attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
      }
    }
    return attributes;
  }

  /** Removes texts of white space between elements. */
  private static List<Object> withoutIndentation(List<Object> children) {
    return children.stream().anyMatch(VcloudXml.class::isInstance)
        ? children.stream()
            .filter(child -> child instanceof VcloudXml || !child.toString().isBlank())
            .toList()
        : List.copyOf(children);
  }
}
