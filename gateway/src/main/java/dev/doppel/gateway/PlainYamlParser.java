package dev.doppel.gateway;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;

/**
 * Refuses what YAML has beyond plain values: anchors, aliases and tags. A reader who doesn't expand
 * aliases would take their names for values.
 */
final class PlainYamlParser extends JsonParserDelegate {

  /** What is refused, and where. */
  static final class RefusedException extends JsonParseException {

    RefusedException(PlainYamlParser parser, String what, JsonLocation at) {
      super(parser, what, at);
    }
  }

  private final YAMLParser yaml;

  PlainYamlParser(YAMLParser yaml) {
    super(yaml);
    this.yaml = yaml;
  }

  @Override
  public JsonToken nextToken() throws IOException {
    var token = yaml.nextToken();
    if (token != null) {
      refuse(yaml.isCurrentAlias(), "an alias (*) is not allowed; write the value itself");
      refuse(yaml.getObjectId() != null, "an anchor (&) is not allowed");
      refuse(yaml.getTypeId() != null, "a tag (!) is not allowed");
    }
    return token;
  }

  private void refuse(boolean found, String what) throws RefusedException {
    if (found) {
      throw new RefusedException(this, what, yaml.currentTokenLocation());
    }
  }
}
