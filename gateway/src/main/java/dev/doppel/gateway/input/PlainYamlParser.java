package dev.doppel.gateway.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.events.NodeEvent;

/**
 * A YAML parser that refuses anchors, aliases and tags. A program that doesn't expand aliases would
 * take their names for values.
 */
final class PlainYamlParser extends YAMLParser {

  /** A refused feature of YAML, with its location. */
  static final class RefusedException extends JsonParseException {

    RefusedException(PlainYamlParser parser, String message, JsonLocation location) {
      super(parser, message, location);
    }
  }

  /** Creates these parsers. */
  static final class Factory extends YAMLFactory {
    private static final long serialVersionUID = 1;

    Factory(LoaderOptions options) {
      super(builder().loaderOptions(options));
    }

    @Override
    protected YAMLParser _createParser(Reader reader, IOContext context) {
      return new PlainYamlParser(
          context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, reader);
    }
  }

  private PlainYamlParser(
      IOContext context,
      int features,
      int yamlFeatures,
      LoaderOptions options,
      ObjectCodec codec,
      Reader reader) {
    super(context, features, yamlFeatures, options, codec, reader);
  }

  @Override
  public JsonToken nextToken() throws IOException {
    var token = super.nextToken();
    if (token != null) {
      refuseIf(isCurrentAlias(), "an alias (*) is not allowed; write the value itself");
      // The parser's own getObjectId returns only anchors of lists and objects.
      refuseIf(
          _lastEvent instanceof NodeEvent node && node.getAnchor() != null,
          "an anchor (&) is not allowed");
      refuseIf(getTypeId() != null, "a tag (!) is not allowed");
    }
    return token;
  }

  private void refuseIf(boolean found, String message) throws RefusedException {
    if (found) {
      throw new RefusedException(this, message, currentTokenLocation());
    }
  }
}
